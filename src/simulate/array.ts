import { MugiError } from '../errors.ts';
import { cycleModel, type CycleModel } from '../design/cycle-model.ts';
import type { Design } from '../design/design.ts';
import { mapGemm, tileOf } from '../design/mapping/gemm.ts';
import type { ArrayActivity } from '../machine/array/activity.ts';
import type { ArrayObserver } from '../machine/array/observe.ts';
import { toBits } from '../number/bf16.ts';
import { presetDesign } from '../published/preset-design.ts';
import { gemm } from '../vlp/gemm.ts';
import type { GemmOperator } from '../workload/operator.ts';
import type { Simulation } from './asked.ts';
import { gemmJob } from './job.ts';
import type { Outcome } from './run.ts';

/** A run of a compared design's array; frames are the node's alone. */
export type ArrayOutcome = Omit<Outcome, 'frames' | 'activity'> & { activity: ArrayActivity };

/** Cells times cycles that a run may take: minutes. */
const MOST_WORK = 2 ** 32;

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
  const { m, k, n, activations, weights, scales, groupSize = k } = gemmJob(8, asked);
  const { products, weights: shared } = design.arithmetic;
  if (scales !== undefined && Math.ceil(k / groupSize) !== Math.ceil(k / shared.group))
    refuse(
      'group',
      `${design.name} scales its sums after ${shared.group} inner indices`,
      String(shared.group),
      groupSize,
    );
  const op: GemmOperator = {
    kind: 'gemm',
    name: 'gemm',
    phase: 'prefill',
    group: 'projection',
    operand: 'weights',
    batch: 1,
    m,
    k,
    n,
    activationBits: 16,
    weightBits: 4,
    outputBits: 16,
    repeat: 1,
    layers: 1,
  };
  const tile = tileOf(design, op);
  const { columns, rows, depth, stepCycles } = design.array;
  const work = (mapGemm(design, op, tile).counts.arrayCycles / stepCycles) * columns * rows * depth;
  if (work > MOST_WORK)
    refuse(
      'm, k, n',
      'the run is too long to simulate cycle by cycle',
      `at most ${MOST_WORK} cell cycles`,
      work,
    );
  const run = model({ m, k, n, activations, weights, scales }, tile, observe);
  const matrix = {
    outputs: n,
    inner: k,
    values: weights,
    scales: scales ?? new Uint16Array(n * Math.ceil(k / shared.group)).fill(0x3f80),
    axis: 'inner',
    groupSize: shared.group,
    clipped: 0,
  } as const;
  const defined = gemm(activations, m, matrix, products);
  return {
    ...run,
    inputs: {
      m,
      k,
      n,
      group: shared.group,
      activation_bits: [...activations],
      weights: [...weights],
      scale_bits: scales && [...scales],
    },
    sums: `${products.accumulator}, chains of ${products.chain}`,
    height: m,
    width: n,
    utilization: (m * k * n * stepCycles) / (run.cycles * columns * rows * depth),
    equal: run.output.every((bits, i) => bits === toBits(defined[i])),
  };
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
