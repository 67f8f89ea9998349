import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { random } from '../../src/number/random.ts';
import { encodeTensor, temporaryFolder } from './write-checkpoint.ts';

export interface Stored {
  dtype: string;
  shape: number[];
  bytes: Uint8Array;
}

export function write(tensors: Record<string, Stored>): string {
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

/** Outputs and inputs of the matrix `x.weight`. */
export const [OUT, IN] = [16, 64];
const uniform = random(5);
export const below = (n: number): number => Math.floor(uniform() * n);
export const table = (rows: number, columns: number, make: () => number): number[][] =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, make));
/** Scales that are exact in 16 bits. */
export const scale = (): number => (1 + below(1024) / 1024) * 2 ** -(3 + below(6));

export const half = (rows: number[][]): Stored => ({
  dtype: 'F16',
  shape: [rows.length, rows[0].length],
  bytes: encodeTensor(Float32Array.from(rows.flat()), 'F16'),
});
/** Words of a table of unsigned fields, `bits` each, lowest first, along its rows. */
export function words(rows: number[][], bits: number): Stored {
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
export const turned = (rows: number[][]): number[][] => rows[0].map((_, i) => rows.map((row) => row[i]));
export const turnedWords = (rows: number[][], bits: number): Stored => {
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
export const integers = (row: number[]): Stored => ({
  dtype: 'I32',
  shape: [row.length],
  bytes: new Uint8Array(Int32Array.from(row).buffer),
});

/** Words of four-bit fields in AWQ's order: field k is column 0, 2, 4, 6, 1, 3, 5, 7 of eight. */
export const awqWords = (rows: number[][]): Stored =>
  words(
    rows.map((row) => row.map((_, at) => row[at - (at % 8) + [0, 2, 4, 6, 1, 3, 5, 7][at % 8]])),
    4,
  );

/** The matrix as numbers. */
export const expected = (value: (o: number, i: number) => number): Float32Array =>
  Float32Array.from({ length: OUT * IN }, (_, at) => value(Math.floor(at / IN), at % IN));
