import { bf16 } from '../../../src/machine/draw.ts';
export { random } from '../../../src/number/random.ts';
import type { Anchor } from '../../../src/vlp/window.ts';
import { nodeFunction } from '../../../src/machine/mugi/program/node-function.ts';

/** BF16 patterns of ordinary size, with one in eight a corner case or any pattern at all. */
export const patterns = (next: () => number, count: number, corners = true): Uint16Array =>
  Uint16Array.from({ length: count }, () => bf16(next, corners));

export const weights = (next: () => number, count: number): Int8Array =>
  Int8Array.from({ length: count }, () => Math.floor(next() * 15) - 7);

export const siluFunction = (lo = -6, hi = 4, anchor: Anchor = 'max') =>
  nodeFunction('silu', { lo, hi }, anchor);
export const geluFunction = (lo = -6, hi = 4, anchor: Anchor = 'max') =>
  nodeFunction('gelu', { lo, hi }, anchor);
export const expFunction = (lo = -4, hi = 3, anchor: Anchor = 'max') =>
  nodeFunction('exp', { lo, hi }, anchor);
