import { randomNormal } from 'd3-random';

/** A seeded generator of numbers in [0, 1) (mulberry32): the same on every machine and run. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normal values with mean 0 and deviation `scale`, by the polar method: the same for the same uniform source. */
export function gaussian(next: () => number, count: number, scale: number): Float64Array {
  const normal = randomNormal.source(next)(0, scale);
  return Float64Array.from({ length: count }, normal);
}
