import type { Block } from '../../accuracy/data/blocks.ts';
import type { Plan } from '../../accuracy/plan/plan-file.ts';
import { leavesWindows } from '../../accuracy/plan/planned-functions.ts';
import { designSettings } from '../../accuracy/study/design-settings.ts';
import type { NonlinearSettings } from '../../accuracy/study/methods.ts';
import { refuseIdleSwitches } from '../../accuracy/study/other-functions.ts';
import { checkWindows } from '../../accuracy/windows/window-choice.ts';
import type { Settled } from '../../accuracy/windows/settling.ts';
import { readWindowFile, type WindowEntry, type WindowFile } from '../../accuracy/windows/window-file.ts';
import {
  type ChosenWindows,
  chosenWindows,
  type WindowsForOptions,
} from '../../accuracy/windows/windows-for.ts';
import { MugiError } from '../../errors.ts';
import { kindAt } from '../../files/read.ts';
import type { OpenedModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import { withProgress } from '../../present/progress.ts';
import { sizeOf } from '../../vlp/window.ts';
import type { ArithmeticFlags } from '../options/arithmetic-flags.ts';
import { switchesOf } from '../options/switch-flags.ts';
import { remark } from '../options/output.ts';
import { arithmeticOf, designSeen } from './arithmetic.ts';

/** Settings of the nonlinear functions; windows are still to be chosen when the source is `auto`. */
export function settingsOf(
  flags: ArithmeticFlags,
  opened: Pick<OpenedModel, 'config' | 'name'>,
  plan?: Plan,
): NonlinearSettings & { automatic: boolean } {
  const { automatic, ...settings } = windowSettings(flags, opened);
  if (plan === undefined) return { automatic, ...settings };
  return {
    ...settings,
    automatic: automatic && leavesWindows(plan.functions, opened.config),
    plan: plan.functions,
  };
}

function windowSettings(
  flags: ArithmeticFlags,
  { config, name }: Pick<OpenedModel, 'config' | 'name'>,
): NonlinearSettings & { automatic: boolean } {
  const switches = switchesOf(flags);
  refuseIdleSwitches(switches, config);
  const own = designSettings(designSeen(flags.design, flags.preset, switches));
  const { windows: source, mode } = flags;
  const settings: NonlinearSettings = {
    ...own,
    mantissaBits: flags.mantissa ?? own.mantissaBits,
    lutSize: flags.lutSize ?? own.lutSize,
    groupRows: flags.rows ?? own.groupRows,
    mode,
    rowSum: arithmeticOf(flags).rowSum,
    windows: [],
  };
  if (source === 'auto') return { ...settings, automatic: true };
  if (source === 'default') return { ...settings, automatic: false };
  if (kindAt(source) === 'nothing') {
    throw new MugiError({
      code: 'missing-file',
      message: 'no such window file',
      path: source,
      expected: 'auto, default, or a file written by mugi tune',
    });
  }
  const file = readWindowFile(source);
  checkWindows(file.windows, config, source);
  refuseContradictions(flags, file);
  if (file.model !== name)
    remark(`note: the windows of ${source} were chosen for ${file.model}, not for ${name}`);
  return {
    ...settings,
    mantissaBits: file.mantissa_bits,
    groupRows: file.group_rows,
    windows: file.windows,
    automatic: false,
  };
}

/** A window file brings its mantissa, rows and widths: a flag may repeat them, not change them. */
function refuseContradictions({ mantissa, rows, lutSize }: ArithmeticFlags, file: WindowFile): void {
  const widths = [...new Set(file.windows.map(sizeOf))];
  const pairs: [string, number | undefined, string, readonly number[]][] = [
    ['mantissa', mantissa, 'mantissa_bits', [file.mantissa_bits]],
    ['rows', rows, 'group_rows', [file.group_rows]],
    ['lutSize', lutSize, 'windows of exponents', widths],
  ];
  for (const [key, given, inFile, held] of pairs) {
    if (given === undefined || held.every((value) => value === given)) continue;
    throw new MugiError({
      code: 'invalid-value',
      message: `${key} ${given} contradicts the window file`,
      path: key,
      expected: `the file's ${inFile} ${held.join(', ')}, or no \`${key}\` beside a file of \`windows\``,
      received: String(given),
      nearest: String(held[0]),
    });
  }
}

/** Windows from a calibration pass of as many targets as it needs, with a progress bar and a word on its end. */
export async function automaticWindows(
  opened: OpenedModel,
  model: LoadedModel,
  calibration: readonly Block[],
  settings: NonlinearSettings,
  { fresh, within }: Pick<WindowsForOptions, 'fresh' | 'within'> = {},
): Promise<WindowEntry[]> {
  // It ends when the choice has settled, mostly long before it has read all.
  const chosen = await withProgress(
    'calibration',
    undefined,
    (onProgress) => chosenWindows({ opened, model, calibration, settings, fresh, within, onProgress }),
    'calibration',
    true,
  );
  remark(`calibration: ${calibrationWords(chosen)}`);
  return chosen.windows;
}

const SETTLED: Readonly<Record<Settled, string>> = {
  same: 'half as many gave the same',
  near: 'those of half as many were within a per mille of them on the rest',
};

/** On how much windows were chosen, and whether that was enough. */
export function calibrationWords({ targets, settled }: Pick<ChosenWindows, 'targets' | 'settled'>): string {
  const read = `windows chosen on ${targets.toLocaleString('en')} targets`;
  if (settled === undefined) return read;
  return `${read}; ${settled === false ? 'the choice had not settled' : SETTLED[settled]}`;
}
