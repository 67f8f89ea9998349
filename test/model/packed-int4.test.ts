import { describe, expect, it } from 'vitest';
import { openSafetensors } from '../../src/model/format/safetensors.ts';
import { Weights } from '../../src/model/weight/weights.ts';
import { round } from '../../src/number/bf16.ts';
import { EXACT_SUMS } from '../../src/vlp/gemm.ts';
import {
  awqWords,
  below,
  expected,
  half,
  IN,
  integers,
  OUT,
  scale,
  table,
  turned,
  turnedWords,
  words,
  write,
  type Stored,
} from './packed-tensors.ts';

describe('packed weights run as the node runs INT4, without a second quantisation', () => {
  const groups = 4;
  const scales = table(OUT, groups, scale);
  const fitting = table(OUT, IN, () => below(15) - 7);
  const compressed = (q: number[][], zeros?: number[][]): Record<string, Stored> => ({
    'x.weight_packed': words(
      q.map((row) => row.map((value) => value + 8)),
      4,
    ),
    'x.weight_scale': half(scales),
    ...(zeros && { 'x.weight_zero_point': turnedWords(turned(turned(zeros)), 4) }),
  });
  const gptq = (q: number[][], groupOf?: number[]): Record<string, Stored> => ({
    'x.qweight': turnedWords(turned(q.map((row) => row.map((value) => value + 8))), 4),
    'x.qzeros': words(
      table(groups, OUT, () => 7),
      4,
    ),
    'x.scales': half(turned(scales)),
    ...(groupOf && { 'x.g_idx': integers(groupOf) }),
  });
  const awq = (q: number[][]): Record<string, Stored> => ({
    'x.qweight': awqWords(turned(q.map((row) => row.map((value) => value + 8)))),
    'x.qzeros': awqWords(table(groups, OUT, () => 8)),
    'x.scales': half(turned(scales)),
  });
  /** The operand as numbers: products with rows of the identity, in exact sums, groups of 32 if it is quantised anew. */
  const operand = (tensors: Record<string, Stored>) => {
    const checkpoint = openSafetensors(write(tensors));
    const { weight } = new Weights(checkpoint).linear('x', OUT, IN, false);
    const { kernels, matrix } = weight.int4(32);
    const identity = Float32Array.from({ length: IN * IN }, (_, at) => (at % (IN + 1) === 0 ? 1 : 0));
    const values = kernels.gemmInt4(identity, IN, matrix, EXACT_SUMS);
    checkpoint.close();
    return { values: turnedFloats(values, IN, OUT), fromFile: weight.fromFile };
  };
  const turnedFloats = (values: Float32Array, rows: number, columns: number): Float32Array =>
    Float32Array.from(values, (_, at) => values[(at % rows) * columns + Math.floor(at / rows)]);
  const dequantised = (q: number[][]): Float32Array =>
    expected((o, i) => q[o][i] * round(scales[o][Math.floor(i / (IN / groups))]));
  /** What comes of the same weights in FP32. */
  const anew = (tensors: Record<string, Stored>): Float32Array => {
    const checkpoint = openSafetensors(write(tensors));
    const values = checkpoint.read('x.weight', [OUT, IN]);
    checkpoint.close();
    const plain = { dtype: 'F32', shape: [OUT, IN], bytes: new Uint8Array(values.buffer) };
    return operand({ 'x.weight': plain }).values;
  };

  it.each([
    ['GPTQ', gptq(fitting)],
    [
      'GPTQ with the groups named in order',
      gptq(
        fitting,
        Array.from({ length: IN }, (_, i) => i >> 4),
      ),
    ],
    ['AWQ', awq(fitting)],
    ['compressed-tensors', compressed(fitting)],
  ])("%s: codes and scales are the file's", (_, tensors) => {
    expect(operand(tensors)).toEqual({
      values: dequantised(fitting),
      fromFile: { group: IN / groups, clipped: 0 },
    });
  });

  it('−8 becomes −7, and is counted', () => {
    const q = fitting.map((row, o) => row.map((value, i) => (o === 3 && i < 5 ? -8 : value)));
    const clipped = fitting.map((row, o) => row.map((value, i) => (o === 3 && i < 5 ? -7 : value)));
    expect(operand(compressed(q))).toEqual({
      values: dequantised(clipped),
      fromFile: { group: IN / groups, clipped: 5 },
    });
  });

  it.each([
    [
      'zero points elsewhere',
      compressed(
        fitting,
        table(OUT, groups, () => 3 + below(10)),
      ),
    ],
    [
      'rows in order of activation',
      gptq(
        fitting,
        Array.from({ length: IN }, (_, i) => (i * 7) % groups),
      ),
    ],
  ])('%s: quantised anew, like other weights', (_, tensors) => {
    expect(operand(tensors)).toEqual({ values: anew(tensors), fromFile: undefined });
  });
});
