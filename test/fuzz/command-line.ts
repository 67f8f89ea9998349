import { run } from '../../src/cli/main.ts';
import { unfit, WrongResult } from './outcome.ts';

/**
 * Runs a command in this thread with its output caught. A status of 70, or control characters in what it prints, is a
 * fault; whether it is refused or answered is not.
 */
export async function commandLine(args: readonly string[]): Promise<void> {
  const out = { write: process.stdout.write, error: process.stderr.write };
  let [stdout, stderr] = ['', ''];
  process.stdout.write = (text: string | Uint8Array) => ((stdout += String(text)), true);
  process.stderr.write = (text: string | Uint8Array) => ((stderr += String(text)), true);
  const before = process.exitCode;
  try {
    process.exitCode = 0;
    await run(args);
    if (process.exitCode === 70) throw new WrongResult(`status 70: ${stderr.slice(0, 600)}`);
  } finally {
    process.exitCode = before;
    process.stdout.write = out.write;
    process.stderr.write = out.error;
    process.stdout.removeAllListeners('error');
  }
  const wrong = unfit(stdout) ?? unfit(stderr);
  if (wrong !== undefined) throw new WrongResult(`${args.slice(0, 2).join(' ')} prints ${wrong}`);
  if (stderr.length > 6000) throw new WrongResult(`stderr has ${stderr.length} characters`);
}
