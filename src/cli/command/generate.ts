import type { Command } from 'commander';
import { arithmeticFor } from '../../accuracy/score/precision.ts';
import { type Method, methodNamed, methodUnit } from '../../accuracy/study/methods.ts';
import { prepareData } from '../../accuracy/data/data.ts';
import { MugiError, wholeNumber } from '../../errors.ts';
import { generate, generatesText, promptTokens } from '../../model/generate.ts';
import { openModel } from '../../model/load.ts';
import { number } from '../options/command.ts';
import {
  addArithmeticOptions,
  addModelOptions,
  type ArithmeticOptions,
  automaticWindows,
  METHOD_HELP,
  type ModelOptions,
  arithmeticOf,
  settingsOf,
} from '../options/model-options.ts';

interface Options extends ModelOptions, ArithmeticOptions {
  prompt: string;
  method: Method;
  maxTokens: number;
  temperature: number;
  seed: number;
  json?: boolean;
}

const EXAMPLES = `
Examples:
  mugi generate --prompt "My fellow Americans,"
  mugi generate --prompt "Call me Ishmael." --method exact
  mugi generate --prompt "The whale" --weights int4 --kv int4 --activations bf16 --temperature 0.8 --seed 7
  mugi generate --model ~/Llama-2-7b-hf --prompt "Once upon a time" --windows default`;

export function define(program: Command): void {
  const command = program
    .command('generate')
    .description('text from a real model under the chosen arithmetic, streamed')
    .requiredOption('--prompt <text>', 'text to continue')
    .option('--method <name>', METHOD_HELP, methodNamed, 'vlp');
  addArithmeticOptions(addModelOptions(command))
    .option('--max-tokens <n>', 'tokens to add', number('--max-tokens'), 100)
    .option('--temperature <t>', '0 takes the most likely token', number('--temperature'), 0)
    .option('--seed <n>', 'seed of the sampling', number('--seed'), 1)
    .option('--json', 'one object with the text and its token ids')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(options: Options): Promise<void> {
  if (!(options.temperature >= 0)) {
    throw new MugiError({
      code: 'invalid-value',
      message: '--temperature must not be negative',
      path: '--temperature',
    });
  }
  const maxTokens = wholeNumber('--max-tokens', options.maxTokens, 1, 1e6);
  const seed = wholeNumber('--seed', options.seed, 0, 2 ** 32 - 1);
  const opened = await openModel(options.model);
  const config = generatesText(opened.config);
  const { precision } = arithmeticOf(options);
  const { automatic, ...settings } = settingsOf(options, opened);
  const tokenizer = opened.tokenizer();
  const prompt = tokenizer.encode(options.prompt);
  promptTokens(config, prompt);
  const model = opened.load();
  if (automatic && options.method === 'vlp') {
    settings.windows = await automaticWindows(
      opened,
      model,
      prepareData(opened, options).calibration,
      settings,
    );
  }
  const { unit } = methodUnit(options.method, config, settings);
  const ids: number[] = [];
  // Byte-level tokens may end inside a character: text is written as far as it is whole.
  let written = '';
  if (!options.json) process.stdout.write(options.prompt);
  const start = tokenizer.decode(prompt);
  let full: number | undefined;
  for (const id of generate(model, prompt, {
    arithmetic: arithmeticFor(precision, unit),
    maxTokens,
    temperature: options.temperature,
    seed,
    onContextFull: (context) => (full = context),
  })) {
    ids.push(id);
    const text = tokenizer.decode([...prompt, ...ids]).slice(start.length);
    if (options.json || text.endsWith('\ufffd')) continue;
    process.stdout.write(text.slice(written.length));
    written = text;
  }
  const text = tokenizer.decode([...prompt, ...ids]).slice(start.length);
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ model: opened.name, method: options.method, prompt: options.prompt, text, ids })}\n`,
    );
  } else process.stdout.write(`${text.slice(written.length)}\n`);
  if (full !== undefined) {
    process.stderr.write(`stopped after ${ids.length} tokens: the context of ${full} tokens is full\n`);
  }
}
