/** What the shell reports of a process that a signal ended: 128 and the signal's number. */
const EXIT_STATUS = { SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof EXIT_STATUS;
const SIGNALS = Object.keys(EXIT_STATUS) as Signal[];

let wanted = false;
let listening = false;

/** Called by the command line: a library must leave signals to its user. */
export function announceInterrupts(): void {
  wanted = true;
}

function stop(signal: Signal): void {
  // There may be a progress bar on the line.
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  process.stderr.write('mugi: interrupted; what is finished is kept, the same command goes on behind it\n');
  process.exit(EXIT_STATUS[signal]);
}

/** From now on Ctrl-C and SIGTERM end the process with a message that says that finished work is kept. */
export function announceOnInterrupt(): void {
  if (!wanted || listening) return;
  listening = true;
  for (const signal of SIGNALS) process.on(signal, stop);
}

/** Signals end the process at once and silently again. */
export function silentOnInterrupt(): void {
  if (!listening) return;
  listening = false;
  for (const signal of SIGNALS) process.off(signal, stop);
}
