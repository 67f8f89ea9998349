import { precisionOf, arithmeticFor } from '../accuracy/score/precision.ts';
import { measuredMethod } from '../accuracy/score/measured-method.ts';
import { designSettings } from '../accuracy/study/design-settings.ts';
import { DEFAULT_SETTINGS, methodUnit } from '../accuracy/study/methods.ts';
import type { WindowEntry } from '../accuracy/windows/window-file.ts';
import { type Design, nodeCount, peakMacs } from '../design/design.ts';
import { productCycles } from '../design/mapping/gemm.ts';
import { MugiError, wholeNumber } from '../errors.ts';
import { kernelsOfThisThread } from '../kernel/node.ts';
import type { OpenedModel } from '../model/load.ts';
import type { Batch, LoadedModel } from '../model/model.ts';
import { onKernels } from '../model/weight/kernel-memory.ts';
import { MAX_WORK } from '../simulate/limits.ts';
import { oneProduct } from '../workload/operator.ts';
import { functionsOf } from './functions.ts';
import { type Machine, machineOf } from './machine.ts';
import { layerOf, Place } from './place.ts';
import { differing, type LayerOperator, Tally } from './tally.ts';
import { watchedKernels } from './watched-kernels.ts';

export interface LayerRun {
  operators: LayerOperator[];
  cycles: number;
  closed: number;
  /** What leaves the model's last norm, values, and how many differ when this layer is the cycle model's. */
  outputs: number;
  differing: number;
}

export interface LayerJob {
  opened: OpenedModel;
  design: Design;
  /** From 0. */
  layer: number;
  batch: Batch;
  /** LUT windows; the default where none holds. */
  windows?: readonly WindowEntry[];
}

/**
 * Runs a model twice on a batch: as the engine does, and with all products and functions of one layer on the cycle models of
 * a design, whose results go on through the rest of the model.
 * @throws MugiError for a design, a model or a layer that cannot be run so
 */
export function runLayer({ opened, design, layer, batch, windows = [] }: LayerJob): LayerRun {
  const { config } = opened;
  const machine = machineFor(design, opened);
  wholeNumber('layer', layer, 0, config.layers - 1);
  const watched = watchedKernels(kernelsOfThisThread());
  try {
    return onKernels(watched.kernels, () => {
      const model = opened.load();
      checkWork(design, model, layer, rowsOf(batch));
      const settings = { ...DEFAULT_SETTINGS, ...designSettings(design), windows };
      const { unit } = methodUnit(measuredMethod(design), config, settings);
      const engine = arithmeticFor(precisionOf(design.arithmetic), unit);
      const expected = model.forward(batch, engine);
      const tally = new Tally();
      const place = new Place(model);
      const nonlinear = functionsOf(machine, unit, layer, windows, tally);
      const actual = place.follow(() =>
        watched.watch(
          (product) => {
            if (place.layer !== layer) return product.result;
            const ran = machine.product(product);
            tally.product(place.operator(product), product, ran);
            return ran.output;
          },
          () => model.forward(batch, { ...engine, nonlinear }),
        ),
      );
      return { ...tally.sums(), outputs: actual.length, differing: differing(expected, actual) };
    });
  } finally {
    watched.kernels.dispose();
  }
}

function machineFor(design: Design, { config, name }: OpenedModel): Machine {
  if (nodeCount(design) > 1)
    refuse('design', 'a layer is run on one node', 'a design without a mesh', design.name);
  const machine = machineOf(design);
  if (machine === undefined)
    return refuse(
      'design',
      `${design.name} looks functions up in registers, which have no cycle model`,
      'mugi-H or a compared design',
      design.name,
    );
  if (!FAMILIES.has(config.family))
    refuse('model', `layers of ${name} are not numbered one by one`, 'a decoder, GPT-2, BERT or ViT', name);
  if (!machine.knows(config.activation))
    refuse('model', `no cycle model computes ${config.activation}`, 'a model with silu or gelu', name);
  return machine;
}

const FAMILIES: ReadonlySet<string> = new Set(['decoder', 'gpt2', 'bert', 'vit']);

const rowsOf = (batch: Batch): number => (batch.kind === 'images' ? batch.count : batch.ids.length);

/** Refuses a layer that is too long to be run cycle by cycle, before it is. */
function checkWork(design: Design, { linears }: LoadedModel, layer: number, rows: number): void {
  let work = 0;
  for (const [name, { weight }] of linears) {
    if (layerOf(name) !== layer) continue;
    const op = oneProduct({ m: rows, k: weight.inputs, n: weight.outputs });
    work += productCycles(design, op) * peakMacs(design);
  }
  if (work <= MAX_WORK) return;
  throw new MugiError({
    code: 'invalid-value',
    message: 'the layer is too long to simulate cycle by cycle; an evaluation has its cycles in closed form',
    path: 'context',
    expected: `at most ${MAX_WORK} cells × cycles: a shorter context, or a smaller model`,
    received: String(Math.round(work)),
  });
}

function refuse(path: string, message: string, expected: string, received: string): never {
  throw new MugiError({ code: 'unsupported', message, path, expected, received });
}
