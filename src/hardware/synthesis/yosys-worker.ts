import { parentPort, workerData } from 'node:worker_threads';

/** Runs yosys on a file tree, away from the main thread; see yosys.ts for what it is given and returns. */
interface Job {
  readonly args: string[];
  readonly files: Record<string, string>;
  readonly wanted: string[];
  /** Whether the log is sent line by line; it is long. */
  readonly follow: boolean;
}

const { args, files, wanted, follow } = workerData as Job;
const port = parentPort!;

// Only a failing import means that the package is missing.
const yosys = await import('@yowasp/yosys').catch((error: unknown) => {
  port.postMessage({ kind: 'missing', message: reason(error) });
});
if (yosys !== undefined) {
  let log = '';
  const decoder = new TextDecoder();
  const output = (bytes: Uint8Array | null): void => {
    if (bytes === null) return;
    const text = decoder.decode(bytes, { stream: true });
    log += text;
    if (follow) port.postMessage({ kind: 'log', text });
  };
  try {
    const tree = await yosys.runYosys(args, files, { stdout: output, stderr: output, decodeASCII: true });
    const results = Object.fromEntries(wanted.map((name) => [name, text(tree?.[name])]));
    port.postMessage({ kind: 'done', results, version: yosys.version });
  } catch (error) {
    port.postMessage(
      error instanceof yosys.Exit
        ? { kind: 'failed', log }
        : { kind: 'crashed', log, message: reason(error) },
    );
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function text(file: unknown): string {
  if (typeof file === 'string') return file;
  return file instanceof Uint8Array ? new TextDecoder().decode(file) : '';
}
