import { afterEach, describe, expect, it, vi } from 'vitest';
import { refuseWork, workOf } from '../../src/accuracy/score/work.ts';
import { openModel } from '../../src/model/load.ts';
import { SMALL_LLAMA, smallLlama, writeFolder } from '../model/write-checkpoint.ts';

afterEach(() => void vi.restoreAllMocks());

describe('what a measurement takes', async () => {
  const tensors = smallLlama();
  const opened = await openModel(writeFolder(SMALL_LLAMA, tensors));
  const stored = Object.values(tensors).reduce((sum, { values }) => sum + values.byteLength, 0);
  const plain = { runs: 2, rows: 100, precision: { weights: 'stored', group: 32 } } as const;

  it('is its products, once a row and run', () => {
    const vocab = SMALL_LLAMA.vocab_size;
    const matrices = Object.entries(tensors)
      .filter(([, { shape }]) => shape.length === 2 && !shape.includes(vocab))
      .reduce((sum, [, { values }]) => sum + values.length, 0);
    const output = Math.max(
      ...Object.values(tensors).map(({ shape, values }) => (shape.includes(vocab) ? values.length : 0)),
    );
    expect(workOf(opened, plain).operations).toBe(2 * 2 * 100 * (matrices + output));
    expect(workOf(opened, { ...plain, rows: 200 }).operations).toBe(2 * workOf(opened, plain).operations);
    const int4 = workOf(opened, { ...plain, precision: { weights: 'int4', group: 32 } });
    expect(int4.bytes - workOf(opened, plain).bytes).toBe(matrices * (1 / 2 + 1 / 16));
    expect(workOf(opened, plain).bytes).toBeGreaterThan(stored);
  });

  it('is refused before weights are read where the memory cannot hold it', () => {
    const { bytes } = workOf(opened, plain);
    const held = vi.spyOn(process, 'constrainedMemory').mockReturnValue(bytes - 1);
    expect(() => refuseWork({ operations: 1, bytes }, opened.path)).toThrow(
      /takes about 0\.\d+ GiB.*memory is 0\.\d+ GiB/,
    );
    held.mockReturnValue(bytes);
    expect(() => refuseWork({ operations: 1, bytes }, opened.path)).not.toThrow();
  });
});
