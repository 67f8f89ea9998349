import { existsSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { fromThread, MugiError, unknownName, wholeNumber } from '../errors.ts';
import { type Backend, BACKENDS, type Kernels } from './kernels.ts';
import { KernelMemory } from './memory.ts';
import { createControl, type Membership, notOfSources } from './pool.ts';
import { createScalarKernels } from './scalar.ts';
import { createWasmKernels, type WasmParts } from './wasm.ts';

export interface KernelOptions {
  /** Default: the environment variable MUGI_KERNELS, else the fastest build that this engine accepts. */
  backend?: Backend;
  /** Threads, the calling one included; default 1. */
  threads?: number;
}

/** Beside the sources in a clone, beside the compiled files or in src/ in a package. */
const DIRECTORIES = ['./build/', '../../../src/kernel/build/'];

/**
 * The bytes of a compiled build.
 * @throws MugiError when the kernels have not been built
 */
export function readKernel(build: 'plain' | 'relaxed'): Uint8Array<ArrayBuffer> {
  for (const directory of DIRECTORIES) {
    const url = new URL(`${directory}${build}.wasm`, import.meta.url);
    if (existsSync(url)) return Uint8Array.from(readFileSync(url));
  }
  throw new MugiError({
    code: 'missing-file',
    message: 'the compiled kernels are missing; "npm run build:kernels" makes them',
    path: `src/kernel/build/${build}.wasm`,
  });
}

function chosenBackend(option: Backend | undefined): Backend | undefined {
  const name = option ?? process.env.MUGI_KERNELS;
  if (name === undefined || name === '') return undefined;
  const found = BACKENDS.find((backend) => backend === name);
  if (found === undefined) throw unknownName('kernel build', name, BACKENDS, 'MUGI_KERNELS');
  return found;
}

/** Kernels of the calling thread alone, at once. */
export function kernelsOfThisThread(backend?: Backend): Kernels {
  const wanted = chosenBackend(backend);
  return wanted === 'scalar' ? createScalarKernels() : createWasmKernels({ ...start(wanted), workers: 0 });
}

/** Loads the kernels in Node. The caller disposes of them when threads were asked for. */
export async function loadKernels(options: KernelOptions = {}): Promise<Kernels> {
  const threads = wholeNumber('threads', options.threads ?? 1, 1, 64);
  const wanted = chosenBackend(options.backend);
  if (wanted === 'scalar') return createScalarKernels();
  const { backend, module, memory, control } = start(wanted);
  const workers = threads - 1;
  const kernels = createWasmKernels({ backend, module, memory, control, workers });
  const starting = Array.from({ length: workers }, (_, i) =>
    startWorker({ module, memory: memory.memory, control, index: i + 1 }),
  );
  try {
    await Promise.all(starting);
    return kernels;
  } catch (error) {
    kernels.dispose();
    throw error;
  }
}

/** A compiled build with memory of its own. */
function start(wanted: 'plain' | 'relaxed' | undefined): Omit<WasmParts, 'workers'> {
  // An engine that does not know the relaxed instructions refuses the whole module.
  const builds = wanted === undefined ? (['relaxed', 'plain'] as const) : [wanted];
  for (const backend of builds) {
    const bytes = readKernel(backend);
    if (!WebAssembly.validate(bytes)) continue;
    const module = new WebAssembly.Module(bytes);
    return { backend, module, memory: new KernelMemory(), control: createControl() };
  }
  throw notOfSources('are nothing that this engine runs', `/${builds.at(-1)}.wasm`);
}

function startWorker(member: Membership): Promise<void> {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const worker = new Worker(new URL(`./node-worker${extension}`, import.meta.url), { workerData: member });
  return new Promise((resolve, reject) => {
    worker.once('error', (error) => reject(fromThread(error)));
    worker.once('message', () => {
      // An idle worker must not keep the process alive.
      worker.unref();
      resolve();
    });
  });
}
