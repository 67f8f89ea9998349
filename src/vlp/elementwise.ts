import { encode } from '../number/bf16.ts';
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
  const { x, out, rows, cols, statistics } = call;
  checkTensors(tables.lut.fn.name, x, out, rows, cols);
  const work = {
    ...call,
    patterns: encode(x.subarray(0, rows * cols)),
    counts: new Uint32Array(REGIONS.length),
  };
  if (tables.fixed) lookUp(tables.at(undefined), work, 0, rows * cols);
  else for (let r = 0; r < rows; r++) lookUpRow(tables, config, work, r);
  if (statistics === undefined) return;
  for (const [code, region] of REGIONS.entries()) statistics[region] += work.counts[code];
  statistics.total += rows * cols;
}

/** A call with its inputs as patterns, and what happened to them by the place in REGIONS. */
interface Work extends ElementwiseCall {
  patterns: Uint16Array;
  counts: Uint32Array;
}

/** A row, group by group. */
function lookUpRow(tables: Tables, config: VlpConfig, work: Work, row: number): void {
  const { cols, patterns } = work;
  const largest = config.anchor === 'max';
  const end = (row + 1) * cols;
  // The authors' code pads the front of a row to whole groups, with an exponent that forces the first window.
  const artifact = config.mode === 'artifact';
  const padding = artifact ? (config.group - (cols % config.group)) % config.group : 0;
  for (let first = row * cols - padding; first < end; first += config.group) {
    const from = Math.max(first, row * cols);
    const to = Math.min(first + config.group, end);
    const forced = from > first ? (largest ? 127 : -128) : undefined;
    lookUp(tables.at(forced ?? extremeExponent(tables.voting, largest, patterns, from, to)), work, from, to);
  }
}

/** Extreme exponent of a group of inputs, by which its sliding window is chosen. */
function extremeExponent(
  voting: Int16Array,
  largest: boolean,
  patterns: Uint16Array,
  from: number,
  to: number,
): number | undefined {
  let extreme = largest ? NEUTRAL : -NEUTRAL;
  for (let i = from; i < to; i++) {
    const exponent = voting[patterns[i]];
    if (exponent === NEUTRAL) continue;
    if (largest ? exponent > extreme : exponent < extreme) extreme = exponent;
  }
  return Math.abs(extreme) === -NEUTRAL ? undefined : extreme;
}

function lookUp(
  { values, regions }: AnswerTable,
  { out, statistics, regions: seen, patterns, counts }: Work,
  from: number,
  to: number,
): void {
  if (seen !== undefined) for (let i = from; i < to; i++) seen[i] = regions[patterns[i]];
  if (statistics !== undefined) for (let i = from; i < to; i++) counts[regions[patterns[i]]] += 1;
  for (let i = from; i < to; i++) out[i] = values[patterns[i]];
}
