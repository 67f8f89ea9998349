import { type Bits, constant, mux } from '../../hardware/bits.ts';
import { firstOf, tree } from '../../hardware/choice.ts';
import { module } from '../../hardware/module.ts';
import { vector } from '../../hardware/port.ts';
import { fifo } from '../../hardware/units/fifo.ts';

/** Ports in this order; the last is the node's own. */
const ROUTER_PORTS = ['north', 'east', 'south', 'west', 'local'] as const;
const PORTS = ROUTER_PORTS.length;
/** Destination column and row beside each word: meshes up to 16 × 16. */
const COORDINATE = 4;
const QUEUE_DEPTH = 4;

/** A word on its way: where to, and what. */
export interface Flit {
  column: number;
  row: number;
  data: bigint;
}

/** Dimension order: along the row first. Row 0 is the northernmost. */
export function outputPort(column: number, row: number, to: Pick<Flit, 'column' | 'row'>): number {
  if (to.column !== column) return to.column > column ? 1 : 3;
  if (to.row !== row) return to.row > row ? 2 : 0;
  return 4;
}

/**
 * Router of a two-dimensional mesh: a queue of four flits at each of five inputs, dimension-order routing, and a
 * round-robin arbiter at each output. A flit waits at least one cycle; a full queue is not ready for more.
 */
export class Router {
  readonly #column: number;
  readonly #row: number;
  readonly #queues: Flit[][] = Array.from({ length: PORTS }, () => []);
  /** The input that each output served last. */
  readonly #last = Array.from({ length: PORTS }, () => 0);

  constructor(column: number, row: number) {
    this.#column = column;
    this.#row = row;
  }

  /** Whether each input can take a flit in this cycle. */
  get ready(): boolean[] {
    return this.#queues.map((queue) => queue.length < QUEUE_DEPTH);
  }

  /** The input that each output serves in this cycle, or undefined. */
  #granted(): (number | undefined)[] {
    return this.#last.map((last, output) => {
      for (let i = 1; i <= PORTS; i++) {
        const input = (last + i) % PORTS;
        const front = this.#queues[input][0];
        if (front !== undefined && outputPort(this.#column, this.#row, front) === output) return input;
      }
      return undefined;
    });
  }

  /** What each output offers in this cycle. */
  get offers(): (Flit | undefined)[] {
    return this.#granted().map((input) => (input === undefined ? undefined : this.#queues[input][0]));
  }

  /** The clock edge: flits that arrive (where ready), and which outputs are taken. */
  clock(arriving: readonly (Flit | undefined)[], taken: readonly boolean[]): void {
    const { ready } = this;
    this.#granted().forEach((input, output) => {
      if (input === undefined || !taken[output]) return;
      this.#queues[input].shift();
      this.#last[output] = input;
    });
    arriving.forEach((flit, port) => {
      if (flit !== undefined && ready[port]) this.#queues[port].push(flit);
    });
  }
}

/** Rotating priority: the first request behind `last`, one-hot; zero without a request. */
function roundRobin(requests: readonly Bits[], last: readonly Bits[]): Bits[] {
  const grants = last.map((mine, from) => {
    const order = requests.map((_, i) => (from + 1 + i) % requests.length);
    let free: Bits | undefined;
    const chosen: Bits[] = [];
    for (const i of order) {
      chosen[i] = free === undefined ? requests[i] : requests[i].and(free);
      free = free === undefined ? requests[i].not() : free.and(requests[i].not());
    }
    return chosen.map((grant) => grant.and(mine));
  });
  return requests.map((_, i) =>
    tree(
      grants.map((grant) => grant[i]),
      (a, b) => a.or(b),
    ),
  );
}

/** `width` data bits a flit; a flit on a bus is {column, row, data}. */
export const routerModule = (width: number) => {
  const flit = 2 * COORDINATE + width;
  return module(
    {
      name: `router_${width}`,
      doc: `Mesh router: five ports of ${width} bits, queues of ${QUEUE_DEPTH}, dimension order, round robin.`,
      inputs: {
        column: COORDINATE,
        row: COORDINATE,
        valid: vector(PORTS, 1),
        flit: vector(PORTS, flit),
        taken: vector(PORTS, 1),
      },
    },
    (m, io) => {
      const popped = io.valid.map((_, i) => m.declare(`popped_${i}`, 1));
      const queues = io.valid.map((push, i) =>
        m.instance(`queue_${i}`, fifo({ width: flit, depth: QUEUE_DEPTH }), {
          push,
          data: io.flit[i],
          pop: popped[i],
        }),
      );
      // wanted[input][output]
      const wanted = queues.map(({ front, empty }, i) => {
        const to = m.wire(`to_column_${i}`, front.high(COORDINATE));
        const toRow = m.wire(`to_row_${i}`, front.slice(width + COORDINATE - 1, width));
        const port = firstOf(
          [
            [to.gt(io.column), 1],
            [to.lt(io.column), 3],
            [toRow.gt(io.row), 2],
            [toRow.lt(io.row), 0],
          ],
          constant(4, 3),
        );
        return io.taken.map((_, output) => port.eq(output).and(empty.not()));
      });
      const outputs = io.taken.map((taken, output) => {
        const last = io.valid.map((_, i) => m.register(`last_${output}_${i}`, 1, { reset: i === 0 ? 1 : 0 }));
        const grants = roundRobin(
          wanted.map((row) => row[output]),
          last,
        ).map((grant, i) => m.wire(`grant_${output}_${i}`, grant));
        const any = m.wire(
          `any_${output}`,
          tree(grants, (a, b) => a.or(b)),
        );
        const moves = any.and(taken);
        last.forEach((state, i) => state.next(mux(moves, grants[i], state)));
        const data = tree(
          queues.map(({ front }, i) => front.gate(grants[i])),
          (a, b) => a.or(b),
        );
        return { any, data, pops: grants.map((grant) => grant.and(taken)) };
      });
      popped.forEach((wire, i) => {
        wire.drive(
          tree(
            outputs.map(({ pops }) => pops[i]),
            (a, b) => a.or(b),
          ),
        );
      });
      return {
        ready: queues.map(({ full }) => full.not()),
        offered: outputs.map(({ any }) => any),
        leaving: outputs.map(({ data }) => data),
      };
    },
  );
};
