import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadDesign } from '../../../src/source/design.ts';
import { loadModel } from '../../../src/source/model.ts';
import type { PricedDesign } from '../../../src/evaluate/price.ts';
import { evaluate } from '../../../src/evaluate/evaluate.ts';
import { metrics } from '../../../src/evaluate/metrics.ts';
import { pricedDesign, workloadFor } from '../../../src/question/point.ts';
import { preset } from '../../../src/published/preset.ts';
import { technologyNamed } from '../../../src/technology/index.ts';
import type { ModelShape } from '../../../src/workload/model.ts';
import { onnxFile } from '../../onnx/write.ts';
import { commandLine } from '../command-line.ts';
import { type Dice, mutateBytes, mutateJson, mutateText } from '../mutate.ts';
import { expectFinite } from '../outcome.ts';
import { folderOf } from '../seeds/folder.ts';
import { QUANTISED } from '../seeds/quantised.ts';
import * as seeds from '../seeds/workloads.ts';
import { gguf, type Target, WHOLE_COMMAND } from './target.ts';

const corrected = preset('corrected');
const technology = technologyNamed('published-45');

/** Evaluates a model on a design: every metric must be a number. */
function evaluated(model: ModelShape, design: string | PricedDesign = 'mugi-256'): void {
  const priced = typeof design === 'string' ? pricedDesign(design, corrected, technology) : design;
  const workload = workloadFor(model, { batch: 2, context: 256, prefill: 0 }, corrected);
  for (const [name, value] of Object.entries(metrics(evaluate(priced, workload, corrected)))) {
    if (typeof value === 'number') expectFinite([value], name);
  }
}

/** An ONNX file of a changed graph; what the writer cannot write is an empty one. */
function written(spec: string, dice: Dice): Uint8Array {
  try {
    return onnxFile(JSON.parse(mutateJson(spec, dice)) as Parameters<typeof onnxFile>[0]);
  } catch {
    return new Uint8Array();
  }
}

/** Readers of what is evaluated: models as operators, and designs. */
export const WORKLOADS: readonly Target[] = [
  {
    name: 'model configuration',
    weight: 30,
    async try(dice, folder) {
      const path = join(folder, 'config.json');
      writeFileSync(path, mutateJson(dice.pick(seeds.CONFIGS), dice));
      if (dice.chance(WHOLE_COMMAND))
        return commandLine(['models', path, ...(dice.chance(0.3) ? ['--csv'] : [])]);
      return evaluated(loadModel(path));
    },
  },
  {
    name: 'quantised configuration',
    weight: 20,
    try(dice, folder) {
      const files = dice.pick(QUANTISED);
      const changed = dice.pick(Object.keys(files));
      const at = join(folder, `quantised-${Object.keys(files).length}`);
      folderOf(at, { ...files, [changed]: mutateJson(files[changed], dice) });
      if (dice.chance(WHOLE_COMMAND)) return commandLine(['models', at]);
      return evaluated(loadModel(at));
    },
  },
  {
    name: 'GGUF as a workload',
    weight: 10,
    try(dice, folder) {
      const path = join(folder, 'model.gguf');
      writeFileSync(path, mutateBytes(gguf(), dice));
      if (dice.chance(WHOLE_COMMAND)) return commandLine(['models', path]);
      return evaluated(loadModel(path));
    },
  },
  {
    name: 'SCALE-Sim topology',
    weight: 15,
    try(dice, folder) {
      const path = join(folder, 'net.csv');
      writeFileSync(path, mutateText(seeds.TOPOLOGY, dice));
      if (dice.chance(WHOLE_COMMAND)) return commandLine(['models', path]);
      return evaluated(loadModel(path), 'sa-16');
    },
  },
  {
    name: 'ONNX',
    weight: 20,
    try(dice, folder) {
      const path = join(folder, 'model.onnx');
      const spec = dice.pick(seeds.ONNX);
      writeFileSync(
        path,
        dice.chance(0.5) ? mutateBytes(onnxFile(JSON.parse(spec)), dice) : written(spec, dice),
      );
      const sizes = { batch: 2, sequence: 8, past: 3 };
      const dims = Object.fromEntries(
        (spec.includes('"past"') ? ['batch', 'past'] : ['batch', 'sequence']).map((name) => [
          name,
          dice.chance(0.95) ? sizes[name as 'batch'] : dice.pick([0, 1, 2 ** 31 - 1, -1, 0.5]),
        ]),
      );
      if (dice.chance(WHOLE_COMMAND)) return commandLine(['models', path, '--dims', 'batch=1,sequence=4']);
      return evaluated(loadModel(path, dims));
    },
  },
  {
    name: 'design file',
    weight: 25,
    try(dice, folder) {
      const path = join(folder, dice.chance(0.9) ? 'design.yaml' : 'design.json');
      writeFileSync(path, mutateText(dice.pick(seeds.DESIGNS), dice));
      if (dice.chance(WHOLE_COMMAND)) return commandLine(['designs', path]);
      const design = loadDesign(path, corrected, technology);
      return evaluated(loadModel('llama-2-7b'), design);
    },
  },
];
