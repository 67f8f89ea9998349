import type { Kernels } from '../../src/kernel/kernels.ts';
import { KernelMemory } from '../../src/kernel/memory.ts';
import { createControl } from '../../src/kernel/pool.ts';
import { createWasmKernels } from '../../src/kernel/wasm.ts';
import { ASSETS, held } from './held.ts';

/** Stands for `src/kernel/node.ts`: the kernels of this worker, of the fastest build that the browser accepts. */
export function kernelsOfThisThread(): Kernels {
  const [relaxed, plain] = ['relaxed', 'plain'].map((build) => held(`${ASSETS}kernel/${build}.wasm`)!);
  const backend = WebAssembly.validate(relaxed) ? 'relaxed' : 'plain';
  return createWasmKernels({
    backend,
    module: new WebAssembly.Module(backend === 'relaxed' ? relaxed : plain),
    memory: new KernelMemory(),
    control: createControl(),
    workers: 0,
  });
}

export const loadKernels = (): Promise<Kernels> => Promise.resolve(kernelsOfThisThread());
