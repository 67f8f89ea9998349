import type { Product } from '../../../src/machine/whole/machine.ts';
import { CORNERS, generator } from '../../hardware/support/bf16.ts';

export type Shape = Pick<Product, 'm' | 'k' | 'n'> & { group: number };

/** Full and partial tiles and passes, with and without groups of k. */
export const SHAPES: readonly Shape[] = [
  { m: 8, k: 64, n: 8, group: 32 },
  { m: 3, k: 10, n: 11, group: 4 },
  { m: 16, k: 24, n: 8, group: 12 },
  { m: 1, k: 40, n: 8, group: 40 },
  { m: 20, k: 9, n: 9, group: 9 },
];

/** A product of normal activations, or of corners of the format and random patterns. */
export function randomProduct({ m, k, n, group }: Shape, seed: number, corners = 0): Product {
  const random = generator(seed);
  const pattern = (): number => {
    const kind = random() % 16;
    if (kind < corners) return CORNERS[random() % CORNERS.length];
    return kind < 2 * corners ? random() & 0xffff : 0x3c00 | (random() & 0x83ff);
  };
  const groups = Math.ceil(k / group);
  return {
    m,
    k,
    n,
    group,
    activations: Uint16Array.from({ length: m * k }, pattern),
    weights: Int8Array.from({ length: n * k }, () => (random() % 15) - 7),
    scales: Uint16Array.from({ length: n * groups }, () => 0x3c00 | (random() & 0x1ff)),
  };
}
