import type { Command } from 'commander';
import { MugiError, unknownName, wholeNumber } from '../../errors.ts';
import { DEFAULTS, type Use } from '../../evaluate/point.ts';
import { type Preset, preset, PRESETS, type PresetName, type Repair, REPAIR_NAMES } from '../../preset.ts';
import { DEFAULT_ENVIRONMENT, type Environment } from '../../technology/environment.ts';
import { list, number } from './command.ts';

/** How a model is used, as commander leaves it. */
export interface UseFlags {
  batch: number;
  context?: number;
  prefill?: number;
  weightBits?: number;
  kvBits?: number;
}

/** Options that `compare` and `evaluate` share, as commander leaves them. */
export interface EvaluationFlags extends UseFlags {
  model: string;
  preset: string;
  with?: string[];
  without?: string[];
  technology: string;
  dramBandwidth: number;
  linkBits: number;
  carbonIntensity: number;
}

export const DEFAULT_MODEL = 'llama-2-70b';

export function addUseOptions(command: Command): Command {
  return command
    .option('--batch <n>', 'sequences side by side', number('--batch'), DEFAULTS.batch)
    .option(
      '--context <tokens>',
      `final context length, prompt included (default: ${DEFAULTS.context})`,
      number('--context'),
    )
    .option('--prefill <tokens>', `prompt length (default: ${DEFAULTS.prefill})`, number('--prefill'))
    .option(
      '--weight-bits <n>',
      'bits of a weight (default: as the model says, else 4)',
      number('--weight-bits'),
    )
    .option(
      '--kv-bits <n>',
      'bits of a KV-cache element (default: as the model says, else 4)',
      number('--kv-bits'),
    );
}

export function addEvaluationOptions(command: Command): Command {
  const withModel = command.option(
    '--model <name|path>',
    'built-in model, config.json or its folder, or SCALE-Sim topology CSV',
    DEFAULT_MODEL,
  );
  return addUseOptions(withModel)
    .option('--preset <name>', 'corrected or as-published', 'corrected')
    .option('--with <repairs>', 'repairs to add to the preset, a,b,…', list('--with'))
    .option('--without <repairs>', 'repairs to take out of the preset, a,b,…', list('--without'))
    .option('--technology <name>', 'costs to price with: published or open-45 (own synthesis)', 'published')
    .option(
      '--dram-bandwidth <GB/s>',
      'off-chip bandwidth',
      number('--dram-bandwidth'),
      DEFAULT_ENVIRONMENT.dramGBps,
    )
    .option(
      '--link-bits <n>',
      'width of a NoC link and channel',
      number('--link-bits'),
      DEFAULT_ENVIRONMENT.linkBits,
    )
    .option(
      '--carbon-intensity <g/kWh>',
      'carbon intensity of electricity',
      number('--carbon-intensity'),
      DEFAULT_ENVIRONMENT.carbonIntensity,
    );
}

/** The preset that the flags ask for, with its repairs switched. */
export function presetOf(flags: Pick<EvaluationFlags, 'preset' | 'with' | 'without'>): Preset {
  if (!Object.hasOwn(PRESETS, flags.preset))
    throw unknownName('preset', flags.preset, Object.keys(PRESETS), '--preset');
  const change: Partial<Record<Repair, boolean>> = {};
  for (const [names, value, option] of [
    [flags.with, true, '--with'],
    [flags.without, false, '--without'],
  ] as const) {
    for (const name of names ?? []) {
      if (!(REPAIR_NAMES as string[]).includes(name)) throw unknownName('repair', name, REPAIR_NAMES, option);
      if (change[name as Repair] === !value) {
        throw new MugiError({
          code: 'invalid-value',
          message: `repair "${name}" is both added and taken out`,
          path: option,
          expected: 'each repair in --with or in --without',
          received: `--with ${flags.with?.join(',')} --without ${flags.without?.join(',')}`,
        });
      }
      change[name as Repair] = value;
    }
  }
  return preset(flags.preset as PresetName, change);
}

/** The largest batch and context that a whole-number sum of the model stays exact for. */
const MAX_BATCH = 2 ** 20;
const MAX_CONTEXT = 2 ** 24;

export function useOf(flags: UseFlags): Use {
  const context = wholeNumber('--context', flags.context ?? DEFAULTS.context, 1, MAX_CONTEXT);
  return {
    batch: wholeNumber('--batch', flags.batch, 1, MAX_BATCH),
    context,
    prefill: wholeNumber('--prefill', flags.prefill ?? Math.min(DEFAULTS.prefill, context), 1, context),
    ...(flags.weightBits === undefined
      ? {}
      : { weightBits: wholeNumber('--weight-bits', flags.weightBits, 1, 16) }),
    ...(flags.kvBits === undefined ? {} : { kvBits: wholeNumber('--kv-bits', flags.kvBits, 1, 16) }),
  };
}

export function environmentOf(flags: EvaluationFlags): Environment {
  return {
    ...DEFAULT_ENVIRONMENT,
    dramGBps: positive('--dram-bandwidth', flags.dramBandwidth),
    linkBits: wholeNumber('--link-bits', flags.linkBits, 1, 2 ** 20),
    carbonIntensity: positive('--carbon-intensity', flags.carbonIntensity),
  };
}

function positive(option: string, value: number): number {
  if (value > 0 && value < 1e9) return value;
  throw new MugiError({
    code: 'invalid-value',
    message: `${option} must be positive and below 1e9`,
    path: option,
    expected: 'a number in (0, 1e9)',
    received: String(value),
  });
}
