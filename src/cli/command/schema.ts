import type { Command } from 'commander';
import { planSchema } from '../../accuracy/plan/plan-file.ts';
import { windowFileSchema } from '../../accuracy/windows/window-file.ts';
import { designSchema } from '../../design/schema.ts';
import { unknownName } from '../../errors.ts';
import { spaceSchema } from '../../explore/space/schema.ts';
import { questionSchema } from '../../question/question.ts';
import { define as command } from '../options/command.ts';
import { jsonFlag, output, type OutputFlags } from '../options/output.ts';

const SCHEMAS: Readonly<Record<string, () => object>> = {
  question: questionSchema,
  design: designSchema,
  windows: windowFileSchema,
  plan: planSchema,
  space: spaceSchema,
};

export const define = (program: Command): void =>
  command<OutputFlags>(program, {
    name: 'schema',
    description: 'The JSON Schema of what mugi reads',
    arguments: [
      {
        name: '[of]',
        help: 'question (what compare and evaluate are asked), design (a design file) windows or plan (of mugi tune) or space (of mugi explore)',
        default: 'question',
        offer: { words: () => Object.keys(SCHEMAS) },
      },
    ],
    flags: [jsonFlag('as it is anyway')],
    examples: ['mugi schema', 'mugi schema design > design.schema.json'],
    run: ({ words: [name] }) => {
      if (!Object.hasOwn(SCHEMAS, name)) throw unknownName('schema', name, Object.keys(SCHEMAS));
      output({ json: true }, { json: SCHEMAS[name], text: () => '' });
    },
  });
