import { COLUMNS } from '../../../vlp/array.ts';
import * as F from '../program/frame.ts';
import { toBits } from '../proof/arithmetic.ts';
import { exponentOf, MAGNITUDE_MASK, SPLIT_SIGN, splitAndRound } from '../unit/m-proc.ts';
import { ACTIVE, OUT } from '../program/run.ts';
import { activeIn, columnsOf, type Film } from './film.ts';

/** A row's spike meets a column: the slot takes what stands on the column's bus. */
export interface Pick {
  kind: 'pick';
  cycle: number;
  row: number;
  column: number;
  /** Frame of the program. */
  frame: number;
  lookup: boolean;
  /** What the row's code is of: a BF16 pattern, or an encoded weight; its magnitude is the spike's time. */
  entered: number;
  magnitude: number;
  negative: boolean;
  /** In a lookup: the exponent of this column, and whether it is the row's own. */
  exponent: number;
  own: boolean;
  /** On the bus, and in a product the activation itself, which the bus carries one cycle behind 0·a. */
  value: number;
  once: number;
  /** Cycles in which the row was loaded, its spike entered column 0, and its slot is read. */
  loaded: number;
  spiked: number;
  read: number;
}

/** A slot is read: its product meets the partial sum, or post-processing takes the result. */
export interface Read {
  kind: 'sum' | 'result';
  cycle: number;
  row: number;
  column: number;
  frame: number;
  /** Of the slot, sign joined. */
  value: number;
  /** Partial sum before it, as a BF16 pattern; none where the sum begins anew. */
  before?: number;
  /** The cycle in which the slot took it. */
  picked: number;
}

export type Moment = Pick | Read;

/** What a row does in a cycle: the picks of its spikes from left to right, then what is read from its slots. */
export function momentsAt(film: Film, cycle: number, row: number): Moment[] {
  const picks = columnsOf(film.spikes[cycle]?.[row] ?? 0).map((column) => pickAt(film, cycle, row, column));
  const read = readAt(film, cycle, row);
  return read === undefined ? picks : [...picks, read];
}

function pickAt(film: Film, cycle: number, row: number, column: number): Pick {
  const spiked = cycle - column;
  const frame = activeIn(spiked);
  const { data, low } = film.entered.get(frame)!;
  const split = splitAndRound(data[row]);
  const begin = (frame + ACTIVE) * COLUMNS;
  const exponent = low + column;
  return {
    kind: 'pick',
    cycle,
    row,
    column,
    frame,
    lookup: (film.words[frame] & F.LOOKUP) !== 0,
    entered: data[row],
    magnitude: split & MAGNITUDE_MASK,
    negative: (split & SPLIT_SIGN) !== 0,
    exponent,
    own: exponentOf(split) === exponent,
    value: film.bus[cycle][column],
    once: film.bus[begin + 1 + column]?.[column] ?? 0,
    loaded: frame * COLUMNS + Math.floor(row / (film.rows / COLUMNS)),
    spiked,
    read: begin + COLUMNS + column,
  };
}

function readAt(film: Film, cycle: number, row: number): Read | undefined {
  const frame = (cycle >>> 3) - OUT;
  const entered = film.entered.get(frame);
  if (frame < 0 || entered === undefined || entered.live[row] === 0) return undefined;
  const word = film.words[frame];
  const column = cycle & (COLUMNS - 1);
  const result = film.taken[cycle]?.[row] === 1;
  if (!result && (word & F.MAC) === 0) return undefined;
  const { [row]: pattern } = entered.data;
  const magnitude = splitAndRound(pattern) & MAGNITUDE_MASK;
  return {
    kind: result ? 'result' : 'sum',
    cycle,
    row,
    column,
    frame,
    value: film.slots[cycle][row],
    before: result || (word & F.FIRST) !== 0 ? undefined : toBits(film.sums[cycle][row]),
    picked: (frame + ACTIVE) * COLUMNS + magnitude + column,
  };
}
