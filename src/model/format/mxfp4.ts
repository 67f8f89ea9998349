import { MugiError } from '../../errors.ts';
import { toBits } from '../../number/bf16.ts';
import { E2M1 } from '../../number/ggml-quants.ts';
import type { RawTensor } from './packed-weights.ts';

/** Elements that share an exponent (OCP Microscaling Formats 1.0), and bytes that hold them. */
const BLOCK = 32;
const BLOCK_BYTES = BLOCK / 2;
const BIAS = 127;
const NAN = 255;

/** Names under which a folder keeps a tensor in MXFP4 (GPT-OSS). */
export const mxfp4Names = (name: string): { blocks: string; scales: string } => ({
  blocks: `${name}_blocks`,
  scales: `${name}_scales`,
});

export interface Mxfp4Reader {
  path: string;
  raw(name: string): RawTensor | undefined;
  /** Bytes of a tensor from an offset on. */
  read(name: string, offset: number, to: Uint8Array): void;
}

/**
 * Matrices [count × outputs × inputs] that a folder stores as E2M1 with an exponent for 32 inputs: blocks [count × outputs ×
 * inputs/32 × 16], the lower half of a byte first, and scales [count × outputs × inputs/32]. Every value is a BF16, exactly.
 * @returns what writes BF16 patterns of whole blocks from an element on; undefined where no such tensor is there
 * @throws MugiError for shapes that do not fit
 */
export function mxfp4Elements(
  reader: Mxfp4Reader,
  name: string,
  [count, outputs, inputs]: readonly number[],
): ((first: number, to: Uint16Array) => void) | undefined {
  const { blocks, scales } = mxfp4Names(name);
  const [own, exponents] = [reader.raw(blocks), reader.raw(scales)];
  if (own === undefined) return undefined;
  const fail = (received: string, expected: string): never => {
    throw new MugiError({
      code: 'invalid-file',
      message: `tensor ${name} is stored in a way that is not supported: ${received}`,
      path: own.file,
      expected,
      received,
    });
  };
  if (exponents === undefined) fail('blocks without scales', scales);
  const groups = inputs / BLOCK;
  const wanted: [RawTensor, number[]][] = [
    [own, [count, outputs, groups, BLOCK_BYTES]],
    [exponents!, [count, outputs, groups]],
  ];
  for (const [{ type, shape }, expected] of wanted)
    if (type !== 'U8' || shape.length !== expected.length || shape.some((size, i) => size !== expected[i]))
      fail(`${type} [${shape.join(', ')}]`, `U8 [${expected.join(', ')}]`);
  return (first, to) => {
    const bytes = new Uint8Array(to.length / 2);
    const powers = new Uint8Array(to.length / BLOCK);
    reader.read(blocks, first / 2, bytes);
    reader.read(scales, first / BLOCK, powers);
    for (let i = 0; i < to.length; i++) {
      const nibble = (bytes[i >> 1] >> (4 * (i & 1))) & 15;
      const exponent = powers[Math.floor(i / BLOCK)];
      const value = E2M1[nibble] * 2 ** (exponent - BIAS);
      const bits = toBits(value);
      if (exponent === NAN || (bits & 0x7f80) === 0x7f80) fail('NaN or infinity', 'finite weights');
      to[i] = bits;
    }
  };
}
