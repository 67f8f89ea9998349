import type { Bits } from '../../hardware/bits.ts';
import { vector } from '../../hardware/port.ts';
import { add, multiply } from '../part/float.ts';
import { FLOAT_LATENCY, Pipeline, registeredAdder, registeredMultiplier } from '../part/registered.ts';
import { unit } from '../unit.ts';

/** Cycles from operands to their sum, and from a partial sum to the sum that holds it. */
export const dotProductLatency = (depth: number): number => FLOAT_LATENCY * (2 + Math.log2(depth));

/**
 * `depth` BF16 multipliers, a balanced tree of depth − 1 adders, and an adder for the partial sum: a column of the
 * SIMD array (Mugi Table 2, SD) and one of the 128 dot products of the tensor core. `depth` is a power of two.
 * A partial sum enters beside the tree's result, so it must come dotProductLatency − FLOAT_LATENCY cycles after the
 * operands that it is added to.
 */
export class DotProduct {
  readonly #products: Pipeline[];
  /** Adders from the leaves to the root, level by level. */
  readonly #levels: Pipeline[][];
  readonly #sum = new Pipeline(FLOAT_LATENCY);

  constructor(depth: number) {
    const pipelines = (count: number) => Array.from({ length: count }, () => new Pipeline(FLOAT_LATENCY));
    this.#products = pipelines(depth);
    this.#levels = [];
    for (let count = depth / 2; count >= 1; count /= 2) this.#levels.push(pipelines(count));
  }

  get sum(): number {
    return this.#sum.output;
  }

  clock(a: ArrayLike<number>, b: ArrayLike<number>, partial: number): void {
    const stages = [this.#products, ...this.#levels];
    this.#sum.clock(add(stages.at(-1)![0].output, partial));
    for (let level = stages.length - 1; level > 0; level--) {
      const below = stages[level - 1];
      stages[level].forEach((pipeline, i) => {
        pipeline.clock(add(below[2 * i].output, below[2 * i + 1].output));
      });
    }
    this.#products.forEach((pipeline, i) => {
      pipeline.clock(multiply(a[i], b[i]));
    });
  }
}

export const dotProduct = (depth: number) =>
  unit({
    name: `dot_product_${depth}`,
    doc: `Sum of ${depth} BF16 products and a partial sum; latency ${dotProductLatency(depth)}.`,
    inputs: { a: vector(depth, 16), b: vector(depth, 16), partial: 16 },
    hardware: (m, { a, b, partial }) => {
      let values: Bits[] = a.map(
        (left, i) => m.instance(`multiply_${i}`, registeredMultiplier.module, { a: left, b: b[i] }).product,
      );
      for (let level = 0; values.length > 1; level++) {
        values = Array.from(
          { length: values.length / 2 },
          (_, i) =>
            m.instance(`add_${level}_${i}`, registeredAdder.module, {
              a: values[2 * i],
              b: values[2 * i + 1],
            }).sum,
        );
      }
      return { sum: m.instance('accumulate', registeredAdder.module, { a: values[0], b: partial }).sum };
    },
    behaviour() {
      const product = new DotProduct(depth);
      return {
        shown: () => ({ sum: product.sum }),
        clock({ a, b, partial }) {
          product.clock(a, b, partial);
        },
      };
    },
    work: (draw) => () => ({
      a: draw.list(depth, () => draw.bf16()),
      b: draw.list(depth, () => draw.bf16()),
      partial: draw.bf16(),
    }),
    events: {},
  });
