import { MugiError } from '../../errors.ts';
import { sharedExponent } from '../figna/figna-align.ts';
import { LANE_LATENCY } from '../part/vector-array.ts';
import type { Pins, Product, Program } from '../whole/machine.ts';
import { oneHot, Timeline } from '../whole/timeline.ts';
import { MOST_TERMS } from './integer-sums.ts';
import { busLanes } from './rows.ts';
import { exponentLanes, reuseLanes, type ReuseShape, reuseTiming, TOKENS, weightsOf } from './shape.ts';

/** One pass of tokens in a group of k, for one tile of outputs. */
interface Chain {
  outer: number;
  token: number;
  tokens: number;
  from: number;
  to: number;
  group: number;
}

/** Cycles of a tile: as many as its tokens, or its weights, need. */
function tileCycles(shape: ReuseShape, tokens: number): number {
  const { loads } = reuseTiming(shape);
  return Math.max(loads, shape.flow === 'dot' ? tokens : loads);
}

/**
 * Runs a product on rows of one kind: for every tile of outputs and pass of tokens the tiles of k one after the other, whose
 * weights are written while those before are used; then the sums of the group leave. With dot products the next group begins
 * as they do, because a sum leaves in the cycle in which it begins anew.
 * @throws MugiError for groups of more products than integer sums hold
 */
export function reuseProgram(shape: ReuseShape, product: Product): Program {
  const { m, k, n, group = k } = product;
  if (shape.sums === 'integer' && group > MOST_TERMS) {
    throw new MugiError({
      code: 'invalid-value',
      message: `integer sums wrap beyond a group of ${MOST_TERMS}`,
      path: 'group',
      expected: `at most ${MOST_TERMS}`,
      received: String(group),
    });
  }
  const { row, read, written, slots, loads } = reuseTiming(shape);
  const line = new Timeline();
  const inner = weightsOf(shape);
  let time = Math.max(0, loads + 2 - row);
  let end = time;
  let before = 0;
  for (let outer = 0; outer < n; outer += shape.rows) {
    for (let token = 0; token < m; token += slots) {
      const tokens = Math.min(slots, m - token);
      const cycles = tileCycles(shape, tokens);
      // Tokens would come to their second tile while sums of the pass before still leave.
      if (cycles < before) time += before;
      before = tokens;
      for (let from = 0; from < k; from += group) {
        const chain = { outer, token, tokens, from, to: Math.min(k, from + group), group: from / group };
        for (let at = from; at < chain.to; at += inner, time += cycles) {
          loadWeights(line, shape, product, chain, at, time);
          multiply(line, shape, product, chain, at, time);
        }
        // As the next tile reads it, or once the last sum is written: a row reads one sum at a time.
        const leaves =
          shape.flow === 'dot' ? time + read - 1 : time - cycles + lastInput(shape, tokens) + written;
        end = leave(line, shape, product, chain, leaves);
        if (shape.flow !== 'dot') time = Math.max(time, end + 1);
      }
    }
  }
  const rest = pinsAtRest(shape);
  const program = line.program(buses(shape), end + LANE_LATENCY + 4);
  return { ...program, pins: (cycle, earlier) => ({ ...rest, ...program.pins(cycle, earlier) }) };
}

/** Cycles of a tile after which its last activation has come. */
const lastInput = ({ pick, flow }: ReuseShape, tokens: number): number =>
  pick === 'time' ? 0 : flow === 'inner' ? TOKENS * TOKENS - 1 : tokens - 1;

function loadWeights(
  line: Timeline,
  shape: ReuseShape,
  { k, n, weights }: Product,
  { outer, to }: Chain,
  at: number,
  time: number,
): void {
  const { row, loads } = reuseTiming(shape);
  const { lanes, chunks } = reuseLanes(shape);
  for (let piece = 0; piece < loads; piece++) {
    const chunk = piece % chunks;
    const index = Math.floor(piece / chunks);
    const nibble = Uint8Array.from({ length: lanes }, (_, lane) => {
      const output = outer + chunk * lanes + lane;
      return output < n && at + index < to ? weights[output * k + at + index] & 15 : 0;
    });
    line.at(time + row - 2 - loads + piece, {
      nibble,
      load_chunk: oneHot(chunks, chunk),
      load_weight: oneHot(weightsOf(shape), index),
    });
  }
}

