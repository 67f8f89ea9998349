import { MugiError } from '../../errors.ts';

/** Bytes of a line: the `config.json` of the largest model has 100 KB. */
export const LONGEST_LINE = 2 ** 20;

const NEWLINE = 0x0a;

/** A line without its end, or what is wrong with it. */
export type Line = string | MugiError;

/** Cuts a stream of bytes into lines of UTF-8. What it holds is bounded: of a line that is too long nothing is kept. */
export class LineReader {
  #parts: Uint8Array[] = [];
  #length = 0;

  /** The lines that end in this chunk. */
  *push(chunk: Uint8Array): Generator<Line> {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      this.#take(chunk.subarray(from, end));
      yield this.#line();
      from = end + 1;
    }
    // Copied: the stream may use its memory again.
    this.#take(chunk.slice(from));
  }

  /** The last line, where the stream ends without an end of line. */
  *end(): Generator<Line> {
    if (this.#length > 0) yield this.#line();
  }

  #take(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length > LONGEST_LINE) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  #line(): Line {
    const [parts, length] = [this.#parts, this.#length];
    this.#parts = [];
    this.#length = 0;
    if (length > LONGEST_LINE) {
      return new MugiError({
        code: 'invalid-value',
        message: 'the line is too long',
        expected: `a question of at most ${LONGEST_LINE} bytes`,
        received: `${length} bytes`,
      });
    }
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(
        parts.length === 1 ? parts[0] : joined(parts, length),
      );
    } catch {
      return new MugiError({
        code: 'invalid-value',
        message: 'the line is not UTF-8 text: a byte in it is not part of any character',
        expected: 'a question in UTF-8',
      });
    }
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
