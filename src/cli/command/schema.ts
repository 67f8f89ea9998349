import { Argument, type Command } from 'commander';
import { windowFileSchema } from '../../accuracy/windows/window-file.ts';
import { designSchema } from '../../design/schema.ts';
import { unknownName } from '../../errors.ts';
import { questionSchema } from '../../question/question.ts';

const SCHEMAS: Readonly<Record<string, () => object>> = {
  question: questionSchema,
  design: designSchema,
  windows: windowFileSchema,
};

export function define(program: Command): void {
  program
    .command('schema')
    .description('The JSON Schema of what mugi reads')
    .addArgument(
      new Argument(
        '[of]',
        'question (what compare and evaluate are asked), design (a design file) or windows (of mugi tune)',
      ).default('question'),
    )
    .option('--json', 'as it is anyway')
    .addHelpText(
      'after',
      `
Examples:
  mugi schema
  mugi schema design > design.schema.json`,
    )
    .action((name: string) => {
      if (!Object.hasOwn(SCHEMAS, name)) throw unknownName('schema', name, Object.keys(SCHEMAS));
      process.stdout.write(`${JSON.stringify(SCHEMAS[name](), null, 2)}\n`);
    });
}
