import { alignedTo } from '../figna/figna-align.ts';
import { add, multiply, treeSum } from '../part/float.ts';
import { History } from '../part/gated.ts';
import { int4ToBf16, int4Value } from '../part/int4-to-bf16.ts';
import { integerToBf16 } from '../part/integer-to-bf16.ts';
import { lanePins, VectorArray } from '../part/vector-array.ts';
import { type Sides, sidesName } from '../sides.ts';
import type { Behaviour, Machine, Pins } from '../whole/machine.ts';
import { reuseModule } from './reuse-module.ts';
import { pickShape } from './pick-array.ts';
import { reuseProgram } from './reuse-program.ts';
import {
  reuseLanes,
  type ReuseShape,
  reuseShape,
  reuseTiming,
  type RowKind,
  TOKENS,
  weightsOf,
} from './shape.ts';

/** What rows add in a cycle: a term a row, for a token. */
interface Added {
  token: number;
  first: boolean;
  which: number;
  terms: ArrayLike<number>;
}

/** Rows of one kind. All picks give the same products, so behaviour knows of picking no more than when it is done. */
class ReuseMachine implements Behaviour {
  readonly #shape: ReuseShape;
  readonly #lanes: VectorArray;
  readonly #past: History<Pins>;
  readonly #adding: History<readonly Added[]>;
  /** [row][weight]: written, and used. */
  readonly #next: Uint8Array[];
  readonly #present: Uint8Array[];
  /** [row][token] */
  readonly #sums: Float64Array[];
  /** [row][token]: what the eight k of an inner sum add up to so far. */
  readonly #inner: Float64Array[];
  /** Integers on their way out, and as BF16. */
  readonly #integers: Float64Array;
  readonly #converted: Uint16Array;

  constructor(shape: ReuseShape) {
    const { rows } = shape;
    const { written, slots } = reuseTiming(shape);
    const { lanes } = reuseLanes(shape);
    const weights = () => Array.from({ length: rows }, () => new Uint8Array(weightsOf(shape)));
    const sums = () => Array.from({ length: rows }, () => new Float64Array(slots));
    this.#shape = shape;
    this.#lanes = new VectorArray(lanes);
    this.#past = new History(written + 1);
    this.#adding = new History(written + 1);
    [this.#next, this.#present] = [weights(), weights()];
    [this.#sums, this.#inner] = [sums(), sums()];
    this.#integers = new Float64Array(lanes);
    this.#converted = new Uint16Array(lanes);
  }

  result(lane: number): number {
    return this.#lanes.result(lane);
  }

  clock(pins: Pins): void {
    const { row, written } = reuseTiming(this.#shape);
    const integer = this.#shape.sums === 'integer';
    const before = this.#past.ago(0);
    this.#lanes.clock(lanePins(pins), (lane) =>
      integer ? this.#converted[lane] : this.#leaving(lane, before),
    );
    if (integer) {
      const shared = (this.#past.ago(1)?.leave_exponent as number) ?? 0;
      this.#integers.forEach((sum, lane) => {
        this.#converted[lane] = integerToBf16(sum, shared);
        if (before?.leave === 1) this.#integers[lane] = this.#leaving(lane, before);
      });
    }
    this.#past.push(pins);
    const entered = this.#past.ago(row);
    this.#adding.push(entered?.valid === 1 ? this.#multiply(entered) : []);
    for (const added of this.#adding.ago(written - row) ?? []) this.#add(added);
    if (this.#past.ago(row - 1)?.swap === 1) this.#present.forEach((w, r) => w.set(this.#next[r]));
    if (before !== undefined) this.#load(before);
  }

  /** The sum that a lane shows for what was on the pins a cycle before. */
  #leaving(lane: number, pins: Pins | undefined): number {
    const chunk = pins === undefined ? -1 : (pins.leave_chunk as Uint8Array).indexOf(1);
    if (pins === undefined || chunk < 0) return 0;
    const { lanes } = reuseLanes(this.#shape);
    return this.#sums[chunk * lanes + lane][pins.leave_token as number];
  }

  #load({ load_chunk, load_weight, nibble }: Pins): void {
    const { lanes } = reuseLanes(this.#shape);
    const chunk = (load_chunk as Uint8Array).indexOf(1);
    const weight = (load_weight as Uint8Array).indexOf(1);
    if (chunk < 0 || weight < 0) return;
    for (let lane = 0; lane < lanes; lane++)
      this.#next[chunk * lanes + lane][weight] = (nibble as ArrayLike<number>)[lane];
  }

  /** Terms of all rows for what came with these pins, and the weights that are there now. */
  #multiply({ activation, exponent, token, first, which }: Pins): Added[] {
    const { pick, flow, sums } = this.#shape;
    const values = activation as ArrayLike<number>;
    const shared = exponent as ArrayLike<number>;
    const product = (value: number, nibble: number, of: number): number =>
      sums === 'bf16'
        ? multiply(value, int4ToBf16(nibble))
        : alignedTo(shared[of], value) * int4Value(nibble);
    const rest = { first: first === 1, which: which as number };
    if (pick === 'time') {
      return Array.from({ length: TOKENS }, (_, t) => ({
        ...rest,
        token: t,
        terms: this.#present.map(([weight]) => product(values[t], weight, t)),
      }));
    }
    const terms = this.#present.map((weights) => {
      if (flow !== 'dot') return product(values[0], weights[flow === 'inner' ? rest.which : 0], 0);
      const products = Array.from(weights, (weight, k) => product(values[k], weight, 0));
      return sums === 'bf16' ? treeSum(products) : products.reduce((sum, p) => sum + p, 0);
    });
    return [{ ...rest, token: token as number, terms }];
  }

  #add({ token, first, which, terms }: Added): void {
    const { flow, sums } = this.#shape;
    const plus = sums === 'bf16' ? add : (a: number, b: number): number => a + b;
    const inner = flow === 'inner';
    for (let r = 0; r < terms.length; r++) {
      const before = inner && which > 0 ? this.#inner[r][token] : first ? 0 : this.#sums[r][token];
      const sum = plus(terms[r], before);
      if (inner && which < TOKENS - 1) this.#inner[r][token] = sum;
      else this.#sums[r][token] = sum;
    }
  }
}

/** An array of rows of one kind as a whole machine, under a name of its own. */
const reuseMachine = (name: string, title: string, shape: ReuseShape): Machine => ({
  name,
  title,
  macs: shape.columns * shape.rows,
  outputs: shape.rows,
  lanes: reuseLanes(shape).lanes,
  module: reuseModule(name, title, shape),
  behaviour: () => new ReuseMachine(shape),
  program: (product) => reuseProgram(shape, product),
});

/** What an array of rows of a kind with so many multiply-accumulates a cycle is called. */
export const rowName = ({ pick, flow, sums }: RowKind, macs: number): string =>
  `${pick}-${flow}-${sums}-${macs}`;

/** That array. */
export function rowMachine(kind: RowKind, macs: number): Machine {
  const shape = reuseShape(kind, macs);
  const { pick, flow, sums, rows } = shape;
  return reuseMachine(rowName(kind, macs), `${rows} rows, ${flow}, ${sums}, by ${pick}`, shape);
}

/**
 * Ours, and no design of the paper: dot products of integers that share an exponent, whose rows pick their products from odd
 * multiples of the activations, made once for all of them.
 */
export const pickMachine = (sides: Sides): Machine =>
  reuseMachine(
    `pick-${sidesName(sides)}`,
    `dot products that pick from multiples of shared activations (ours), ${sides.columns} products of k x ${sides.rows} of n, integers`,
    pickShape(sides),
  );
