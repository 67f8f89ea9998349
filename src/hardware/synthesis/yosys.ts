import { Worker } from 'node:worker_threads';
import { MugiError } from '../../errors.ts';

export interface YosysJob {
  /** The script's commands. */
  readonly script: readonly string[];
  /** Input files by name. */
  readonly files: Readonly<Record<string, string>>;
  /** Names of files that the script writes. */
  readonly wanted: readonly string[];
  /** Called with each command that yosys begins. */
  readonly onCommand?: (command: string) => void;
  readonly signal?: AbortSignal;
}

export interface YosysResult {
  readonly files: Readonly<Record<string, string>>;
  readonly version: string;
}

type Message =
  | { kind: 'log'; text: string }
  | { kind: 'done'; results: Record<string, string>; version: string }
  | { kind: 'failed'; log: string }
  | { kind: 'crashed'; log: string; message: string }
  | { kind: 'missing'; message: string };

/** Runs the WebAssembly yosys of the npm package in a worker thread, so that the caller stays responsive. */
export function runYosys({ script, files, wanted, onCommand, signal }: YosysJob): Promise<YosysResult> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./yosys-worker.${extension}`, import.meta.url), {
    workerData: {
      args: ['-s', 'script.ys'],
      files: { ...files, 'script.ys': `${script.join('\n')}\n` },
      wanted,
      follow: onCommand !== undefined,
    },
  });
  return new Promise<YosysResult>((resolve, reject) => {
    const abort = () =>
      reject(new MugiError({ code: 'invalid-value', message: 'synthesis was interrupted' }));
    signal?.addEventListener('abort', abort, { once: true });
    worker.on('error', (error) => reject(crashed(error.message, '')));
    worker.on('message', (message: Message) => {
      if (message.kind === 'log') {
        for (const line of message.text.split('\n')) {
          const command = /^\d+(?:\.\d+)*\. Executing (.*?)(?: pass)?[ .(]/.exec(line)?.[1];
          if (command !== undefined) onCommand?.(command);
        }
      } else if (message.kind === 'done') {
        resolve({ files: message.results, version: message.version });
      } else if (message.kind === 'failed') {
        const lines = message.log.trim().split('\n');
        const error = lines.findLast((line) => line.startsWith('ERROR')) ?? lastLine(message.log);
        reject(new MugiError({ code: 'invalid-file', message: `yosys refuses the design: ${error}` }));
      } else if (message.kind === 'crashed') {
        reject(crashed(message.message, message.log));
      } else {
        reject(
          new MugiError({
            code: 'missing-tool',
            message: `synthesis needs the npm package @yowasp/yosys: ${message.message}`,
            expected: 'npm install @yowasp/yosys',
          }),
        );
      }
    });
  }).finally(() => void worker.terminate());
}

/** The version of the yosys package, or undefined where it is not installed. */
export async function yosysVersion(): Promise<string | undefined> {
  try {
    return (await import('@yowasp/yosys')).version;
  } catch {
    return undefined;
  }
}

const lastLine = (log: string): string => log.trim().split('\n').at(-1) || 'no output';

/** yosys itself failed: out of memory or stack, or a fault of its own; its last line says how far it came. */
function crashed(message: string, log: string): MugiError {
  return new MugiError({
    code: 'unsupported',
    message: `yosys crashed: ${message} (its last output: ${lastLine(log)})`,
  });
}
