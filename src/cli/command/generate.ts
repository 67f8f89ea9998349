import type { Command } from 'commander';
import { prepareData } from '../../accuracy/data/data.ts';
import { arithmeticFor } from '../../accuracy/score/precision.ts';
import { methodUnit } from '../../accuracy/study/methods.ts';
import { generate, generatesText, promptTokens } from '../../model/generate.ts';
import { openModel } from '../../model/load.ts';
import { WholeText } from '../../model/whole-text.ts';
import { ARITHMETIC_FLAGS, idleNonlinear } from '../options/arithmetic-flags.ts';
import { define as command } from '../options/command.ts';
import { flag, type FlagsOf, real, text, whole } from '../options/flag.ts';
import { refuseIdle } from '../options/idle.ts';
import { METHOD_FLAG } from '../options/method-flags.ts';
import { BLOCK_FLAG, DATA_FLAGS, modelFlag } from '../options/model-flags.ts';
import { jsonFlag, output, print, remark } from '../options/output.ts';
import { arithmeticOf } from '../source/arithmetic.ts';
import { automaticWindows, settingsOf } from '../source/nonlinear-settings.ts';

const FLAGS = [
  flag('--prompt', text('<text>'), 'text to continue', { required: true }),
  METHOD_FLAG,
  modelFlag(),
  ...DATA_FLAGS,
  BLOCK_FLAG,
  ...ARITHMETIC_FLAGS,
  flag('--max-tokens', whole(1, 1e6), 'tokens to add', { default: 100 }),
  flag('--temperature', real(0, 1e6, '<t>'), '0 takes the most likely token', { default: 0 }),
  flag('--seed', whole(0, 2 ** 32 - 1), 'seed of the sampling', { default: 1 }),
  jsonFlag('one object with the text and its token ids'),
] as const;
type Flags = FlagsOf<typeof FLAGS>;

export const define = (program: Command): void =>
  command<Flags>(program, {
    name: 'generate',
    description: 'text from a real model under the chosen arithmetic, streamed',
    flags: FLAGS,
    examples: [
      'mugi generate --prompt "My fellow Americans,"',
      'mugi generate --prompt "Call me Ishmael." --method exact',
      'mugi generate --prompt "The whale" --weights int4 --kv int4 --activations bf16 --temperature 0.8 --seed 7',
      'mugi generate --model ~/Llama-2-7b-hf --prompt "Once upon a time" --windows default',
    ],
    run: ({ flags, given }) => continued(flags, given),
  });

async function continued(flags: Flags, given: ReadonlySet<string>): Promise<void> {
  const { method, prompt, maxTokens, temperature, seed, windows } = flags;
  refuseIdle(given, [
    ...idleNonlinear([method], windows),
    {
      flags: ['text', 'calibration', 'images', 'testFrom', 'block'],
      when: method !== 'vlp' || windows !== 'auto',
      because: 'has no effect: a text is read only to choose the windows of VLP',
      expected: '--method vlp --windows auto beside it',
    },
    {
      flags: ['seed'],
      when: temperature === 0,
      because: 'has no effect: at temperature 0 the most likely token is taken',
      expected: '--temperature above 0 beside it',
    },
  ]);
  const opened = await openModel(flags.model);
  const config = generatesText(opened.config);
  const { automatic, ...settings } = settingsOf(flags, opened);
  const tokenizer = opened.tokenizer();
  const ids = tokenizer.encode(prompt);
  promptTokens(config, ids);
  const model = opened.load();
  if (automatic && method === 'vlp') {
    const { calibration } = prepareData(opened, flags);
    settings.windows = await automaticWindows(opened, model, calibration, settings);
  }
  const { unit } = methodUnit(method, config, settings);
  const written = new WholeText(tokenizer, ids);
  const stream = flags.json === true ? () => {} : print;
  let full: number | undefined;
  stream(prompt);
  for (const id of generate(model, ids, {
    arithmetic: arithmeticFor(arithmeticOf(flags).precision, unit),
    maxTokens,
    temperature,
    seed,
    onContextFull: (context) => (full = context),
  })) {
    stream(written.add(id));
  }
  output(flags, {
    json: () => ({ model: opened.name, method, prompt, text: written.text, ids: written.ids }),
    compact: true,
    text: () => `${written.rest()}\n`,
  });
  if (full !== undefined)
    remark(`stopped after ${written.ids.length} tokens: the context of ${full} tokens is full`);
}
