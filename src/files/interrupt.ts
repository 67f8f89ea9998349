import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
type Signal = (typeof SIGNALS)[number];
type Response = (signal: Signal) => void;

/** What answers a signal: the last one; without any, a signal ends the process at once and silently. */
const responses: Response[] = [];
let wanted = false;

/** Called by the command line: a library must leave signals to its user. */
export function announceInterrupts(): void {
  wanted = true;
}

const hear = (signal: Signal): void => responses.at(-1)?.(signal);

/** Answers Ctrl-C and SIGTERM until the returned function is called, first of all or unless another does. */
function respond(response: Response, rank: 'first' | 'unless another does' = 'first'): () => void {
  if (!wanted) return () => {};
  if (responses.length === 0) for (const signal of SIGNALS) process.on(signal, hear);
  if (rank === 'first') responses.push(response);
  else responses.unshift(response);
  return () => {
    responses.splice(responses.indexOf(response), 1);
    if (responses.length === 0) for (const signal of SIGNALS) process.off(signal, hear);
  };
}

/** Ends the process with what the shell reports of one that the signal ended: 128 and the signal's number. */
function end(signal: Signal, message: string): never {
  // There may be a progress bar on the line.
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  process.stderr.write(`mugi: interrupted; ${message}\n`);
  process.exit(128 + constants.signals[signal]);
}

/**
 * Runs `remove` should a signal end the process, whoever answers it, until the returned function is called. It must not
 * wait.
 */
export function removedOnInterrupt(remove: () => void): () => void {
  if (!wanted) return () => {};
  process.on('exit', remove);
  const done = respond((signal) => end(signal, 'nothing was written'), 'unless another does');
  return () => {
    process.off('exit', remove);
    done();
  };
}

let release: (() => void) | undefined;

/** From now on Ctrl-C and SIGTERM end the process with a message that says that finished work is kept. */
export function announceOnInterrupt(): void {
  release ??= respond((signal) =>
    end(signal, 'what is finished is kept, the same command goes on behind it'),
  );
}

/** Signals end the process at once and silently again. */
export function silentOnInterrupt(): void {
  release?.();
  release = undefined;
}

/**
 * Runs work that Ctrl-C and SIGTERM stop through the `AbortSignal`: it removes what it has begun, then the process
 * ends.
 * @param message what the user is told then
 */
export async function interruptible(
  work: (signal: AbortSignal) => Promise<void>,
  message = 'nothing was written',
): Promise<void> {
  const controller = new AbortController();
  let received: Signal | undefined;
  // A second signal must not cut the removal short, so this stays until the work has ended.
  const done = respond((signal) => {
    received ??= signal;
    controller.abort();
  });
  try {
    await work(controller.signal);
  } catch (error) {
    if (received === undefined) throw error;
    end(received, message);
  } finally {
    done();
  }
}
