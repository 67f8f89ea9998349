import { toBits } from '../../../src/number/bf16.ts';
export { random } from '../../../src/number/random.ts';
import type { Anchor } from '../../../src/vlp/window.ts';
import { nodeFunction } from '../../../src/machine/mugi/program/node-function.ts';

const CORNERS = [0, 0x8000, 1, 0x8001, 0x7f, 0x80, 0x7f80, 0xff80, 0x7fc0, 0xffc1, 0x7f7f, 0xff7f, 0x3f80];

/** BF16 patterns of ordinary size, with one in eight a corner case or any pattern at all. */
export function patterns(next: () => number, count: number, corners = true): Uint16Array {
  return Uint16Array.from({ length: count }, () => {
    const kind = next();
    if (corners && kind < 1 / 16) return CORNERS[Math.floor(next() * CORNERS.length)];
    if (corners && kind < 1 / 8) return Math.floor(next() * 65536);
    return toBits((next() * 2 - 1) * 2 ** Math.floor(next() * 12 - 7));
  });
}

export const weights = (next: () => number, count: number): Int8Array =>
  Int8Array.from({ length: count }, () => Math.floor(next() * 15) - 7);

export const siluFunction = (lo = -6, hi = 4, anchor: Anchor = 'max') =>
  nodeFunction('silu', { lo, hi }, anchor);
export const geluFunction = (lo = -6, hi = 4, anchor: Anchor = 'max') =>
  nodeFunction('gelu', { lo, hi }, anchor);
export const expFunction = (lo = -4, hi = 3, anchor: Anchor = 'max') =>
  nodeFunction('exp', { lo, hi }, anchor);
