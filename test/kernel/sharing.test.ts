import { expect, it, vi } from 'vitest';
import { loadKernels } from '../../src/kernel/node.ts';
import { runJob } from '../../src/kernel/pool.ts';

vi.mock(import('../../src/kernel/pool.ts'), async (original) => {
  const pool = await original();
  return { ...pool, runJob: vi.fn<typeof pool.runJob>(pool.runJob) };
});

it('threads share exact functions of as many elements as a tile of attention has, whatever its columns', async () => {
  const kernels = await loadKernels({ threads: 2 });
  const sharing = () => vi.mocked(runJob).mock.lastCall![2];
  for (const columns of [64, 192, 320, 1000]) {
    const x = new Float32Array(256 * columns);
    kernels.vector.softmax(x, 256, columns, new Int32Array(256).fill(columns));
    expect(sharing()).toBe(1);
    kernels.vector.activation('silu', x);
    expect(sharing()).toBe(1);
  }
  kernels.vector.softmax(new Float32Array(1000), 1, 1000, Int32Array.of(1000));
  expect(sharing()).toBe(0);
  kernels.dispose();
});
