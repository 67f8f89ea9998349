import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs work that Ctrl-C and SIGTERM stop through the `AbortSignal`: it removes what it has begun, then the process
 * ends with the status that the shell reports of a process that the signal ended.
 */
export async function interruptible(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  let received: (typeof SIGNALS)[number] | undefined;
  // A second signal must not cut the removal short, so these stay until the work has ended.
  const stop = (signal: (typeof SIGNALS)[number]) => {
    received ??= signal;
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    await work(controller.signal);
  } catch (error) {
    if (received === undefined) throw error;
    process.stderr.write('mugi: interrupted; nothing was written\n');
    process.exit(128 + constants.signals[received]);
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}
