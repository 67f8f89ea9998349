import { MugiError } from '../errors.ts';
import { cycleModel, type CycleModel } from '../design/cycle-model.ts';
import type { Design } from '../design/design.ts';
import { mapGemm, tileOf } from '../design/mapping/gemm.ts';
import type { ArrayActivity } from '../machine/array/activity.ts';
import { arrayDefinition } from '../machine/array/definition.ts';
import type { ArrayObserver } from '../machine/array/observe.ts';
import { presetDesign } from '../published/preset-design.ts';
import { oneProduct } from '../workload/operator.ts';
import type { Simulation } from './asked.ts';
import { gemmOperands } from './job.ts';
import { checkArraySize, type GemmShape } from './limits.ts';
import { inputsOf, same, type Simulated, sumsOf } from './run.ts';

/** A run of a compared design's array. */
export interface ArrayOutcome extends Simulated {
  activity: ArrayActivity;
}

/** The design and its cycle model, where the name is that of a compared design; undefined for Mugi's node. */
export function arrayOf(name: string): { design: Design; model: CycleModel } | undefined {
  if (/^mugi-\d/.test(name)) return undefined;
  const design = presetDesign(name, 'corrected');
  const model = cycleModel(design);
  return model === undefined ? undefined : { design, model };
}

/**
 * Runs a GEMM on the array of a compared design, and the definition of its arithmetic beside it.
 * @throws MugiError for what such an array cannot do
 */
export function simulateArray(
  { design, model }: { design: Design; model: CycleModel },
  asked: Simulation,
  observe?: ArrayObserver,
): ArrayOutcome {
  refuseOthers(design, asked);
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
    utilization: (m * k * n) / cellSteps(design, run.cycles),
    equal: same(run.output, arrayDefinition(job, weights.group, products)),
  };
}

/** Cells times steps in some cycles: products that the array could form. */
const cellSteps = ({ array: { columns, rows, depth, stepCycles } }: Design, cycles: number): number =>
  (cycles / stepCycles) * columns * rows * depth;

/** The same in the cycles that a product takes, by their closed form. */
function workOf(design: Design, { m, k, n }: GemmShape): number {
  const op = oneProduct({ m, k, n });
  return cellSteps(design, mapGemm(design, op, tileOf(design, op)).counts.arrayCycles);
}

function refuseOthers({ name }: Design, { operation, preset, arithmetic, traced }: Simulation): void {
  if (operation !== 'gemm')
    refuse(
      'operation',
      `${name} computes nonlinear functions on a vector array, which has no cycle model`,
      'gemm',
      operation,
    );
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
