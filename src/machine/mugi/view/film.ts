import { MugiError } from '../../../errors.ts';
import { COLUMNS } from '../../../vlp/array.ts';
import type { Node } from '../node.ts';
import * as F from '../program/frame.ts';
import { ACTIVE, type Observer } from '../program/run.ts';

/** What a frame took with it into the active stage. */
export interface Entered {
  /** Row data behind the vector lanes: BF16 values, or encoded weights (`encodeWeight`). */
  data: Uint16Array;
  live: Uint8Array;
  /** Lowest biased exponent of its sliding window. */
  low: number;
}

/**
 * Every cycle of a run, so that a viewer can go to any of them. Lists are by cycle, what they hold by row (or by column
 * for `bus`); frame f of the program is active in cycles 8(f + 2) to 8(f + 2) + 7.
 */
export interface Film {
  readonly rows: number;
  readonly cycles: number;
  /** Frame words of the program, by index. */
  readonly words: readonly number[];
  readonly entered: ReadonlyMap<number, Entered>;
  /** Values on the eight column buses. */
  readonly bus: readonly Uint16Array[];
  /** Columns that the row's spikes select, as bits. */
  readonly spikes: readonly Uint8Array[];
  /** 1 where post-processing takes the row's result from slot CNT. */
  readonly taken: readonly Uint8Array[];
  /** Slot CNT of the row, which is read, and the partial sum that stands at place CNT. */
  readonly slots: readonly Uint16Array[];
  readonly sums: readonly Float32Array[];
}

/** Rows times cycles that a film may hold: some ten megabytes. */
const FILM_CELLS = 2 ** 19;

/** @throws MugiError for a run that is too long to be kept */
export function checkFilm(rows: number, cycles: number): void {
  const most = Math.floor(FILM_CELLS / rows);
  if (cycles <= most) return;
  throw new MugiError({
    code: 'invalid-value',
    message: 'the run is too long to be shown cycle by cycle',
    path: 'cycles',
    expected: `at most ${most} at ${rows} rows: fewer values, or a design of more rows`,
    received: `${cycles} cycles`,
  });
}

/** The frame that is active in a cycle; below 0 before the first one. */
export const activeIn = (cycle: number): number => (cycle >>> 3) - ACTIVE;

/** Columns that the spikes of the first `rows` rows select in this cycle, as bits. */
export const selectedNow = (node: Node, rows: number): Uint8Array =>
  Uint8Array.from({ length: rows }, (_, row) => node.elements.spikes[row] | node.spikeNow(row));

/** 1 where post-processing takes the row's result in this cycle. */
export function takenNow({ sequencer, post }: Node, rows: number): Uint8Array {
  const lookup = (sequencer.out & F.LOOKUP) !== 0;
  return Uint8Array.from({ length: rows }, (_, row) =>
    lookup && post.hit[row] !== 0 && post.place[row] === sequencer.count ? 1 : 0,
  );
}

/**
 * An observer that records a whole run; `film` gives its first `cycles` cycles, up to the last result. It throws a MugiError where the run is too long to be kept.
 */
export function camera(rows: number): { film(cycles: number): Film; observe: Observer } {
  const words: number[] = [];
  const entered = new Map<number, Entered>();
  const [bus, spikes, taken, slots]: [Uint16Array[], Uint8Array[], Uint8Array[], Uint16Array[]] = [
    [],
    [],
    [],
    [],
  ];
  const sums: Float32Array[] = [];
  const observe: Observer = (cycle, node) => {
    checkFilm(rows, cycle + 1);
    const { sequencer: s, inputFifo, deskew, accumulator } = node;
    if (s.count === 0) words[cycle >>> 3] = s.load;
    if (s.count === COLUMNS - 1 && (s.hold & F.SPIKE) !== 0) enter(node, (cycle >>> 3) - 1);
    bus.push(inputFifo.bus.slice());
    spikes.push(selectedNow(node, rows));
    taken.push(takenNow(node, rows));
    slots.push(Uint16Array.from({ length: rows }, (_, row) => deskew.slot[row * COLUMNS + s.count]));
    sums.push(Float32Array.from({ length: rows }, (_, row) => accumulator.sum[row * COLUMNS + s.count]));
  };
  const enter = ({ sequencer, fifo, exponent }: Node, frame: number): void => {
    // The second pass over a function of both signs keeps what the first one took.
    const before = entered.get(frame - 1);
    if ((sequencer.hold & F.LOAD) === 0 && before !== undefined) {
      entered.set(frame, before);
      return;
    }
    const from = (sequencer.parity ^ 1) * rows;
    entered.set(frame, {
      data: fifo.data.slice(from, from + rows),
      live: fifo.live.slice(from, from + rows),
      low: exponent.low,
    });
  };
  return {
    observe,
    film: (cycles) => ({ rows, cycles, words, entered, bus, spikes, taken, slots, sums }),
  };
}

/** What a frame does, in a word; none for one that only lets time pass. */
export function kindOf(word: number): string {
  if ((word & F.MAC) !== 0) return 'multiply';
  if ((word & F.DRAIN) !== 0) return 'drain';
  if ((word & F.LOOKUP) !== 0)
    return (word & F.SINGLE) !== 0 ? 'look up' : (word & F.NEGATIVE) !== 0 ? 'look up −' : 'look up +';
  if ((word & F.MAXIMUM) !== 0) return 'maximum';
  if ((word & F.RECIPROCAL) !== 0) return 'reciprocal';
  return (word & F.SCALE) !== 0 ? 'scale' : '';
}

/** Columns whose bit is set. */
export const columnsOf = (bits: number): number[] =>
  Array.from({ length: COLUMNS }, (_, column) => column).filter((column) => ((bits >>> column) & 1) === 1);
