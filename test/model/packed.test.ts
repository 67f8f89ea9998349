import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packedWeights } from '../../src/model/format/packed-weights.ts';
import { openSafetensors } from '../../src/model/format/safetensors.ts';
import { openModel } from '../../src/model/load.ts';
import { Weights } from '../../src/model/weight/weights.ts';
import { round } from '../../src/number/bf16.ts';
import { random } from '../../src/number/random.ts';
import { EXACT_SUMS } from '../../src/vlp/gemm.ts';
import { encodeTensor, SMALL_LLAMA, smallLlama, temporaryFolder, writeFolder } from './write-checkpoint.ts';

interface Stored {
  dtype: string;
  shape: number[];
  bytes: Uint8Array;
}

function write(tensors: Record<string, Stored>): string {
  let at = 0;
  const entries = Object.entries(tensors).map(([name, { dtype, shape, bytes }]) => {
    const entry = { dtype, shape, data_offsets: [at, at + bytes.length] };
    at += bytes.length;
    return [name, entry];
  });
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const folder = temporaryFolder();
  const parts = Object.values(tensors).map(({ bytes }) => bytes);
  writeFileSync(join(folder, 'model.safetensors'), Buffer.concat([length, json, ...parts]));
  return folder;
}

const [OUT, IN] = [16, 64];
const uniform = random(5);
const below = (n: number): number => Math.floor(uniform() * n);
const table = (rows: number, columns: number, make: () => number): number[][] =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, make));
/** Scales that are exact in 16 bits. */
const scale = (): number => (1 + below(1024) / 1024) * 2 ** -(3 + below(6));

const half = (rows: number[][]): Stored => ({
  dtype: 'F16',
  shape: [rows.length, rows[0].length],
  bytes: encodeTensor(Float32Array.from(rows.flat()), 'F16'),
});
/** Words of a table of unsigned fields, `bits` each, lowest first, along its rows. */
function words(rows: number[][], bits: number): Stored {
  const each = 32 / bits;
  const packed = rows.map((row) => {
    const out: bigint[] = [];
    for (let i = 0; i < row.length; i += each) {
      let word = 0n;
      for (let j = each - 1; j >= 0; j--) word = word * 2n ** BigInt(bits) + BigInt(row[i + j] ?? 0);
      out.push(word);
    }
    return out;
  });
  const bytes = Buffer.alloc(4 * packed.flat().length);
  for (const [i, word] of packed.flat().entries()) bytes.writeUInt32LE(Number(word), 4 * i);
  return { dtype: 'I32', shape: [packed.length, packed[0].length], bytes };
}
const turned = (rows: number[][]): number[][] => rows[0].map((_, i) => rows.map((row) => row[i]));
const turnedWords = (rows: number[][], bits: number): Stored => {
  const { shape, bytes } = words(turned(rows), bits);
  const view = new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const out = Array.from({ length: shape[1] }, (_, c) =>
    Array.from({ length: shape[0] }, (_, r) => view[r * shape[1] + c]),
  );
  return {
    dtype: 'I32',
    shape: [shape[1], shape[0]],
    bytes: new Uint8Array(Int32Array.from(out.flat()).buffer),
  };
};
const integers = (row: number[]): Stored => ({
  dtype: 'I32',
  shape: [row.length],
  bytes: new Uint8Array(Int32Array.from(row).buffer),
});

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

const expected = (value: (o: number, i: number) => number): Float32Array =>
  Float32Array.from({ length: OUT * IN }, (_, at) => value(Math.floor(at / IN), at % IN));

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
    // Field k of a word is column 0, 2, 4, 6, 1, 3, 5, 7 of eight.
    const order = (rows: number[][]) =>
      rows.map((row) => row.map((_, at) => row[at - (at % 8) + [0, 2, 4, 6, 1, 3, 5, 7][at % 8]]));
    const actual = read({
      'x.qweight': words(order(q), 4),
      'x.qzeros': words(order(zero), 4),
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

  describe('run as the node runs INT4, without a second quantisation', () => {
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
    const awq = (q: number[][]): Record<string, Stored> => {
      const order = (rows: number[][]) =>
        rows.map((row) => row.map((_, at) => row[at - (at % 8) + [0, 2, 4, 6, 1, 3, 5, 7][at % 8]]));
      return {
        'x.qweight': words(order(turned(q.map((row) => row.map((value) => value + 8)))), 4),
        'x.qzeros': words(order(table(groups, OUT, () => 8)), 4),
        'x.scales': half(turned(scales)),
      };
    };
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
    ])('%s: quantised anew, as any weights', (_, tensors) => {
      expect(operand(tensors)).toEqual({ values: anew(tensors), fromFile: undefined });
    });
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
