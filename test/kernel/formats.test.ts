import { describe, expect, it } from 'vitest';
import type { Kernels, PackedMatrix } from '../../src/kernel/kernels.ts';
import { BLOCK_BYTES } from '../../src/number/ggml-blocks.ts';
import { halfValues } from '../../src/number/half.ts';
import { random } from '../../src/number/random.ts';
import { bitsOf } from './bits.ts';
import { builds } from './builds.ts';

const [scalar] = await builds({ backend: 'scalar' });
const others = await builds({ backend: 'plain' }, { backend: 'relaxed' }, { backend: 'relaxed', threads: 2 });

/** Packs by every build, and compares products and rows read back with the scalar build's, bit by bit. */
function compare(outputs: number, inner: number, pack: (kernels: Kernels) => PackedMatrix): PackedMatrix[] {
  const next = random(7);
  const expected = pack(scalar);
  const matrices = others.map((kernels) => pack(kernels));
  for (const rows of [1, 2, 5, 9]) {
    const x = Float32Array.from({ length: rows * inner }, () => next() - 0.5);
    const y = bitsOf(scalar.gemm(x, rows, expected));
    for (const [n, kernels] of others.entries()) {
      expect(bitsOf(kernels.gemm(x, rows, matrices[n]))).toEqual(y);
    }
  }
  const all = bitsOf(scalar.rows(expected, 0, outputs));
  for (const [n, kernels] of others.entries()) {
    expect(bitsOf(kernels.rows(matrices[n], 0, outputs))).toEqual(all);
    const some = bitsOf(kernels.rows(matrices[n], outputs - 1, outputs));
    expect(some).toEqual(all.slice((outputs - 1) * inner));
  }
  return matrices;
}

describe('weights of fewer bits than FP32', () => {
  it('binary16: all finite values, subnormal ones and zeros of both signs included', () => {
    const words = Uint16Array.from({ length: 65_536 }, (_, bits) => bits).filter(
      (bits) => (bits & 0x7c00) !== 0x7c00,
    );
    const matrices = compare(62, 1024, (kernels) => kernels.packF16(words, 62, 1024));
    const expected = bitsOf(Float32Array.from(words, (bits) => halfValues()[bits]));
    expect(bitsOf(others[0].rows(matrices[0], 0, 62))).toEqual(expected);
  });

  it.each(['q8_0', 'q4_0'] as const)('%s: every value times its scale', (format) => {
    const size = BLOCK_BYTES[format];
    for (const [outputs, inner] of [
      [1, 32],
      [33, 160],
      [64, 288],
      [100, 32],
    ] as const) {
      const bytes = Uint8Array.from({ length: ((outputs * inner) / 32) * size }, (_, i) => (i * 7919) >> 3);
      // Scales: halves of both signs, none of them infinite.
      for (let at = 0; at < bytes.length; at += size) bytes[at + 1] = (at & 0x80) | (at % 0x7b);
      const matrices = compare(outputs, inner, (kernels) =>
        kernels.packBlocks(format, bytes, outputs, inner),
      );
      const padded = Math.ceil(outputs / 32) * 32 * inner;
      expect(matrices[0].bytes).toBe((padded / 32) * size);
      const bring = (first: number, count: number, to: Uint8Array): void => {
        const line = (inner / 32) * size;
        to.set(bytes.subarray(first * line, (first + count) * line));
      };
      compare(outputs, inner, (kernels) => kernels.packBlocks(format, bring, outputs, inner));
    }
  });

  it('blocks are ggml’s: low nibbles first, signed bytes, scale in front', () => {
    const q4 = new Uint8Array(18).fill(0x8f);
    q4.set([0x00, 0x40]);
    const q8 = Uint8Array.from({ length: 34 }, (_, i) => i - 20);
    q8.set([0x00, 0x38]);
    for (const kernels of [scalar, ...others]) {
      const low = kernels.rows(kernels.packBlocks('q4_0', q4, 1, 32), 0, 1);
      expect([...low]).toEqual(Array.from({ length: 32 }, (_, i) => (i < 16 ? 14 : 0)));
      const bytes = kernels.rows(kernels.packBlocks('q8_0', q8, 1, 32), 0, 1);
      expect([...bytes]).toEqual(Array.from({ length: 32 }, (_, i) => (i - 18) / 2));
    }
  });

  it('refuses blocks that do not divide or do not fit', () => {
    for (const kernels of [scalar, others[0]]) {
      expect(() => kernels.packBlocks('q4_0', new Uint8Array(36), 1, 40)).toThrow(/blocks do not divide/);
      expect(() => kernels.packBlocks('q8_0', new Uint8Array(33), 1, 32)).toThrow(/blocks do not fit/);
    }
  });
});

it('weights that a function brings, some panels at a time, are those of an array', () => {
  const [outputs, inner] = [1100, 2050];
  const next = random(9);
  const values = Float32Array.from({ length: outputs * inner }, () => next() - 0.5);
  const words = Uint16Array.from(bitsOf(values), (word) => word >>> 16);
  const x = Float32Array.from({ length: inner }, () => next() - 0.5);
  const bring =
    (from: Float32Array | Uint16Array, counts: number[] = []) =>
    (first: number, count: number, to: Float32Array | Uint16Array): void => {
      counts.push(count);
      to.set(from.subarray(first * inner, (first + count) * inner));
    };
  const counts: number[] = [];
  const expected = bitsOf(others[0].gemm(x, 1, others[0].packF32(values, outputs, inner)));
  const brought = others[0].packF32(bring(values, counts), outputs, inner);
  expect(bitsOf(others[0].gemm(x, 1, brought))).toEqual(expected);
  expect(counts).toEqual([480, 480, 140]);
  const bf16 = bitsOf(scalar.gemm(x, 1, scalar.packBf16(bring(words), outputs, inner)));
  for (const kernels of others) {
    expect(bitsOf(kernels.gemm(x, 1, kernels.packBf16(bring(words), outputs, inner)))).toEqual(bf16);
    expect(bitsOf(kernels.gemm(x, 1, kernels.packBf16(words, outputs, inner)))).toEqual(bf16);
  }
});
