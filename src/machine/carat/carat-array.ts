import { flush, fromBits, quiet } from '../../number/bf16.ts';
import { CODE_CYCLES, COLUMNS } from '../../vlp/array.ts';
import { noArrayActivity } from '../array/activity.ts';
import {
  type ArrayJob,
  type ArrayRun,
  type ArrayTile,
  checkArrayJob,
  lengthOf,
  pieces,
  type Range,
} from '../array/job.ts';
import { type ArrayObserver, LEAVES, WORKS } from '../array/observe.ts';
import { Sums } from '../array/sums.ts';
import { Pipeline } from '../part/registered.ts';
import { CaratColumn, COLUMN_LATENCY } from './carat-column.ts';
import { int4ToFp8 } from './carat-product.ts';
import { CARAT_ROW_LATENCY, CaratRow } from './carat-row.ts';

/** Carat's array: H rows (axis N) of eight columns (axis M). */
export interface CaratArray {
  rows: number;
  /** Registers of the column buses on their way to the rows. */
  stages: number;
  /** Sums that leave in a cycle: what a word of the output SRAM takes. */
  leaving: number;
}

/** The FP8 weight of idle frames: its products are −0, which turning sums take without a change, also those that are −0. */
const NEGATIVE_ZERO = 0x80;

/** Frames in which the eight sums of all rows leave, `leaving` rows in each. */
export const caratDrainFrames = ({ rows, leaving }: Omit<CaratArray, 'stages'>): number =>
  Math.ceil(rows / Math.min(rows, leaving));

/**
 * Cycles of a mapping beyond those of its frames: the way of an activation to the rows, and of a product to its sum; the
 * sums of the last tile leave in its own drain frames, of which the first is that of the last products.
 */
export const caratTail = (stages: number): number =>
  COLUMN_LATENCY + stages + CARAT_ROW_LATENCY + COLUMNS - CODE_CYCLES;

/** A frame of eight cycles: an inner index of a tile of outputs, or a frame of its drain. */
interface Frame {
  m: Range;
  n: Range;
  /** Inner index; absent in a drain. */
  k?: number;
  /** The chain of sums begins here. */
  first: boolean;
  /** Rows of which the sums leave here, and the inner index that their chain ends with. */
  drain?: Range;
  end: number;
}

/**
 * Runs a GEMM cycle by cycle on the columns and rows of the gates' behaviour. A frame of eight cycles makes the products
 * of eight activations with the weights of all rows; a chain of sums stays in the rings of the rows, which turn once a
 * frame, and leaves in further frames before the next one begins.
 */
export function runCarat(
  array: CaratArray,
  job: ArrayJob,
  tile: ArrayTile,
  observe?: ArrayObserver,
): ArrayRun {
  checkArrayJob(job, tile);
  const activity = noArrayActivity();
  const sums = new Sums(job, tile, activity);
  const height = Math.min(array.rows, job.n);
  const rows = Array.from({ length: height }, () => new CaratRow());
  const columns = Array.from({ length: COLUMNS }, () => new CaratColumn());
  const buses = Array.from({ length: COLUMNS }, () => new Pipeline(Math.max(1, array.stages)));
  const frames = framesOf(array, job, tile);
  const values = new Uint16Array(COLUMNS);
  const lanes = new Uint8Array(array.rows);
  const lead = COLUMN_LATENCY + array.stages;
  let end = 0;
  const frameAt = (cycle: number): Frame | undefined => frames[Math.floor(cycle / CODE_CYCLES)];
  // Cycle 0 is the first of frame 0 at column 0; its activation enters `lead` cycles before.
  const last = (frames.length + 1) * CODE_CYCLES + lead;
  for (let cycle = -lead; cycle < last; cycle++) {
    lanes.fill(0);
    const slot = ((cycle % CODE_CYCLES) + CODE_CYCLES) % CODE_CYCLES;
    leave(cycle);
    let parities = 0;
    for (let c = 0; c < COLUMNS; c++) {
      values[c] = array.stages > 0 ? buses[c].output : columns[c].value;
      parities |= (Math.floor((cycle - c) / CODE_CYCLES) & 1) << c;
    }
    const now = frameAt(cycle);
    const next = slot === CODE_CYCLES - 1 ? frameAt(cycle + 1) : undefined;
    if (next?.k !== undefined) take(next);
    const parity = Math.floor(cycle / CODE_CYCLES) & 1;
    const restart = frameAt(cycle - CODE_CYCLES)?.first ?? false;
    for (let r = 0; r < height; r++) {
      const weight = next?.k === undefined ? NEGATIVE_ZERO : weightOf(next, next.k, r);
      rows[r].clock({ count: slot, parity, weight, columns: values, parities, restart });
      if (now?.k !== undefined && r < lengthOf(now.n)) lanes[r] |= WORKS;
    }
    for (let c = 0; c < COLUMNS; c++) {
      buses[c].clock(columns[c].value);
      const at = cycle + lead - c;
      const start = at >= 0 && at % CODE_CYCLES === 0;
      columns[c].clock(start, start ? activationOf(frameAt(at), c) : 0);
    }
    observe?.(cycle + lead, lanes);
  }
  return { output: sums.output(), cycles: end + lead + 1, activity };

  function activationOf(frame: Frame | undefined, c: number): number {
    if (frame?.k === undefined || c >= lengthOf(frame.m)) return 0;
    activity.inputLoad += 1;
    return flush(quiet(job.activations[(frame.m.from + c) * job.k + frame.k]));
  }

  function weightOf({ n }: Frame, k: number, r: number): number {
    return r < lengthOf(n) ? int4ToFp8(job.weights[(n.from + r) * job.k + k] & 15) : 0;
  }

  function take({ m, n }: Frame): void {
    activity.steps += 1;
    activity.weightSteps += 1;
    activity.weightLoad += lengthOf(n);
    activity.mac += lengthOf(m) * lengthOf(n);
    activity.accumulate += lengthOf(m) * lengthOf(n);
  }

  /** The sum of column c is at the rows' results CARAT_ROW_LATENCY cycles after its products; one turn later again. */
  function leave(cycle: number): void {
    const at = cycle - CARAT_ROW_LATENCY;
    const frame = at < 0 ? undefined : frameAt(at);
    if (frame?.drain === undefined) return;
    const c = at % CODE_CYCLES;
    for (let r = frame.drain.from; r < Math.min(frame.drain.to, lengthOf(frame.n)); r++) {
      lanes[r] |= LEAVES;
      if (c < lengthOf(frame.m))
        sums.finish(frame.m.from + c, frame.n.from + r, frame.end, fromBits(rows[r].result));
    }
    if (frame.drain.from === 0 && c < lengthOf(frame.m)) activity.scalingSteps += 1;
    end = cycle;
  }
}

function framesOf(array: CaratArray, job: ArrayJob, tile: ArrayTile): Frame[] {
  const frames: Frame[] = [];
  const all = (to: number): Range => ({ from: 0, to });
  for (const rows of pieces(all(job.m), tile.m))
    for (const outputs of pieces(all(job.n), tile.n))
      for (const n of pieces(outputs, array.rows))
        for (const m of pieces(rows, COLUMNS))
          for (const k of pieces(all(job.k), tile.k)) {
            const end = k.from;
            for (let at = k.from; at < k.to; at++) frames.push({ m, n, k: at, first: at === k.from, end });
            for (const drain of pieces(all(array.rows), array.leaving))
              frames.push({ m, n, first: false, drain, end });
          }
  return frames;
}
