import { describe, expect, it } from 'vitest';
import { packedWeights } from '../../src/model/format/packed-weights.ts';
import { openSafetensors } from '../../src/model/format/safetensors.ts';
import { openModel } from '../../src/model/load.ts';
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
import { SMALL_LLAMA, smallLlama, writeFolder } from './write-checkpoint.ts';

function read(tensors: Record<string, Stored>): Float32Array {
  const checkpoint = openSafetensors(write(tensors));
  const values = checkpoint.read('x.weight', [OUT, IN]);
  const held = packedWeights(checkpoint.unread).reduce((sum, { bytes }) => sum + bytes, 0);
  if ('x.g_idx' in tensors || 'x.weight' in tensors) expect(held).toBe(values.byteLength);
  else expect(held).toBeGreaterThanOrEqual(values.byteLength);
  const source = checkpoint.source('x.weight', [OUT, IN]);
  const part = new Float32Array(3 * IN);
  source.read(5 * IN * 4, new Uint8Array(part.buffer));
  expect(part).toEqual(values.slice(5 * IN, 8 * IN));
  checkpoint.close();
  return values;
}

describe('packed weights are exactly what they stand for', () => {
  it.each([
    [4, false],
    [4, true],
    [8, false],
    [2, false],
  ])('GPTQ of %i bits, rows in order of activation: %s', (bits, ordered) => {
    const groups = 4;
    const q = table(OUT, IN, () => below(2 ** bits));
    const zero = table(groups, OUT, () => below(2 ** bits));
    const scales = table(groups, OUT, scale);
    const groupOf = Array.from({ length: IN }, (_, i) =>
      ordered ? below(groups) : Math.floor(i / (IN / groups)),
    );
    const stored = zero.map((row) => row.map((z) => (z + 2 ** bits - 1) % 2 ** bits));
    const actual = read({
      'x.qweight': turnedWords(turned(q), bits),
      'x.qzeros': words(stored, bits),
      'x.scales': half(scales),
      'x.g_idx': integers(groupOf),
    });
    expect(actual).toEqual(expected((o, i) => (q[o][i] - zero[groupOf[i]][o]) * scales[groupOf[i]][o]));
  });

  it('AWQ, with its order of columns', () => {
    const groups = 2;
    const [q, zero, scales] = [
      table(IN, OUT, () => below(16)),
      table(groups, OUT, () => below(16)),
      table(groups, OUT, scale),
    ];
    const actual = read({
      'x.qweight': awqWords(q),
      'x.qzeros': awqWords(zero),
      'x.scales': half(scales),
    });
    const group = (i: number) => Math.floor(i / (IN / groups));
    expect(actual).toEqual(expected((o, i) => (q[i][o] - zero[group(i)][o]) * scales[group(i)][o]));
  });

  it.each([
    [4, false],
    [4, true],
    [8, false],
  ])('compressed-tensors of %i bits, zero points: %s', (bits, asymmetric) => {
    const groups = 4;
    const middle = 2 ** (bits - 1);
    const q = table(OUT, IN, () => below(2 ** bits) - middle);
    const zero = table(OUT, groups, () => (asymmetric ? below(2 ** bits) - middle : 0));
    const scales = table(OUT, groups, scale);
    const up = (rows: number[][]) => rows.map((row) => row.map((x) => x + middle));
    const actual = read({
      'x.weight_packed': words(up(q), bits),
      'x.weight_scale': half(scales),
      ...(asymmetric ? { 'x.weight_zero_point': turnedWords(turned(turned(up(zero))), bits) } : {}),
    });
    const group = (i: number) => Math.floor(i / (IN / groups));
    expect(actual).toEqual(expected((o, i) => (q[o][i] - zero[o][group(i)]) * scales[o][group(i)]));
  });

  it.each([
    ['F8_E4M3', 'weight_scale', [[1]]],
    ['F8_E5M2', 'weight_scale', table(OUT, 1, scale)],
    ['F8_E4M3', 'weight_scale_inv', [[0.37109375]]],
    ['I8', 'weight_scale', table(OUT, 1, scale)],
    ['I8', 'weight_scale', table(OUT, 4, scale)],
  ] as const)('%s with %s of its own shape', (dtype, name, scales) => {
    const bytes = Uint8Array.from({ length: OUT * IN }, () => below(256)).map((b) =>
      dtype === 'F8_E4M3' && b % 128 === 127 ? 5 : dtype === 'F8_E5M2' && b % 128 > 123 ? 9 : b,
    );
    const actual = read({
      'x.weight': { dtype, shape: [OUT, IN], bytes },
      [`x.${name}`]: half(scales.map((row) => [...row])),
    });
    /** From the definition: sign, exponent, fraction; the lowest exponent has no hidden one. */
    const float8 = (b: number, fractionBits: number, bias: number): number => {
      const [exponent, fraction] = [Math.floor((b % 128) / 2 ** fractionBits), b % 2 ** fractionBits];
      const part = fraction / 2 ** fractionBits;
      return (
        (b > 127 ? -1 : 1) * (exponent === 0 ? part * 2 ** (1 - bias) : (1 + part) * 2 ** (exponent - bias))
      );
    };
    const value = (b: number) =>
      dtype === 'I8' ? (b > 127 ? b - 256 : b) : dtype === 'F8_E4M3' ? float8(b, 3, 7) : float8(b, 2, 15);
    const scaleAt = (o: number, i: number) => {
      const row = scales[scales.length === 1 ? 0 : o];
      return row[Math.floor(i / (IN / row.length))];
    };
    expect(actual).toEqual(expected((o, i) => value(bytes[o * IN + i]) * scaleAt(o, i)));
  });

  it('FP8 with a scale for each block of 128 × 128', () => {
    const [outputs, inputs] = [130, 300];
    const bytes = Uint8Array.from({ length: outputs * inputs }, () => below(120));
    const scales = table(2, 3, scale);
    const checkpoint = openSafetensors(
      write({
        'x.weight': { dtype: 'F8_E4M3', shape: [outputs, inputs], bytes },
        'x.weight_scale_inv': half(scales),
      }),
    );
    const ones = openSafetensors(
      write({
        'x.weight': { dtype: 'F8_E4M3', shape: [outputs, inputs], bytes },
        'x.weight_scale': half([[1]]),
      }),
    ).read('x.weight', [outputs, inputs]);
    const actual = checkpoint.read('x.weight', [outputs, inputs]);
    expect(actual).toEqual(
      ones.map((v, at) => v * scales[Math.floor(at / inputs / 128)][Math.floor((at % inputs) / 128)]),
    );
  });

  it('refuses what does not fit together, by name', () => {
    const q = table(OUT, IN, () => below(16));
    const qweight = turnedWords(turned(q), 4);
    expect(() => read({ 'x.qweight': qweight })).toThrow(/x\.weight .*qweight alone/);
    const odd = {
      'x.qweight': qweight,
      'x.qzeros': words(
        table(4, 8, () => 1),
        4,
      ),
      'x.scales': half(table(4, OUT, scale)),
    };
    expect(() => read(odd)).toThrow(/not supported: qweight \[8, 16\]/);
    const nan = { dtype: 'F8_E4M3', shape: [OUT, IN], bytes: new Uint8Array(OUT * IN).fill(0x7f) };
    expect(() => read({ 'x.weight': nan, 'x.weight_scale': half([[1]]) })).toThrow(/NaN or infinity/);
  });

  it.each([
    [{ 'x.weight_scale': half(table(OUT, 3, scale)) }, /not supported: weight_scale \[16, 3\]/],
    [
      {
        'x.weight_zero_point': words(
          table(4, 32, () => 8),
          4,
        ),
      },
      /weight_zero_point \[4, 4\]/,
    ],
    [
      {
        'x.weight_zero_point': words(
          table(2, 16, () => 8),
          4,
        ),
      },
      /weight_zero_point \[2, 2\]/,
    ],
    [{ 'x.weight_g_idx': integers(Array.from({ length: IN - 1 }, () => 0)) }, /weight_g_idx of 63/],
  ] as [Record<string, Stored>, RegExp][])(
    'refuses parts of compressed-tensors whose shapes do not fit: %#',
    (part, message) => {
      const whole: Record<string, Stored> = {
        'x.weight_packed': words(
          table(OUT, IN, () => below(16)),
          4,
        ),
        'x.weight_scale': half(table(OUT, 4, scale)),
        'x.weight_zero_point': turnedWords(turned(turned(table(OUT, 4, () => 8))), 4),
      };
      expect(() => read(whole)).not.toThrow();
      expect(() => read({ ...whole, ...part })).toThrow(message);
    },
  );

  it('runs a folder that says so, and no other', async () => {
    const folder = writeFolder(
      { ...SMALL_LLAMA, quantization_config: { quant_method: 'gptq', bits: 4 } },
      smallLlama(),
    );
    expect((await openModel(folder)).load().outputs).toBe(50);
    for (const [quantised, message] of [
      [{ quant_method: 'gptq', checkpoint_format: 'gptq_v2' }, /checkpoint_format = gptq_v2/],
      [{ quant_method: 'awq', version: 'gemv' }, /version = gemv/],
      [{ quant_method: 'bitsandbytes' }, /quantization_config = bitsandbytes/],
      [{ quant_method: 'compressed-tensors', format: 'nvfp4-pack-quantized' }, /format = nvfp4/],
    ] as const) {
      const other = writeFolder({ ...SMALL_LLAMA, quantization_config: quantised }, smallLlama());
      await expect(openModel(other)).rejects.toThrow(message);
    }
  });
});