function multiply(
  line: Timeline,
  shape: ReuseShape,
  product: Product,
  chain: Chain,
  at: number,
  time: number,
): void {
  const { activations, k } = product;
  const { token, tokens, from, to } = chain;
  const first = at === from ? 1 : 0;
  const value = (t: number, index: number): number =>
    t < tokens && index < to ? activations[(token + t) * k + index] : 0;
  const exponent = (t: number): number => (t < tokens ? exponentOf(product, chain, t) : 0);
  if (shape.pick === 'time') {
    line.at(time, {
      activation: Uint16Array.from({ length: TOKENS }, (_, t) => value(t, at)),
      exponent: Uint8Array.from({ length: exponentLanes(shape) }, (_, t) => exponent(t)),
      valid: 1,
      swap: 1,
      first,
    });
    return;
  }
  const put = (cycle: number, t: number, index: number, which: number): void => {
    line.at(time + cycle, {
      activation: Uint16Array.from({ length: busLanes(shape) }, (_, lane) => value(t, index + lane)),
      exponent: Uint8Array.of(exponent(t)),
      valid: 1,
      swap: cycle === 0 ? 1 : 0,
      first,
      token: t,
      which,
    });
  };
  if (shape.flow !== 'inner') {
    for (let t = 0; t < tokens; t++) put(t, t, at, 0);
    return;
  }
  // A BF16 adder takes two cycles, so two tokens take turns; integers go on with the next k at once.
  const turns = shape.sums === 'bf16' ? 2 : 1;
  for (let pass = 0; pass < Math.ceil(tokens / turns); pass++) {
    for (let i = 0; i < TOKENS * turns; i++) {
      const t = pass * turns + (i % turns);
      const which = Math.floor(i / turns);
      if (t < tokens) put(pass * TOKENS * turns + i, t, at + which, which);
    }
  }
}

/** Sums of a pass leave, a token and a chunk of rows a cycle; gives the cycle after the last. */
function leave(line: Timeline, shape: ReuseShape, product: Product, chain: Chain, start: number): number {
  const { lanes, chunks } = reuseLanes(shape);
  const { outer, tokens, from, to, group } = chain;
  const integer = shape.sums === 'integer';
  /** Lines in a register; integers in one more, and in one behind their conversion. */
  const late = integer ? 3 : 1;
  const count = Math.ceil((to - from) / weightsOf(shape)) * weightsOf(shape);
  let cycle = start;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const first = outer + chunk * lanes;
    line.scale(cycle + late, lanes, product, { first, group });
    for (let t = 0; t < tokens; t++, cycle++) {
      line.at(cycle, {
        leave: 1,
        leave_token: t,
        leave_chunk: oneHot(chunks, chunk),
        leave_exponent: integer ? exponentOf(product, chain, t) : 0,
        leave_count: integer ? count : 0,
      });
      line.at(cycle + late, { drain: 1, by_scale: 1, with_data: group > 0 ? 1 : 0 });
      line.drain(cycle + late, lanes, product, chain.token + t, { first, group });
    }
  }
  return cycle + late;
}

/** Largest exponent of a token's activations in a group; who writes activations finds it, once for all their products. */
function exponentOf({ activations, k }: Product, { token, from, to }: Chain, t: number): number {
  const row = (token + t) * k;
  return sharedExponent(activations.subarray(row + from, row + to));
}

const pinsAtRest = (shape: ReuseShape): Pins => ({
  token: 0,
  which: 0,
  load_chunk: oneHot(reuseLanes(shape).chunks, -1),
  load_weight: oneHot(weightsOf(shape), -1),
  leave: 0,
  leave_token: 0,
  leave_chunk: oneHot(reuseLanes(shape).chunks, -1),
  leave_exponent: 0,
  leave_count: 0,
});

function buses(shape: ReuseShape): Pins {
  const { lanes } = reuseLanes(shape);
  return {
    activation: new Uint16Array(busLanes(shape)),
    exponent: new Uint8Array(exponentLanes(shape)),
    nibble: new Uint8Array(lanes),
    data: new Uint16Array(lanes),
    scale: new Uint16Array(lanes),
  };
}
