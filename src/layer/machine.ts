import { cycleModel } from '../design/cycle-model.ts';
import { type Design, peakMacs, runOf } from '../design/design.ts';
import { productCycles, tileOf } from '../design/mapping/gemm.ts';
import { mapNonlinear } from '../design/mapping/nonlinear.ts';
import { runGemm } from '../machine/mugi/program/gemm.ts';
import { NODE_FUNCTIONS, nodeFunction } from '../machine/mugi/program/node-function.ts';
import { runNonlinear } from '../machine/mugi/program/nonlinear.ts';
import type { ActivationName } from '../model/config/config.ts';
import { decode, encode, flush, multiply, quiet } from '../number/bf16.ts';
import { nodeSum } from '../simulate/node.ts';
import { vectorFunctions } from '../simulate/vector.ts';
import type { Anchor, ExponentWindow } from '../vlp/window.ts';
import { type GemmOperator, type NonlinearName, oneProduct } from '../workload/operator.ts';
import type { Product } from './watched-kernels.ts';

/** What a cycle model made of an operator, and what the closed form of an evaluation says of it. */
export interface Ran {
  /** FP32, as the model's next operator takes it. */
  output: Float32Array;
  cycles: number;
  closed: number;
  /** Of what the array or the lanes could do in those cycles. */
  utilization: number;
}

/** A softmax of rows of scores, or an activation of rows of features. */
export interface FunctionJob {
  function: 'softmax' | ActivationName;
  values: Float32Array;
  height: number;
  width: number;
  /** Softmax: elements of each row that take part. */
  lengths?: Int32Array;
  window: ExponentWindow;
  anchor: Anchor;
}

/** The cycle models of a design, for one operator at a time. */
export interface Machine {
  product(product: Product): Ran;
  compute(job: FunctionJob): Ran;
  /** Whether it computes a function. */
  knows(name: ActivationName): name is 'silu' | 'gelu';
}

/** Undefined for a design without a cycle model of everything that a layer has: Mugi-L, whose functions are looked up. */
export function machineOf(design: Design): Machine | undefined {
  const vector = vectorFunctions(design);
  if (design.method !== 'vlp' && vector === undefined) return undefined;
  return {
    product:
      design.family === 'mugi' ? (product) => onNode(design, product) : (product) => onArray(design, product),
    compute: (job) => (vector === undefined ? nodeFunctions(design, job) : vectorRun(design, vector, job)),
    knows: (name) => name === 'silu' || name === 'gelu',
  };
}

/** The operator that an evaluation has for a product of these sizes. */
const operatorOf = ({
  rows,
  weights: { outputs, inner, axis },
}: Pick<Product, 'rows' | 'weights'>): GemmOperator =>
  oneProduct({ m: rows, k: inner, n: outputs, operand: axis === 'outer' ? 'values' : 'weights' });

/** Activations as they enter the array: a scale of a value's token has been multiplied into them. */
function entering(
  design: Design,
  { rows, activations, weights: { axis, inner, scales } }: Product,
): Uint16Array {
  if (axis === 'inner') return activations;
  const flushes = design.arithmetic.products.subnormals === 'flush';
  return activations
    .map((bits, i) => {
      const word = flushes ? flush(quiet(bits)) : quiet(bits);
      return multiply(word, scales[i % inner], flushes);
    })
    .subarray(0, rows * inner);
}

function finished(design: Design, product: Product, run: { output: Uint16Array; cycles: number }): Ran {
  const macs = product.rows * product.weights.inner * product.weights.outputs;
  return {
    output: decode(run.output),
    cycles: run.cycles,
    closed: productCycles(design, operatorOf(product)),
    utilization: macs / (run.cycles * peakMacs(design)),
  };
}

function onNode(design: Design, product: Product): Ran {
  const { outputs: n, inner: k, values, scales, axis, groupSize } = product.weights;
  const { accumulator, chain } = design.arithmetic.products;
  const run = runGemm({
    rows: design.array.rows,
    m: product.rows,
    k,
    n,
    activations: entering(design, product),
    weights: values,
    chain,
    accumulation: accumulator,
    ...(axis === 'inner' ? { scales, groupSize } : {}),
  });
  return finished(design, product, run);
}

function onArray(design: Design, product: Product): Ran {
  const { outputs: n, inner: k, values, axis } = product.weights;
  const op = operatorOf(product);
  const tile = tileOf(design, op);
  const job = {
    m: product.rows,
    k,
    n,
    activations: entering(design, product),
    weights: values,
    ...(axis === 'inner' ? { scales: scalesOf(product, tile.k) } : {}),
  };
  return finished(design, product, cycleModel(design)!(job, tile));
}

/** A scale for each chain of sums: that of the group in which it lies. */
function scalesOf({ weights: { outputs, inner, groupSize, scales } }: Product, chain: number): Uint16Array {
  const [chains, groups] = [Math.ceil(inner / chain), Math.ceil(inner / groupSize)];
  return Uint16Array.from({ length: outputs * chains }, (_, i) => {
    const group = Math.floor(((i % chains) * chain) / groupSize);
    return scales[Math.floor(i / chains) * groups + group];
  });
}

/** Cycles of a function in closed form: by its sequence on Mugi's array, else the longest of its rules. */
function closedFunction(design: Design, { function: name, height, width }: FunctionJob): number {
  const softmax = name === 'softmax';
  const fn = name as NonlinearName;
  const { counts } = mapNonlinear(design, {
    kind: 'nonlinear',
    name,
    group: 'nonlinear',
    phase: 'prefill',
    repeat: 1,
    layers: 1,
    function: fn,
    rows: softmax ? height : width,
    columns: softmax ? width : height,
  });
  const { rules, sequence } = runOf(design, fn);
  if (sequence !== undefined) return counts.arrayCycles;
  return Math.max(...rules.map(({ time, cycles }) => counts[time] * cycles));
}

function nodeFunctions(design: Design, job: FunctionJob): Ran {
  const { height, width, values, lengths, window, anchor } = job;
  const name = NODE_FUNCTIONS.find((known) => known === (job.function === 'softmax' ? 'exp' : job.function))!;
  const run = runNonlinear({
    rows: design.array.rows,
    softmax: job.function === 'softmax',
    function: nodeFunction(name, window, anchor, design.arithmetic.functions.entries),
    input: encode(values),
    height,
    width,
    ...(lengths === undefined
      ? {}
      : { mask: Uint8Array.from(values, (_, i) => (i % width < lengths[Math.floor(i / width)] ? 0 : 1)) }),
    ...(job.function === 'softmax' ? { accumulation: nodeSum(design.arithmetic.softmax.sum) } : {}),
  });
  return {
    output: decode(run.output),
    cycles: run.cycles,
    closed: closedFunction(design, job),
    utilization: run.utilization,
  };
}

function vectorRun(
  design: Design,
  vector: NonNullable<ReturnType<typeof vectorFunctions>>,
  job: FunctionJob,
): Ran {
  const { output, cycles, activity } = vector.run({
    ...job,
    function: job.function as 'softmax' | 'silu' | 'gelu',
  });
  return {
    output,
    cycles,
    closed: closedFunction(design, job),
    utilization: activity.elements / (activity.steps * design.nonlinear.lanes),
  };
}
