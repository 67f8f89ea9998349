import type { Quirk } from './quirk.ts';

const SIDE = 256;

export const sramTiles = {
  name: 'sram-tiles',
  published: 'off-chip tiles of 256³ whatever the SRAM',
  repaired: 'tiles whose double-buffered operands fit their SRAM',
  design: (design) => ({ ...design, tile: { m: SIDE, k: SIDE, n: SIDE } }),
} as const satisfies Quirk;
