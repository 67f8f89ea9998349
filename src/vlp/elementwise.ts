import { fromFloat32Word } from '../number/bf16.ts';
import type { AnswerTable } from './element.ts';
import { checkTensors } from './check.ts';
import { NEUTRAL } from './input-split.ts';
import type { VlpConfig } from './mode.ts';
import { REGIONS, type Statistics } from './statistics.ts';
import type { Tables } from './tables.ts';

/**
 * y = f(x) over a [rows, cols] tensor as the array maps it: `group` consecutive features of one token share a
 * sliding window. Inputs are rounded to BF16; `out` may be `x`.
 */
export function applyElementwise(
  tables: Tables,
  config: VlpConfig,
  x: Float32Array,
  out: Float32Array,
  rows: number,
  cols: number,
  statistics?: Statistics,
): void {
  checkTensors(tables.lut.fn.name, x, out, rows, cols);
  const words = new Uint32Array(x.buffer, x.byteOffset, rows * cols);
  if (tables.fixed) {
    lookUp(tables.at(undefined), words, out, 0, rows * cols, statistics);
    return;
  }
  // The authors' code pads the front of a row to whole groups, with an exponent that forces the first window.
  const artifact = config.mode === 'artifact';
  const padding = artifact ? (config.group - (cols % config.group)) % config.group : 0;
  for (let r = 0; r < rows; r++) {
    const end = (r + 1) * cols;
    for (let first = r * cols - padding; first < end; first += config.group) {
      const from = Math.max(first, r * cols);
      const to = Math.min(first + config.group, end);
      const forced = from > first ? (config.anchor === 'max' ? 127 : -128) : undefined;
      const extreme = forced ?? extremeWord(tables.voting, config.anchor === 'max', words, from, to);
      lookUp(tables.at(extreme), words, out, from, to, statistics);
    }
  }
}

/** Extreme exponent of a group of BF16 patterns, by which its sliding window is chosen. */
export function extremeExponent(
  voting: Int16Array,
  largest: boolean,
  group: Uint16Array,
): number | undefined {
  const words = Uint32Array.from(group, (bits) => bits << 16);
  return extremeWord(voting, largest, words, 0, words.length);
}

function extremeWord(
  voting: Int16Array,
  largest: boolean,
  words: Uint32Array,
  from: number,
  to: number,
): number | undefined {
  let extreme = largest ? NEUTRAL : -NEUTRAL;
  for (let i = from; i < to; i++) {
    const exponent = voting[fromFloat32Word(words[i])];
    if (exponent === NEUTRAL) continue;
    if (largest ? exponent > extreme : exponent < extreme) extreme = exponent;
  }
  return Math.abs(extreme) === -NEUTRAL ? undefined : extreme;
}

function lookUp(
  { values, regions }: AnswerTable,
  words: Uint32Array,
  out: Float32Array,
  from: number,
  to: number,
  statistics: Statistics | undefined,
): void {
  if (statistics !== undefined) {
    for (let i = from; i < to; i++) statistics[REGIONS[regions[fromFloat32Word(words[i])]]!] += 1;
    statistics.total += to - from;
  }
  for (let i = from; i < to; i++) out[i] = values[fromFloat32Word(words[i])];
}
