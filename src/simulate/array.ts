import { MugiError } from '../errors.ts';
import { cycleModel, type CycleModel } from '../design/cycle-model.ts';
import { type Design, peakMacs } from '../design/design.ts';
import { productCycles, tileOf } from '../design/mapping/gemm.ts';
import type { ArrayActivity } from '../machine/array/activity.ts';
import { arrayDefinition } from '../machine/array/definition.ts';
import type { ArrayObserver } from '../machine/array/observe.ts';
import type { VectorActivity } from '../machine/array/vector-run.ts';
import { decode, encode } from '../number/bf16.ts';
import { presetDesign } from '../published/preset-design.ts';
import { oneProduct } from '../workload/operator.ts';
import type { Simulation } from './asked.ts';
import { gemmOperands, tensorOperands } from './job.ts';
import { checkArraySize, checkValues, type GemmShape } from './limits.ts';
import { inputsOf, same, type Simulated, sumsOf } from './run.ts';
import { vectorFunctions } from './vector.ts';

/** A run of a compared design's array, or of the vector array behind it. */
export interface ArrayOutcome extends Simulated {
  activity: ArrayActivity | VectorActivity;
}

/** The design and its cycle model, where the name is that of a compared design; undefined for Mugi's node. */
export function arrayOf(name: string): { design: Design; model: CycleModel } | undefined {
  if (/^mugi-\d/.test(name)) return undefined;
  const design = presetDesign(name, 'corrected');
  const model = cycleModel(design);
  return model === undefined ? undefined : { design, model };
}

/**
 * Runs a GEMM on the array of a compared design, or a function on its vector array, and the definition of its arithmetic
 * beside it.
 * @throws MugiError for what such an array cannot do
 */
export function simulateArray(
  { design, model }: { design: Design; model: CycleModel },
  asked: Simulation,
  observe?: ArrayObserver,
): ArrayOutcome {
  refuseOthers(design, asked);
  if (asked.operation !== 'gemm') return simulateVector(design, asked);
  const { products, weights } = design.arithmetic;
  const job = gemmOperands(asked, (shape) => checkArraySize(shape, workOf(design, shape)));
  const { m, k, n, groupSize, scales } = job;
  if (scales !== undefined && Math.ceil(k / groupSize) !== Math.ceil(k / weights.group))
    refuse(
      'group',
      `${design.name} scales its sums after ${weights.group} inner indices`,
      String(weights.group),
      groupSize,
    );
  const run = model(job, tileOf(design, oneProduct(job)), observe);
  return {
    ...run,
    inputs: inputsOf(job, weights.group),
    sums: sumsOf(products.accumulator, products.chain),
    height: m,
    width: n,
    utilization: (m * k * n) / (run.cycles * peakMacs(design)),
    equal: same(run.output, arrayDefinition(job, weights.group, products)),
  };
}

/** Products that the array could form in the cycles of one, by their closed form. */
const workOf = (design: Design, { m, k, n }: GemmShape): number =>
  productCycles(design, oneProduct({ m, k, n })) * peakMacs(design);

/** A nonlinear function on the vector array. */
function simulateVector(design: Design, asked: Simulation): ArrayOutcome {
  const { operation } = asked;
  const vector = vectorFunctions(design);
  if (vector === undefined || operation === 'gemm' || operation === 'exp')
    return refuse(
      'operation',
      vector === undefined
        ? `${design.name} looks functions up in registers, which have no cycle model`
        : `no operator of a model is exp alone, so that no design has cycles for it on a vector array`,
      vector === undefined ? 'gemm' : 'gemm, softmax, silu, gelu',
      operation,
    );
  const table = (['window', 'anchor', 'entries'] as const).find((key) => asked[key] !== undefined);
  if (table !== undefined)
    refuse(table, `${design.name} has no look-up table`, `no ${table}, or mugi-H`, design.name);
  const { height, width, input, mask } = tensorOperands(operation, asked, (rows, columns) =>
    checkValues('m × n', rows * columns),
  );
  const job = { function: operation, values: decode(input), height, width, masked: mask };
  const { output, cycles, activity } = vector.run(job);
  const words = encode(output);
  return {
    inputs: {
      method: vector.label(operation),
      input_bits: [...input],
      mask: mask === undefined ? undefined : [...mask],
    },
    height,
    width,
    output: words,
    cycles,
    utilization: activity.elements / (activity.steps * design.nonlinear.lanes),
    activity,
    equal: same(words, encode(vector.definition(job))),
  };
}

function refuseOthers({ name }: Design, { preset, arithmetic, traced }: Simulation): void {
  if (preset !== 'corrected')
    refuse(
      'preset',
      `as published ${name} has no fill, drain or loads, which no machine can do`,
      'corrected',
      preset,
    );
  if (arithmetic !== 'design')
    refuse('arithmetic', `the array of ${name} has the sums of its cells only`, 'design', arithmetic);
  if (traced === true)
    refuse(
      'trace',
      `signals are those of Mugi's node; ${name} has none to trace`,
      'no trace, or mugi-H',
      name,
    );
}

function refuse(path: string, message: string, expected: string, received: string | number): never {
  throw new MugiError({ code: 'unsupported', message, path, expected, received: String(received) });
}
