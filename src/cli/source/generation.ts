import { setImmediate } from 'node:timers/promises';
import type { Block } from '../../accuracy/data/blocks.ts';
import { readData } from '../../accuracy/data/data.ts';
import { featuresOf, melSettings } from '../../accuracy/data/speech/extractor.ts';
import { DEFAULT_LANGUAGE, startTokens } from '../../accuracy/data/speech/speech.ts';
import type { Plan } from '../../accuracy/plan/plan-file.ts';
import { kindOf } from '../../accuracy/score/estimate.ts';
import { arithmeticFor } from '../../accuracy/score/precision.ts';
import { methodUnit, type NonlinearSettings } from '../../accuracy/study/methods.ts';
import { calibrationPasses } from '../../accuracy/windows/windows-for.ts';
import { MugiError } from '../../errors.ts';
import type { WhisperConfig } from '../../model/config/config.ts';
import { generate, generatesText, promptTokens } from '../../model/generate.ts';
import type { Message } from '../../model/format/chat-template.ts';
import type { TextTokenizer } from '../../model/format/tokenizer.ts';
import type { OpenedModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import { transcribe } from '../../model/transcribe.ts';
import { WholeText } from '../../model/whole-text.ts';
import { progress } from '../../present/progress.ts';
import type { GenerateFlags } from '../options/generate-flags.ts';
import { output, print, remark } from '../options/output.ts';
import { arithmeticOf } from './arithmetic.ts';
import { announceWork } from './estimate.ts';
import { takesMinutes } from './extent.ts';
import { automaticWindows, settingsOf } from './nonlinear-settings.ts';
import { holdingOf, planOf, precisionFrom } from './plan.ts';
import { loadFor } from './stored-codes.ts';

/** The flag that says what a model begins from; the other kind is refused. */
function begun(flags: GenerateFlags, own: 'prompt' | 'sound', modelType: string): string {
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

/** Data that windows are chosen on, where they are chosen automatically. */
async function calibrationFor(flags: GenerateFlags, opened: OpenedModel, automatic: boolean) {
  // A sound alone gives nothing to calibrate on.
  const calibrates =
    automatic && flags.method === 'vlp' && (flags.sound === undefined || flags.audio !== undefined);
  return calibrates ? (await readData(opened, flags)).calibration : undefined;
}

/** The nonlinear functions that the flags name, calibrated on the data where there are some. */
async function arithmeticFrom(
  flags: GenerateFlags,
  opened: OpenedModel,
  model: LoadedModel,
  settings: NonlinearSettings,
  plan: Plan | undefined,
  calibration: readonly Block[] | undefined,
) {
  if (calibration !== undefined) {
    const within = takesMinutes(opened, calibrationPasses(calibration).rows);
    settings.windows = await automaticWindows(opened, model, calibration, settings, { within });
  }
  const { unit } = methodUnit(flags.method, opened.config, settings);
  return arithmeticFor(precisionFrom(flags, model, plan), unit);
}

/** A message in the chat template of the model, in tokens; its first token, where the template writes it, once. */
function chatTokens(
  { system }: GenerateFlags,
  opened: OpenedModel,
  tokenizer: TextTokenizer,
  prompt: string,
): number[] {
  const template = opened.template();
  if (template === undefined)
    throw new MugiError({
      code: 'unsupported',
      message: `${opened.name} has no chat template: it continues texts`,
      path: 'chat',
      expected: 'chat_template in tokenizer_config.json, chat_template.jinja, or that of a GGUF file',
    });
  const said: Message = { role: 'user', content: prompt };
  const text = template(system === undefined ? [said] : [{ role: 'system', content: system }, said]);
  const ids = tokenizer.encode(text);
  const { config } = opened;
  return 'bos' in config && config.bos !== undefined && ids[0] === config.bos ? ids.slice(1) : ids;
}

/** Continues a prompt. */
export async function continuePrompt(flags: GenerateFlags, opened: OpenedModel): Promise<void> {
  const { maxTokens, temperature, seed } = flags;
  const config = generatesText(opened.config);
  const prompt = begun(flags, 'prompt', config.modelType);
  const plan = planOf(flags, opened);
  const { automatic, ...settings } = settingsOf(flags, opened, plan);
  const tokenizer = opened.tokenizer();
  const ids = flags.chat === true ? chatTokens(flags, opened, tokenizer, prompt) : tokenizer.encode(prompt);
  promptTokens(config, ids);
  const calibration = await calibrationFor(flags, opened, automatic);
  const { precision } = arithmeticOf(flags);
  const kind = kindOf(precision);
  // What is not calibrated computes with no stored matrix.
  const holding = calibration === undefined ? holdingOf(flags, opened, plan) : undefined;
  announceWork(
    opened,
    [
      ...(calibration === undefined ? [] : [calibrationPasses(calibration)]),
      { rows: ids.length, runs: 1, kind },
      { rows: Math.min(maxTokens, config.context - ids.length), runs: 1, alone: true, kind },
    ],
    precision,
    holding,
  );
  const model = loadFor(opened, holding, precision);
  const arithmetic = await arithmeticFrom(flags, opened, model, settings, plan, calibration);
  let full: number | undefined;
  const onContextFull = (context: number) => (full = context);
  // Gone before the prompt is shown, behind which its text is to stand.
  const bar = progress('prompt', 1);
  const onPrompt = (layer: number, layers: number): void =>
    bar.update(layer / layers, undefined, { done: layer, total: layers, unit: 'layers' });
  const tokens = generate(model, ids, { arithmetic, maxTokens, temperature, seed, onContextFull, onPrompt });
  const text = await streamed(flags, opened.name, prompt, new WholeText(tokenizer, ids), tokens, () =>
    bar.stop(),
  );
  if (full !== undefined)
    remark(`stopped after ${text.ids.length} tokens: the context of ${full} tokens is full`);
}

/** Writes what is said in a sound. */
export async function writeSound(
  flags: GenerateFlags,
  opened: OpenedModel,
  config: WhisperConfig,
): Promise<void> {
  const sound = begun(flags, 'sound', config.modelType);
  const tokenizer = opened.tokenizer();
  const start = startTokens(config, tokenizer, flags.language ?? DEFAULT_LANGUAGE);
  const plan = planOf(flags, opened);
  const { automatic, ...settings } = settingsOf(flags, opened, plan);
  const mel = featuresOf(sound, melSettings(opened.path, config));
  const calibration = await calibrationFor(flags, opened, automatic);
  const { precision } = arithmeticOf(flags);
  const kind = kindOf(precision);
  announceWork(
    opened,
    [
      { rows: config.sourcePositions, runs: 1, kind },
      { rows: flags.maxTokens, runs: 1, alone: true, kind },
    ],
    precision,
  );
  const model = opened.load();
  const listener = model.listen!(
    mel,
    await arithmeticFrom(flags, opened, model, settings, plan, calibration),
  );
  await streamed(
    flags,
    opened.name,
    '',
    new WholeText(tokenizer, []),
    transcribe(listener, config, start, flags.maxTokens),
  );
  listener.dispose();
}

/**
 * Prints tokens as they come, or all of them as JSON.
 * @param onBegin called when the first is there
 */
async function streamed(
  flags: GenerateFlags,
  model: string,
  prompt: string,
  text: WholeText,
  tokens: Iterator<number>,
  onBegin: () => void = () => {},
): Promise<WholeText> {
  const json = flags.json === true;
  let token = tokens.next();
  onBegin();
  const bar = json ? progress('generation', flags.maxTokens) : undefined;
  if (!json) print(prompt);
  for (; token.done !== true; token = tokens.next()) {
    const part = text.add(token.value);
    if (!json) print(part);
    bar?.update(text.ids.length, undefined, {
      done: text.ids.length,
      total: flags.maxTokens,
      unit: 'tokens',
    });
    // Lets in that the reader has gone: nobody waits for the rest.
    await setImmediate();
  }
  bar?.stop();
  const { method, sound } = flags;
  const from = sound === undefined ? { prompt } : { sound };
  output(flags, {
    json: () => ({ model, method, ...from, text: text.text, ids: text.ids }),
    compact: true,
    text: () => `${text.rest()}\n`,
  });
  return text;
}
