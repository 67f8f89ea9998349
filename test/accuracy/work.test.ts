import { afterEach, describe, expect, it, vi } from 'vitest';
import { estimateOf, kindOf, type Passes } from '../../src/accuracy/score/estimate.ts';
import { sweepPasses } from '../../src/accuracy/windows/greedy-softmax.ts';
import { calibrationPasses } from '../../src/accuracy/windows/windows-for.ts';
import { refuseWork, workOf } from '../../src/accuracy/score/work.ts';
import { FULL_PRECISION, precisionOf } from '../../src/accuracy/score/precision.ts';
import type { Checkpoint } from '../../src/model/checkpoint.ts';
import { heldWeights } from '../../src/model/weight/holding.ts';
import { sharedKernels } from '../../src/model/weight/kernel-memory.ts';
import { REPAIRED_ARITHMETIC } from '../../src/vlp/arithmetic.ts';
import { EXACT_SUMS } from '../../src/vlp/gemm.ts';
import { openModel } from '../../src/model/load.ts';
import { caseFolder } from '../model/case-folder.ts';
import { CASES } from '../model/family-cases.ts';
import { SMALL_LLAMA, smallLlama, writeFolder } from '../model/write-checkpoint.ts';

afterEach(() => void vi.restoreAllMocks());

/** Tensors of a checkpoint with one more, a norm, that takes so many bytes. */
const grown = ({ tensors }: Checkpoint, bytes: number) => ({
  tensors: new Map([
    ...tensors,
    ['large', { name: 'large', type: 'F32' as const, shape: [bytes / 4], file: '', offset: 0, bytes }],
  ]),
});

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
    // Packed weights are worked on, too: eight of four bits a word.
    const words = { type: 'I32', shape: [8, 4], file: '', offset: 0, bytes: 128 };
    const unread = new Map([['model.layers.0.mlp.up_proj.weight_packed', words]]);
    const { tensors: known } = opened.checkpoint;
    const packed = {
      ...opened,
      checkpoint: Object.assign(Object.create(opened.checkpoint), { unread, tensors: known }),
    };
    expect(workOf(packed, plain).operations - workOf(opened, plain).operations).toBe(2 * 2 * 100 * 256);
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
      /^estimate: .+ \(1 pass over 10,000,000,000 tokens, 2 passes over 1,000,000,000 tokens; products as stored at .+ GFLOP\/s, as stored for one token at .+ GFLOP\/s\), about .+ of memory$/,
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

  it('takes the speed of each kind of pass: INT4 products cost what the kernels take for them', () => {
    // The clock of the probes: a product as stored takes 1 ms, one of INT4 half, one with the sums of the design 3 ms.
    const kernels = sharedKernels();
    let clock = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => clock);
    vi.spyOn(kernels, 'gemm').mockImplementation(() => ((clock += 1), new Float32Array()));
    vi.spyOn(kernels, 'gemmInt4').mockImplementation(
      (_x, _rows, _weights, arithmetic) => (
        (clock += arithmetic === EXACT_SUMS ? 0.5 : 3), new Float32Array()
      ),
    );
    const precision = precisionOf(REPAIRED_ARITHMETIC);
    const seconds = (...passes: Passes[]): number => estimateOf(opened, passes, precision)!.seconds;
    const rows = 1e10;
    const each = (['stored', 'int4', 'design'] as const).map((kind) => seconds({ rows, runs: 1, kind }));
    expect(each[1]! / each[0]!).toBeCloseTo(0.5, 9);
    expect(each[2]! / each[0]!).toBeCloseTo(3, 9);
    const all = [
      { rows, runs: 2, kind: 'stored' },
      { rows, runs: 2, kind: 'design' },
      { rows, runs: 1, kind: 'int4' },
    ] as const;
    expect(seconds(...all)).toBeCloseTo(2 * each[0]! + 2 * each[2]! + each[1]!, 3);
    expect(estimateOf(opened, all, precision)!.text).toContain('(5 passes over 10,000,000,000 tokens; ');
    expect(kindOf(FULL_PRECISION)).toBe('stored');
    expect(kindOf(precision)).toBe('design');
    expect(kindOf({ ...precision, products: { ...EXACT_SUMS } })).toBe('int4');
  });

  it('adds what a batch holds, in every memory of the kernels, to weights and to what the process has', () => {
    const of = (rows: number, runs = 2): number => workOf(opened, { ...plain, rows, runs }).bytes;
    const { hidden, vocab, ffn } = { hidden: 32, vocab: SMALL_LLAMA.vocab_size, ffn: 64 };
    // Half a batch of 1,024 rows beside a whole one; more rows than that come one batch behind the other.
    const row = hidden * (6 + 2) + 2 * ffn + 3 * (hidden + ffn);
    expect(of(1024) - of(512)).toBe(4 * 512 * row);
    expect(of(8192)).toBe(of(1024));
    expect(of(1024, 3) - of(1024)).toBe(4 * (1024 * hidden + 128 * vocab));
    const large = {
      ...opened,
      checkpoint: Object.assign(Object.create(opened.checkpoint), grown(opened.checkpoint, 2 ** 34)),
    };
    const difference = (one: typeof opened): number =>
      workOf(one, plain).bytes - heldWeights(one.checkpoint, one.config);
    // Six memories of 3 GiB hold 16 GiB.
    expect(difference(large) - difference(opened)).toBe(5 * 4 * 100 * 3 * (hidden + ffn));
    const rss = vi.spyOn(process.memoryUsage, 'rss').mockReturnValue(2 ** 30);
    const told = estimateOf(opened, [{ rows: 1e10, runs: 1 }])!.bytes;
    expect(told).toBe(workOf(opened, { ...plain, rows: 1e10, runs: 1 }).bytes + 2 ** 30);
    expect(rss).toHaveBeenCalled();
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
