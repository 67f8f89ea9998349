import * as fc from 'fast-check';

/** How VLP may be set for the kernels of any function; windows of 1 to 14 exponents begin at `lo` and end at `hi` at most. */
export const vlpOptions = (lo: { min: number; max: number }, hi: number) => ({
  mode: fc.constantFrom('hardware' as const, 'paper' as const),
  window: fc
    .record({ lo: fc.integer(lo), size: fc.integer({ min: 1, max: 14 }) })
    .map((drawn) => ({ lo: drawn.lo, hi: Math.min(hi, drawn.lo + drawn.size - 1) })),
  anchor: fc.constantFrom('max' as const, 'min' as const),
  mantissaBits: fc.constantFrom(2, 3, 4, 7),
});
