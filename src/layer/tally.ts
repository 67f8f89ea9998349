import { toBits } from '../number/bf16.ts';
import type { Ran } from './machine.ts';
import type { Product } from './watched-kernels.ts';

/** An operator of the layer: one or several runs of one shape. */
export interface LayerOperator {
  /** The matrix by its tensor's name, `q·kT`, `softmax`, `a·v`, or the activation. */
  operator: string;
  /** A product of [m, k] and [k, n]; a function of m rows of n elements. */
  m: number;
  k?: number;
  n: number;
  runs: number;
  /** Of all runs: simulated, and by the closed form of an evaluation. */
  cycles: number;
  closed: number;
  /** Of what the array, or the lanes of a vector array, could do; of runs that differ the mean. */
  utilization: number;
  results: number;
  /** Results of the cycle model that are not those of the engine's kernels. */
  differing: number;
}

/** Counts runs, cycles and differences by operator and shape. */
export class Tally {
  readonly #operators = new Map<string, LayerOperator>();

  product(operator: string, { rows, weights, result }: Product, ran: Ran): void {
    this.#add({ operator, m: rows, k: weights.inner, n: weights.outputs }, result, ran);
  }

  function(job: { function: string; height: number; width: number }, expected: Float32Array, ran: Ran): void {
    this.#add({ operator: job.function, m: job.height, n: job.width }, expected, ran);
  }

  sums(): { operators: LayerOperator[]; cycles: number; closed: number } {
    const operators = [...this.#operators.values()];
    const of = (key: 'cycles' | 'closed'): number => operators.reduce((sum, one) => sum + one[key], 0);
    return { operators, cycles: of('cycles'), closed: of('closed') };
  }

  #add(shape: Pick<LayerOperator, 'operator' | 'm' | 'k' | 'n'>, expected: Float32Array, ran: Ran): void {
    const key = JSON.stringify(shape);
    const none = { ...shape, runs: 0, cycles: 0, closed: 0, utilization: 0, results: 0, differing: 0 };
    const held = this.#operators.get(key) ?? none;
    this.#operators.set(key, held);
    held.utilization += (ran.utilization - held.utilization) / ++held.runs;
    held.cycles += ran.cycles;
    held.closed += ran.closed;
    held.results += expected.length;
    held.differing += differing(expected, ran.output);
  }
}

/** Values that differ in BF16, which is what an operator hands on. */
export const differing = (a: Float32Array, b: Float32Array): number =>
  a.reduce((count, value, i) => count + (toBits(value) === toBits(b[i]) ? 0 : 1), 0);
