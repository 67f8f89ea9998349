import { afterEach, describe, expect, it, vi } from 'vitest';
import { workOf } from '../../src/accuracy/score/work.ts';
import type { Arithmetic } from '../../src/model/arithmetic.ts';
import { type OpenedModel, openModel } from '../../src/model/load.ts';
import { heldWeights, type Holding } from '../../src/model/weight/holding.ts';
import { NODE_ARITHMETIC } from '../../src/vlp/gemm.ts';
import { exact } from './arithmetic.ts';
import { caseFolder } from './case-folder.ts';
import { CASES } from './family-cases.ts';
import { SMALL_LLAMA, smallLlama, writeFolder } from './write-checkpoint.ts';

afterEach(() => void vi.restoreAllMocks());

const GROUP = 16;
const INT4 = { type: 'int4', group: GROUP } as const;
const INT4_ALONE: Holding = { layers: () => INT4, head: INT4 };
const int4: Arithmetic = { ...exact, weights: INT4, head: INT4, kv: 'int4', products: NODE_ARITHMETIC };
const IDS = Int32Array.from([3, 1, 4, 1, 5, 9, 2, 6]);

function logitsOf(opened: OpenedModel, holding: Holding | undefined, arithmetic: Arithmetic): Float32Array {
  const model = opened.load(holding);
  const hidden = model.forward({ kind: 'tokens', ids: IDS, sequences: [{ rows: IDS.length }] }, arithmetic);
  return model.logits(hidden, 0, IDS.length, arithmetic);
}

describe('weights held in INT4 alone', () => {
  // Experts that are slices of one tensor and those that are turned among them.
  it.each(CASES)('compute the same bits, and the stored ones from their file: $title', async (own) => {
    const opened = await openModel(caseFolder(own));
    for (const arithmetic of [int4, exact])
      expect(logitsOf(opened, INT4_ALONE, arithmetic)).toEqual(logitsOf(opened, undefined, arithmetic));
  });

  it('compute the same bits where the file holds them turned, as GPT-2’s', async () => {
    const opened = await openModel('mugi-tiny-gelu');
    for (const arithmetic of [int4, exact])
      expect(logitsOf(opened, INT4_ALONE, arithmetic)).toEqual(logitsOf(opened, undefined, arithmetic));
  });

  it('take what is said of them, in memory and in the estimate before', async () => {
    const tensors = smallLlama();
    const opened = await openModel(writeFolder(SMALL_LLAMA, tensors));
    const whole = opened.load().weightBytes();
    expect(heldWeights(opened.checkpoint, opened.config)).toBe(whole);
    const sizes = Object.entries(tensors).map(([name, { shape, values }]) => ({
      bytes: values.byteLength,
      kept: shape.length < 2 || name.includes('embed_tokens'),
    }));
    const sum = (of: typeof sizes): number => of.reduce((total, { bytes }) => total + bytes, 0);
    const matrices = sum(sizes.filter(({ kept }) => !kept));
    // Four bits a weight, and four bytes a scale.
    const copies = (matrices / 4) * (1 / 2 + 4 / GROUP);
    const said = heldWeights(opened.checkpoint, opened.config, INT4_ALONE);
    expect(said).toBe(whole - matrices + copies);
    // Kernels hold whole panels of 32 outputs.
    expect(opened.load(INT4_ALONE).weightBytes()).toBeGreaterThanOrEqual(said);
    expect(opened.load(INT4_ALONE).weightBytes()).toBeLessThan(1.2 * said);
    const precision = { weights: 'int4', head: 'int4', group: GROUP } as const;
    const asked = { runs: 2, rows: 100, precision };
    // Beside INT4 alone stands the largest stored matrix, for a pass that takes those.
    const largest = Math.max(...sizes.map(({ bytes }) => bytes));
    expect(workOf(opened, asked).bytes - workOf(opened, { ...asked, holding: INT4_ALONE }).bytes).toBe(
      whole + copies - (said + largest),
    );
  });

  it('load where the stored ones would not fit', async () => {
    const opened = await openModel(writeFolder(SMALL_LLAMA, smallLlama()));
    const held = vi.spyOn(process, 'constrainedMemory');
    held.mockReturnValue(Math.ceil(heldWeights(opened.checkpoint, opened.config, INT4_ALONE)));
    expect(() => opened.load()).toThrow('the weights take');
    expect(opened.load(INT4_ALONE).outputs).toBe(50);
  });
});
