import { ACCUMULATE, SLOTS } from '../part/tile-accumulator.ts';
import { LANE_LATENCY } from '../part/vector-array.ts';
import { HALF, type HeldArray, heldLatency } from './held.ts';
import type { Pins, Product, Program } from './machine.ts';
import { Timeline } from './timeline.ts';

/** Tokens that an array with held weights keeps sums of. */
const PASS = SLOTS;

/**
 * Runs a product on an array with held weights: for every tile of n and pass of tokens, the tiles of k one after the other,
 * whose weights are written while those before multiply; the sums of a group of k then drain through the vector array, with
 * their scales and what earlier groups gave. A tile takes as many cycles as it has tokens, or as its weights need.
 */
export function heldProgram(array: HeldArray, product: Product): Program {
  const { columns: K, rows: N } = array.sides;
  const { m, k, n, group = k } = product;
  const line = new Timeline();
  let time = Math.max(0, array.writeAhead);
  /** When each half of the slots, or both, has drained. */
  const drained = [0, 0];
  let lastDrain = 0;
  let half = 0;
  for (let outer = 0; outer < n; outer += N) {
    for (let token = 0; token < m; token += PASS) {
      const tokens = Math.min(PASS, m - token);
      for (let from = 0; from < k; from += group) {
        const to = Math.min(k, from + group);
        const base = tokens <= HALF ? half * HALF : 0;
        const free = tokens <= HALF ? drained[half] : Math.max(...drained);
        // The first sum of column 0 may be written once its slot was read.
        time = Math.max(time, free - 1 - array.latency - ACCUMULATE + 1);
        for (let inner = from; inner < to; inner += K) {
          tile(line, array, product, { outer, token, tokens, inner, to, first: inner === from, base, time });
          time += Math.max(tokens, K);
        }
        const last = time - Math.max(tokens, K);
        const start = Math.max(lastDrain, last + heldLatency(array));
        const at = { outer, token, tokens, group: from / group, base, start };
        drainGroup(line, array, product, at);
        lastDrain = start + tokens;
        if (tokens <= HALF) {
          drained[half] = lastDrain;
          half = 1 - half;
        } else drained.fill(lastDrain);
      }
    }
  }
  const cycles = lastDrain + LANE_LATENCY + 1;
  return line.program(idle(array), cycles);
}

interface Tile {
  outer: number;
  token: number;
  tokens: number;
  inner: number;
  to: number;
  first: boolean;
  base: number;
  time: number;
}

function tile(line: Timeline, array: HeldArray, product: Product, at: Tile): void {
  const { columns: K, rows: N } = array.sides;
  const { k, n, activations, weights } = product;
  const { outer, token, tokens, inner, to, first, base, time } = at;
  const begin = time - array.writeAhead;
  for (let lane = 0; lane < K; lane++) {
    const nibble = Uint8Array.from({ length: N }, (_, i) =>
      outer + i < n && inner + lane < to ? weights[(outer + i) * k + inner + lane] & 15 : 0,
    );
    line.at(begin + lane, { nibble, writing: 1, write: lane === 0 ? 1 : 0 });
  }
  for (let i = 0; i < tokens; i++) {
    const activation = Uint16Array.from({ length: K }, (_, lane) =>
      inner + lane < to ? activations[(token + i) * k + inner + lane] : 0,
    );
    line.at(time + i, {
      activation,
      valid: 1,
      swap: i === 0 ? 1 : 0,
      first: first ? 1 : 0,
      slot: base + i,
    });
  }
}

function drainGroup(
  line: Timeline,
  { sides: { rows: lanes } }: HeldArray,
  product: Product,
  at: { outer: number; token: number; tokens: number; group: number; base: number; start: number },
): void {
  const { outer, token, tokens, group, base, start } = at;
  line.scale(start, lanes, product, { first: outer, group });
  for (let i = 0; i < tokens; i++) {
    const cycle = start + i;
    line.at(cycle, { drain: 1, drain_slot: base + i, by_scale: 1, with_data: group > 0 ? 1 : 0 });
    line.drain(cycle, lanes, product, token + i, { first: outer, group });
  }
}

const idle = ({ sides }: HeldArray): Pins => ({
  activation: new Uint16Array(sides.columns),
  nibble: new Uint8Array(sides.rows),
  data: new Uint16Array(sides.rows),
  scale: new Uint16Array(sides.rows),
});
