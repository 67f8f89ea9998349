import type { Command } from 'commander';
import { prepareData } from '../../accuracy/data/data.ts';
import { featuresOf, melSettings } from '../../accuracy/data/speech/extractor.ts';
import { DEFAULT_LANGUAGE, startTokens } from '../../accuracy/data/speech/speech.ts';
import { arithmeticFor } from '../../accuracy/score/precision.ts';
import { methodUnit } from '../../accuracy/study/methods.ts';
import { MugiError } from '../../errors.ts';
import { generate, generatesText, promptTokens } from '../../model/generate.ts';
import type { WhisperConfig } from '../../model/config/config.ts';
import { type OpenedModel, openModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import { transcribe } from '../../model/transcribe.ts';
import { WholeText } from '../../model/whole-text.ts';
import { ARITHMETIC_FLAGS, idleNonlinear } from '../options/arithmetic-flags.ts';
import { define as command } from '../options/command.ts';
import { FILE, flag, type FlagsOf, real, text, whole } from '../options/flag.ts';
import { refuseIdle } from '../options/idle.ts';
import { METHOD_FLAG } from '../options/method-flags.ts';
import { BLOCK_FLAG, DATA_FLAGS, modelFlag } from '../options/model-flags.ts';
import { jsonFlag, output, print, remark } from '../options/output.ts';
import { arithmeticOf } from '../source/arithmetic.ts';
import { automaticWindows, settingsOf } from '../source/nonlinear-settings.ts';

const FLAGS = [
  flag('--prompt', text('<text>'), 'text to continue'),
  flag('--sound', FILE, 'for Whisper: WAV file whose words are written'),
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
      'mugi generate --model ~/whisper-tiny --sound stew.wav --windows default',
    ],
    run: ({ flags, given }) => continued(flags, given),
  });

async function continued(flags: Flags, given: ReadonlySet<string>): Promise<void> {
  const { method, temperature, windows } = flags;
  refuseIdle(given, [
    ...idleNonlinear([method], windows),
    {
      flags: ['text', 'calibration', 'images', 'audio', 'testFrom', 'block'],
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
  return opened.config.family === 'whisper' ? heard(flags, opened, opened.config) : written(flags, opened);
}

/** The flag that says what a model begins from; the other kind is refused. */
function begun(flags: Flags, own: 'prompt' | 'sound', modelType: string): string {
  const other = own === 'prompt' ? 'sound' : 'prompt';
  const value = flags[own];
  if (value !== undefined && flags[other] === undefined) return value;
  throw new MugiError({
    code: 'invalid-value',
    message: `a ${modelType} model ${own === 'prompt' ? 'continues a text' : 'writes what is said in a sound'}`,
    path: value === undefined ? own : other,
    expected: `\`${own}\`${value === undefined ? '' : ' alone'}`,
  });
}

/** The nonlinear functions that the flags name, calibrated on the data where windows are chosen automatically. */
async function arithmeticFrom(
  flags: Flags,
  opened: OpenedModel,
  model: LoadedModel,
  { automatic, ...settings }: ReturnType<typeof settingsOf>,
) {
  // A sound alone gives nothing to calibrate on.
  const calibrates =
    automatic && flags.method === 'vlp' && (flags.sound === undefined || flags.audio !== undefined);
  if (calibrates) {
    const { calibration } = prepareData(opened, flags);
    settings.windows = await automaticWindows(opened, model, calibration, settings);
  }
  const { unit } = methodUnit(flags.method, opened.config, settings);
  return arithmeticFor(arithmeticOf(flags).precision, unit);
}

async function written(flags: Flags, opened: OpenedModel): Promise<void> {
  const { maxTokens, temperature, seed } = flags;
  const config = generatesText(opened.config);
  const prompt = begun(flags, 'prompt', config.modelType);
  const settings = settingsOf(flags, opened);
  const tokenizer = opened.tokenizer();
  const ids = tokenizer.encode(prompt);
  promptTokens(config, ids);
  const model = opened.load();
  const arithmetic = await arithmeticFrom(flags, opened, model, settings);
  let full: number | undefined;
  const onContextFull = (context: number) => (full = context);
  const tokens = generate(model, ids, { arithmetic, maxTokens, temperature, seed, onContextFull });
  const text = streamed(flags, opened.name, prompt, new WholeText(tokenizer, ids), tokens);
  if (full !== undefined)
    remark(`stopped after ${text.ids.length} tokens: the context of ${full} tokens is full`);
}

async function heard(flags: Flags, opened: OpenedModel, config: WhisperConfig): Promise<void> {
  const sound = begun(flags, 'sound', config.modelType);
  const tokenizer = opened.tokenizer();
  const start = startTokens(config, tokenizer, flags.language ?? DEFAULT_LANGUAGE);
  const settings = settingsOf(flags, opened);
  const mel = featuresOf(sound, melSettings(opened.path, config));
  const model = opened.load();
  const listener = model.listen!(mel, await arithmeticFrom(flags, opened, model, settings));
  streamed(
    flags,
    opened.name,
    '',
    new WholeText(tokenizer, []),
    transcribe(listener, config, start, flags.maxTokens),
  );
  listener.dispose();
}

/** Prints tokens as they come, or all of them as JSON. */
function streamed(
  flags: Flags,
  model: string,
  prompt: string,
  text: WholeText,
  tokens: Iterable<number>,
): WholeText {
  const stream = flags.json === true ? () => {} : print;
  stream(prompt);
  for (const id of tokens) stream(text.add(id));
  const { method, sound } = flags;
  const from = sound === undefined ? { prompt } : { sound };
  output(flags, {
    json: () => ({ model, method, ...from, text: text.text, ids: text.ids }),
    compact: true,
    text: () => `${text.rest()}\n`,
  });
  return text;
}
