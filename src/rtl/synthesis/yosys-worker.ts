import { parentPort, workerData } from 'node:worker_threads';

/** Runs yosys on a file tree, away from the main thread; see yosys.ts for what it is given and returns. */
interface Job {
  readonly args: string[];
  readonly files: Record<string, string>;
  readonly wanted: string[];
}

const { args, files, wanted } = workerData as Job;
const port = parentPort!;

try {
  const yosys = await import('@yowasp/yosys');
  let log = '';
  const decoder = new TextDecoder();
  const output = (bytes: Uint8Array | null): void => {
    if (bytes === null) return;
    const text = decoder.decode(bytes, { stream: true });
    log += text;
    port.postMessage({ kind: 'log', text });
  };
  try {
    const tree = await yosys.runYosys(args, files, { stdout: output, stderr: output, decodeASCII: true });
    const results = Object.fromEntries(wanted.map((name) => [name, text(tree?.[name])]));
    port.postMessage({ kind: 'done', results, version: yosys.version });
  } catch (error) {
    if (!(error instanceof yosys.Exit)) throw error;
    port.postMessage({ kind: 'failed', log });
  }
} catch (error) {
  port.postMessage({ kind: 'missing', message: error instanceof Error ? error.message : String(error) });
}

function text(file: unknown): string {
  if (typeof file === 'string') return file;
  return file instanceof Uint8Array ? new TextDecoder().decode(file) : '';
}
