import { afterEach, describe, expect, it, vi } from 'vitest';
import { estimateOf } from '../../src/accuracy/score/estimate.ts';
import { sweepPasses } from '../../src/accuracy/windows/greedy-softmax.ts';
import { calibrationPasses } from '../../src/accuracy/windows/windows-for.ts';
import { refuseWork, workOf } from '../../src/accuracy/score/work.ts';
import { openModel } from '../../src/model/load.ts';
import { caseFolder } from '../model/case-folder.ts';
import { CASES } from '../model/family-cases.ts';
import { SMALL_LLAMA, smallLlama, writeFolder } from '../model/write-checkpoint.ts';

afterEach(() => void vi.restoreAllMocks());

describe('what a measurement takes', async () => {
  const tensors = smallLlama();
  const opened = await openModel(writeFolder(SMALL_LLAMA, tensors));
  const stored = Object.values(tensors).reduce((sum, { values }) => sum + values.byteLength, 0);
  const plain = { runs: 2, rows: 100, precision: { weights: 'stored', head: 'stored', group: 32 } } as const;

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
    const int4 = workOf(opened, { ...plain, precision: { weights: 'int4', head: 'stored', group: 32 } });
    expect(int4.bytes - workOf(opened, plain).bytes).toBe(matrices * (1 / 2 + 4 / 32));
    expect(workOf(opened, plain).bytes).toBeGreaterThan(stored);
  });

  it('counts experts where they run', async () => {
    const { shapes, ...own } = CASES.find(({ type }) => type === 'mixtral')!;
    const mixtral = await openModel(caseFolder({ shapes, ...own }));
    const elements = (of: (name: string) => boolean): number =>
      Object.entries(shapes)
        .filter(([name, shape]) => shape.length === 2 && of(name))
        .reduce((sum, [, [outputs, inputs]]) => sum + outputs! * inputs!, 0);
    const experts = elements((name) => name.includes('experts'));
    const others = elements((name) => !/experts|embed_tokens/.test(name));
    // Two of four.
    expect(workOf(mixtral, plain).operations).toBe(2 * 2 * 100 * (others + experts / 2));
  });

  it('is told where it takes a minute, of tokens one at a time by their own speed, and not where it is little', () => {
    const passes = [
      { rows: 1e10, runs: 1 },
      { rows: 1e9, runs: 2, alone: true },
    ];
    expect(estimateOf(opened, passes)?.text).toMatch(
      /^estimate: .+ \(1 pass over 10,000,000,000 tokens, 2 passes over 1,000,000,000 tokens; products at .+ GFLOP\/s, of one token at .+\), about .+ of memory$/,
    );
    expect(
      estimateOf(opened, [
        { rows: 1e9, runs: 1 },
        { rows: 0, runs: 5, alone: true },
      ])?.text,
    ).not.toContain('one token');
    expect(estimateOf(opened, [{ rows: 100, runs: 2 }])).toBeUndefined();
    expect(estimateOf(opened, [{ rows: 0, runs: 2 }])).toBeUndefined();
    vi.spyOn(process, 'constrainedMemory').mockReturnValue(2 ** 20);
    expect(() => estimateOf(opened, [{ rows: 100, runs: 2 }])).toThrow('the memory is');
  });

  it('of a calibration is its earliest end, of a sweep every window of every layer', () => {
    const ids = new Int32Array(64);
    const calibration = Array.from({ length: 40 }, () => ({ document: '', ids, targets: ids, scored: 64 }));
    const { rows, runs } = calibrationPasses(calibration);
    expect([runs, rows]).toEqual([1, 1024]);
    expect(calibrationPasses(calibration, 64).rows).toBe(64);
    expect(sweepPasses(opened.config)).toBe(1 + 8 * opened.config.layers);
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
