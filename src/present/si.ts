import { readable } from './readable.ts';

/** SI prefixes by the power of ten that they stand for. */
const PREFIXES: readonly (readonly [exponent: number, prefix: string])[] = [
  [15, 'P'],
  [12, 'T'],
  [9, 'G'],
  [6, 'M'],
  [3, 'k'],
  [0, ''],
  [-3, 'm'],
  [-6, 'µ'],
  [-9, 'n'],
  [-12, 'p'],
];

/** Units that nobody puts a prefix of thousands in front of: squares, counts, what has one already. */
const BARE = /^(mm²|token|tokens\/s\/MJ|)$/;

/** A unit with its prefix, and the factor from the bare unit. */
export interface Scaled {
  unit: string;
  scale: number;
}

/** The prefix in which the median of `values` reads best, one for all of them so that a column can be compared. */
export function scaledUnit(values: readonly number[], unit: string): Scaled {
  const sizes = values
    .filter((value) => Number.isFinite(value) && value !== 0)
    .map(Math.abs)
    .sort((a, b) => a - b);
  const middle = sizes[Math.floor(sizes.length / 2)];
  if (middle === undefined || BARE.test(unit)) return { unit, scale: 1 };
  const [exponent, prefix] = PREFIXES.find(([power]) => middle >= 10 ** power) ?? PREFIXES.at(-1)!;
  return { unit: `${prefix}${unit}`, scale: 10 ** -exponent };
}

/** One value with its unit: `454 mJ`. */
export function withUnit(value: number, unit: string): string {
  const scaled = scaledUnit([value], unit);
  return `${readable(value * scaled.scale)} ${scaled.unit}`.trimEnd();
}

const DURATIONS: readonly (readonly [seconds: number, unit: string])[] = [
  [86400, 'd'],
  [3600, 'h'],
  [60, 'min'],
];

/** A time as people say it: `13.2 h`, `5.92 s`, `310 µs`. */
export function duration(seconds: number): string {
  const [size, unit] = DURATIONS.find(([length]) => seconds >= 2 * length) ?? [1, ''];
  return unit === '' ? withUnit(seconds, 's') : `${readable(seconds / size)} ${unit}`;
}
