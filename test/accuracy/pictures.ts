import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { random } from '../../src/number/random.ts';

/** A NumPy array file, version 1. */
export function arrayFile(
  shape: readonly number[],
  bytes: Uint8Array,
  type = '|u1',
  turned: 'False' | 'True' = 'False',
): Buffer {
  const header = `{'descr': '${type}', 'fortran_order': ${turned}, 'shape': (${shape.join(', ')}), }`;
  const padded = `${header.padEnd(117)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(padded.length);
  return Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from('NUMPY'),
    Buffer.from([1, 0]),
    length,
    Buffer.from(padded),
    bytes,
  ]);
}

/** A folder of random clips, `count` a label. */
export function clipFolder(
  path: string,
  labels: readonly string[],
  count: number,
  shape: readonly number[],
): string {
  const next = random(7);
  for (const label of labels) {
    mkdirSync(join(path, label), { recursive: true });
    for (let i = 0; i < count; i++) {
      const bytes = Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () =>
        Math.floor(256 * next()),
      );
      writeFileSync(join(path, label, `${i}.npy`), arrayFile(shape, bytes));
    }
  }
  return path;
}

/** A folder of random coloured images of `side` × `side`, `count` a label. */
export function pngFolder(path: string, labels: readonly string[], count: number, side: number): string {
  const next = random(8);
  for (const label of labels) {
    mkdirSync(join(path, label), { recursive: true });
    for (let i = 0; i < count; i++) {
      const data = Uint8Array.from({ length: 3 * side * side }, () => Math.floor(256 * next()));
      const png = encode({ width: side, height: side, data, channels: 3, depth: 8 });
      writeFileSync(join(path, label, `${i}.png`), png);
    }
  }
  return path;
}
