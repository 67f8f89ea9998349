import { once } from 'node:events';
import { addAbortSignal, type Readable, type Writable } from 'node:stream';
import { type Line, LineReader } from './lines.ts';

/** Replies wait at most about so long, in milliseconds, or until they are so many characters. */
const MOST_WAITING = { ms: 20, characters: 2 ** 16 };
/** After an interrupt, what is written already has so many milliseconds to reach a slow reader. */
const LAST_WRITE_MS = 1000;

/**
 * Replies to every line of `input` on `output`, in order, a line each. Reads no further than `output` is read: what is
 * held is a chunk of input, its lines, and the replies of a few milliseconds.
 * @param reply to a line, which is counted from 1
 * @throws when `signal` is aborted; what was written until then are whole lines
 */
export async function serve(
  input: Readable,
  output: Writable,
  reply: (line: Line, number: number) => string,
  signal: AbortSignal,
): Promise<void> {
  const reader = new LineReader();
  let number = 0;
  const replies = async (lines: Iterable<Line>): Promise<void> => {
    let text = '';
    let since = performance.now();
    for (const line of lines) {
      text += `${reply(line, ++number)}\n`;
      if (text.length < MOST_WAITING.characters && performance.now() - since < MOST_WAITING.ms) continue;
      await write(output, text, signal);
      text = '';
      // Signals are heard between turns of the event loop.
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      since = performance.now();
    }
    if (text !== '') await write(output, text, signal);
  };
  for await (const chunk of addAbortSignal(signal, input)) await replies(reader.push(chunk as Uint8Array));
  await replies(reader.end());
}

async function write(output: Writable, text: string, signal: AbortSignal): Promise<void> {
  if (output.write(text)) return;
  try {
    await once(output, 'drain', { signal });
  } catch (error) {
    // A line that is half written would be taken for a whole one.
    if (output.writableNeedDrain) {
      await Promise.race([
        once(output, 'drain'),
        new Promise((resolve) => setTimeout(resolve, LAST_WRITE_MS)),
      ]);
    }
    throw error;
  }
}
