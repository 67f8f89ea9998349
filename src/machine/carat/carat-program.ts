import { CODE_CYCLES, COLUMNS } from '../../vlp/array.ts';
import { LANE_LATENCY } from '../part/vector-array.ts';
import type { Pins, Product, Program } from '../whole/machine.ts';
import { oneHot, Timeline } from '../whole/timeline.ts';
import { COLUMN_LATENCY } from './carat-column.ts';
import { CARAT_ROW_LATENCY } from './carat-row.ts';

/** Rows whose weights come in one cycle, and whose results leave together, are an eighth of all. */
export const CHUNKS = CODE_CYCLES;
/** Cycles from activations on the pins to the first value of column 0: the input's register, and the column. */
const FIRST_VALUE = 1 + COLUMN_LATENCY;
/** Weights of the first chunk are on the pins this much before their frame: a frame, and two registers. */
const WEIGHTS_AHEAD = CODE_CYCLES + 2;
/** The first frame: weights and activations have come before it. */
const FIRST_FRAME = 2 * CODE_CYCLES;

/** One tile of rows and tokens in one group of k, and the frame in which it begins. */
interface Chain {
  outer: number;
  token: number;
  from: number;
  to: number;
  group: number;
  begin: number;
}

/**
 * Runs a product in frames of eight cycles: one for every k of a group, then the sums of the group drain, a chunk of rows a
 * frame, while they turn in their rings with zeros added. The next group's first products leave the rows when the last
 * chunk has been shown.
 */
export function caratProgram(rows: number, product: Product): Program {
  const lanes = rows / CHUNKS;
  const { m, k, n, group = k } = product;
  const line = new Timeline();
  let frame = FIRST_FRAME;
  for (let outer = 0; outer < n; outer += rows) {
    for (let token = 0; token < m; token += COLUMNS) {
      for (let from = 0; from < k; from += group) {
        const to = Math.min(k, from + group);
        const chain = { outer, token, from, to, group: from / group, begin: frame };
        multiply(line, rows, product, chain);
        drain(line, rows, product, chain);
        frame += CODE_CYCLES * (to - from + CHUNKS - 1);
      }
    }
  }
  const cycles = frame + 3 * CODE_CYCLES + LANE_LATENCY;
  const rest = new Uint8Array(CHUNKS);
  const buses: Pins = {
    activation: new Uint16Array(COLUMNS),
    nibble: new Uint8Array(lanes),
    data: new Uint16Array(lanes),
    scale: new Uint16Array(lanes),
  };
  const program = line.program(buses, cycles);
  return {
    ...program,
    pins: (cycle, earlier) => ({
      load: rest,
      show: rest,
      ...program.pins(cycle, earlier),
      count: cycle % CODE_CYCLES,
      parity: Math.floor(cycle / CODE_CYCLES) & 1,
    }),
  };
}

function multiply(line: Timeline, rows: number, product: Product, chain: Chain): void {
  const lanes = rows / CHUNKS;
  const { m, k, n, activations, weights } = product;
  const { outer, token, from, to, begin } = chain;
  // A frame more, whose weights and activations are zero: rows and columns keep the last ones else.
  for (let at = from; at <= to; at++) {
    const frame = begin + CODE_CYCLES * (at - from);
    for (let chunk = 0; chunk < CHUNKS; chunk++) {
      const nibble = Uint8Array.from({ length: lanes }, (_, lane) => {
        const row = outer + chunk * lanes + lane;
        return at < to && row < n ? weights[row * k + at] & 15 : 0;
      });
      line.at(frame - WEIGHTS_AHEAD + chunk, { nibble, load: oneHot(CHUNKS, chunk) });
    }
    const activation = Uint16Array.from({ length: COLUMNS }, (_, c) =>
      at < to && token + c < m ? activations[(token + c) * k + at] : 0,
    );
    line.at(frame - FIRST_VALUE, { activation, start: 1 });
  }
  for (let i = 0; i < CODE_CYCLES; i++) line.at(begin + CODE_CYCLES + i, { restart: 1 });
}

function drain(line: Timeline, rows: number, product: Product, chain: Chain): void {
  const lanes = rows / CHUNKS;
  const { outer, token, from, to, group, begin } = chain;
  const start = begin + CODE_CYCLES * (to - from) + CARAT_ROW_LATENCY;
  for (let chunk = 0; chunk < CHUNKS; chunk++) {
    const first = outer + chunk * lanes;
    line.scale(start + CODE_CYCLES * chunk, lanes, product, { first, group });
    for (let c = 0; c < COLUMNS; c++) {
      const cycle = start + CODE_CYCLES * chunk + c;
      line.at(cycle, { drain: 1, by_scale: 1, with_data: group > 0 ? 1 : 0, show: oneHot(CHUNKS, chunk) });
      if (token + c < product.m) line.drain(cycle, lanes, product, token + c, { first, group });
    }
  }
}
