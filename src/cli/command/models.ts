import type { Command } from 'commander';
import { modelSummary, operatorRows, workloadFacts } from '../../compare/model-facts.ts';
import { type Use, workloadFor } from '../../question/point.ts';
import { preset } from '../../published/preset.ts';
import { MODELS } from '../../workload/models.ts';
import { DEFINITIONS } from '../../workload/summary.ts';
import { define as command } from '../options/command.ts';
import { output, outputFlags, type OutputFlags } from '../options/output.ts';
import { USE_KEYS } from '../../question/question.ts';
import { questionFlags, questionOf } from '../options/question-options.ts';
import { modelList, modelText } from '../show/models.ts';
import { loadModel } from '../../source/model.ts';

type Flags = OutputFlags & Partial<Use>;

export const define = (program: Command): void =>
  command<Flags>(program, {
    name: 'models',
    description: 'Built-in models with their parameters, or the operators of one model',
    arguments: [
      {
        name: '[model]',
        help: 'a built-in name, a config.json or its folder, a GGUF file, an ONNX model, or a SCALE-Sim topology CSV',
        offer: { words: () => MODELS.map((model) => model.name), paths: 'files' },
      },
    ],
    flags: [...questionFlags(USE_KEYS), ...outputFlags('print JSON', 'print CSV')],
    examples: [
      'mugi models',
      'mugi models llama-2-70b --batch 1 --context 2048',
      'mugi models path/to/config.json --json',
      'mugi models path/to/model.onnx --dims batch=1,sequence=128',
    ],
    run: ({ words: [name], flags }) => models(name, flags),
  });

function models(name: string | undefined, flags: Flags): void {
  const use = questionOf(flags);
  // Without --context every model decodes at the end of the longest context that it is made for.
  const summary = (model: (typeof MODELS)[number]) => modelSummary(model, use, flags.context);
  if (name === undefined) {
    const rows = MODELS.map(summary);
    return output(flags, { json: () => rows, csv: () => rows, text: () => modelList(rows) });
  }
  const model = loadModel(name, use.dims);
  const workload = workloadFor(model, use, preset('corrected'));
  return output(flags, {
    json: () => ({
      ...summary(model),
      definitions: DEFINITIONS,
      ...workloadFacts(workload),
    }),
    csv: () => operatorRows(workload),
    text: () => modelText(model, workload, summary(model)),
  });
}
