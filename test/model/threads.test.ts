import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { afterEach, expect, it, vi } from 'vitest';
import { EXACT_SUMS } from '../../src/vlp/gemm.ts';
import { exactNonlinear } from '../../src/model/layer/nonlinear.ts';
import { openModel } from '../../src/model/load.ts';
import { FEW_THREADS, sharedKernels, SMALL } from '../../src/model/weight/kernel-memory.ts';

afterEach(() => void vi.unstubAllEnvs());

async function hidden(
  weights: { type: 'stored' } | { type: 'int4'; group: number },
  threads?: number,
): Promise<Float32Array> {
  const model = (await openModel('mugi-tiny', threads)).load();
  const ids = Int32Array.from({ length: 200 }, (_, i) => (i * 37) % 1000);
  const sequences = [{ rows: 200 }];
  const rest = { kv: 'fp32', products: EXACT_SUMS, nonlinear: exactNonlinear } as const;
  return model.forward({ kind: 'tokens', ids, sequences }, { activations: 'bf16', weights, ...rest });
}

it('a model gives the same bits on one thread and on three', async () => {
  const weights = [{ type: 'stored' }, { type: 'int4', group: 64 }] as const;
  // All of one thread first: instances with threads stay, and are filled before others.
  const alone = [await hidden(weights[0]), await hidden(weights[1])];
  expect(sharedKernels().threads).toBe(1);
  vi.stubEnv('MUGI_THREADS', '3');
  const shared = [await hidden(weights[0]), await hidden(weights[1])];
  expect(sharedKernels().threads).toBe(3);
  expect(shared).toEqual(alone);
});

it('a number that is asked for goes before the environment’s', async () => {
  vi.stubEnv('MUGI_THREADS', '3');
  const alone = await hidden({ type: 'stored' }, 1);
  const shared = await hidden({ type: 'stored' }, 2);
  expect(sharedKernels().threads).toBe(2);
  expect(shared).toEqual(alone);
  await expect(openModel('mugi-tiny', 65)).rejects.toThrow(/threads/);
});

it('takes the cores where a command asks for them, but no more than a small model has work for', async () => {
  const cores = Math.min(availableParallelism(), FEW_THREADS);
  vi.stubEnv('MUGI_THREADS', '');
  await openModel('mugi-tiny', 'cores');
  expect(sharedKernels().threads).toBe(cores);
  vi.stubEnv('MUGI_THREADS', String(cores + 3));
  await openModel('mugi-tiny', 'cores');
  expect(sharedKernels().threads).toBe(cores + 3);
  const page = readFileSync(new URL('../../docs/accuracy.md', import.meta.url), 'utf8');
  expect([FEW_THREADS, SMALL]).toEqual([4, 64 * 2 ** 20]);
  expect(page).toContain('(four at most for models under 64 MiB)');
});

it('refuses a number of threads that is none', async () => {
  vi.stubEnv('MUGI_THREADS', 'many');
  await expect(openModel('mugi-tiny')).rejects.toThrow(/MUGI_THREADS/);
});
