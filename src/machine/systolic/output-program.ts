import { FLOAT_LATENCY } from '../part/registered.ts';
import { LANE_LATENCY } from '../part/vector-array.ts';
import type { Sides } from '../sides.ts';
import type { Product, Program } from '../whole/machine.ts';
import { Timeline } from '../whole/timeline.ts';

/** Cycles from operands that reach a cell to its adder. */
export const PRODUCT = 1 + FLOAT_LATENCY;
/**
 * From there, for the last product of a sum: the even sum is complete and is put aside, the odd one is added to it, and
 * the whole is put aside.
 */
export const ASIDE = PRODUCT + 1;
export const JOIN = PRODUCT + 2;
export const WHOLE = JOIN + FLOAT_LATENCY;
/** Cycles without operands between two sums: the adder joins even and odd in the second one. */
const GAP = 2;

/**
 * Runs a product: a tile of tokens and outputs after the other, group by group of k; the results of a group move down while
 * the next one is added, and leave through the vector array. Groups of fewer than two k get zeros.
 */
export function outputProgram(sides: Sides, product: Product): Program {
  const { columns: M, rows: N } = sides;
  const { m, k, n, group = k } = product;
  const line = new Timeline();
  let time = 0;
  let free = 0;
  for (let outer = 0; outer < n; outer += N) {
    for (let token = 0; token < m; token += M) {
      for (let from = 0; from < k; from += group) {
        const to = Math.min(k, from + group);
        const length = Math.max(2, to - from);
        // Results put aside must not meet those that still move down.
        time = Math.max(time, free - 1 - ASIDE - (length - 1));
        feed(line, sides, product, { outer, token, from, to, time });
        const complete = time + length - 1 + 1 + (M + N - 2) + WHOLE + 1;
        const start = Math.max(complete, free);
        leave(line, sides, product, { outer, token, group: from / group, start });
        free = start + M;
        time += length + GAP;
      }
    }
  }
  const buses = {
    activation: new Uint16Array(M),
    nibble: new Uint8Array(N),
    data: new Uint16Array(N),
    scale: new Uint16Array(N),
    live: Uint8Array.from({ length: M }, (_, i) => (i < m ? 1 : 0)),
  };
  return line.program(buses, free + LANE_LATENCY + 1);
}

function feed(
  line: Timeline,
  { columns: M, rows: N }: Sides,
  { m, k, n, activations, weights }: Product,
  { outer, token, from, to, time }: { outer: number; token: number; from: number; to: number; time: number },
): void {
  const length = Math.max(2, to - from);
  for (let i = 0; i < length; i++) {
    const at = from + i;
    const activation = Uint16Array.from({ length: M }, (_, lane) =>
      at < to && token + lane < m ? activations[(token + lane) * k + at] : 0,
    );
    const nibble = Uint8Array.from({ length: N }, (_, lane) =>
      at < to && outer + lane < n ? weights[(outer + lane) * k + at] & 15 : 0,
    );
    const [first, last] = [i < 2 ? 1 : 0, i === length - 1 ? 1 : 0];
    line.at(time + i, { activation, nibble, valid: 1, first, last });
  }
}

function leave(
  line: Timeline,
  { columns: M, rows: N }: Sides,
  product: Product,
  { outer, token, group, start }: { outer: number; token: number; group: number; start: number },
): void {
  line.scale(start, N, product, { first: outer, group });
  for (let i = 0; i < M; i++) {
    const cycle = start + i;
    const row = token + M - 1 - i;
    line.at(cycle, { shift: 1 });
    if (row >= product.m) continue;
    line.at(cycle, { drain: 1, by_scale: 1, with_data: group > 0 ? 1 : 0 });
    line.drain(cycle, N, product, row, { first: outer, group });
  }
}
