import { afterAll } from 'vitest';
import type { Kernels } from '../../src/kernel/kernels.ts';
import { type KernelOptions, loadKernels } from '../../src/kernel/node.ts';

/** Kernels for the tests of a file, disposed of behind the last. */
export async function builds(...each: KernelOptions[]): Promise<Kernels[]> {
  const all = await Promise.all(each.map(loadKernels));
  afterAll(() => {
    for (const kernels of all) kernels.dispose();
  });
  return all;
}
