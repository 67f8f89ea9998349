import { run } from '../../src/cli/main.ts';
import { unfit, WrongResult } from './outcome.ts';

/** What a command that ran in this thread has printed, and the status that it ends with. */
export interface Ran {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs a command in this thread with its output caught. */
export async function ran(args: readonly string[]): Promise<Ran> {
  const out = { write: process.stdout.write, error: process.stderr.write };
  let [stdout, stderr] = ['', ''];
  process.stdout.write = (text: string | Uint8Array) => ((stdout += String(text)), true);
  process.stderr.write = (text: string | Uint8Array) => ((stderr += String(text)), true);
  const before = process.exitCode;
  try {
    process.exitCode = 0;
    await run(args);
    return { status: Number(process.exitCode), stdout, stderr };
  } finally {
    process.exitCode = before;
    process.stdout.write = out.write;
    process.stderr.write = out.error;
    process.stdout.removeAllListeners('error');
  }
}

/**
 * The same. A status of 70, or control characters in what it prints, is a fault; whether it is refused or answered is not.
 */
export async function commandLine(args: readonly string[]): Promise<void> {
  const { status, stdout, stderr } = await ran(args);
  if (status === 70) throw new WrongResult(`status 70: ${stderr.slice(0, 600)}`);
  const wrong = unfit(stdout) ?? unfit(stderr);
  if (wrong !== undefined) throw new WrongResult(`${args.slice(0, 2).join(' ')} prints ${wrong}`);
  if (stderr.length > 6000) throw new WrongResult(`stderr has ${stderr.length} characters`);
}
