import { fromFloat32Word } from '../number/bf16.ts';
import type { AnswerTable } from './element.ts';
import { checkTensors } from './check.ts';
import { NEUTRAL } from './input-split.ts';
import type { VlpConfig } from './mode.ts';
import { REGIONS, type Statistics } from './statistics.ts';
import type { Tables } from './tables.ts';

/** One element-wise function over a row-major [rows, cols] tensor. */
export interface ElementwiseCall {
  x: Float32Array;
  /** [rows, cols]; may be `x`. */
  out: Float32Array;
  rows: number;
  cols: number;
  /** Adds up what happened to the inputs. */
  statistics?: Statistics | undefined;
  /** [rows, cols]; receives what happened to each input, as an index into REGIONS. */
  regions?: Uint8Array | undefined;
}

/**
 * y = f(x) as the array maps it: `group` consecutive features of one token share a sliding window. Inputs are rounded
 * to BF16.
 * @throws MugiError when the sizes do not fit or are zero
 */
export function applyElementwise(tables: Tables, config: VlpConfig, call: ElementwiseCall): void {
  const { x, out, rows, cols } = call;
  checkTensors(tables.lut.fn.name, x, out, rows, cols);
  const words = new Uint32Array(x.buffer, x.byteOffset, rows * cols);
  if (tables.fixed) {
    lookUp(tables.at(undefined), words, call, 0, rows * cols);
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
      const extreme = forced ?? extremeExponent(tables.voting, config.anchor === 'max', words, from, to);
      lookUp(tables.at(extreme), words, call, from, to);
    }
  }
}

/** Extreme exponent of a group of inputs, by which its sliding window is chosen. */
function extremeExponent(
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
  { out, statistics, regions: seen }: ElementwiseCall,
  from: number,
  to: number,
): void {
  if (seen !== undefined) for (let i = from; i < to; i++) seen[i] = regions[fromFloat32Word(words[i])];
  if (statistics !== undefined) {
    for (let i = from; i < to; i++) statistics[REGIONS[regions[fromFloat32Word(words[i])]]!] += 1;
    statistics.total += to - from;
  }
  for (let i = from; i < to; i++) out[i] = values[fromFloat32Word(words[i])];
}
