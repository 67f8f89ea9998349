import type { Design } from '../design/design.ts';
import type { Preset } from '../evaluate/evaluation.ts';
import type { Technology } from '../technology/technology.ts';
import type { ModelShape } from '../workload/model.ts';
import type { Workload } from '../workload/operator.ts';
import type { WorkloadOptions } from '../workload/options.ts';
import { workloadOf } from '../workload/workload.ts';
import { QUIRKS, type Repair } from './index.ts';
import type { Quirk } from './quirk.ts';

export type { Preset, Repair };

/** In the order in which they are applied. */
const LAST_FIRST: readonly Quirk[] = [...QUIRKS].reverse();

/** Every switch with one sentence: the repair, and what it repairs. */
export const REPAIRS = Object.fromEntries(
  QUIRKS.map(({ name, published, repaired }) => [name, `${repaired} (as published: ${published})`]),
) as Readonly<Record<Repair, string>>;

export const REPAIR_NAMES: Repair[] = QUIRKS.map(({ name }) => name);

/**
 * `as-published` has every quirk and reproduces the authors' numbers; `corrected` has none.
 */
export const PRESETS = { 'as-published': false, corrected: true } as const;
export type PresetName = keyof typeof PRESETS;

/** A preset with some repairs switched; the name says so: `corrected −bandwidth`. */
export function preset(name: PresetName, change: Partial<Record<Repair, boolean>> = {}): Preset {
  const base = PRESETS[name];
  const repairs = Object.fromEntries(REPAIR_NAMES.map((repair) => [repair, change[repair] ?? base]));
  const changed = REPAIR_NAMES.filter((repair) => repairs[repair] !== base);
  const suffix = changed.map((repair) => ` ${base ? '−' : '+'}${repair}`).join('');
  const option = changed.length > 0 ? ` --${base ? 'without' : 'with'} ${changed.join(',')}` : '';
  const quirks = LAST_FIRST.filter((quirk) => !repairs[quirk.name]);
  return {
    name: name + suffix,
    flags: `--preset ${name}${option}`,
    repairs,
    changes: {
      omits: quirks.flatMap(({ omits = [] }) => omits),
      workload: quirks.flatMap(({ workload = [] }) => workload),
      design: quirks.flatMap(({ design = [] }) => design),
      execution: quirks.flatMap(({ execution = [] }) => execution),
      carbon: quirks.flatMap(({ carbon = [] }) => carbon),
      metric: quirks.flatMap(({ metric = [] }) => metric),
    },
  };
}

/** True where a preset repairs the quirk of this name. */
export const repairs = (preset: Preset, repair: Repair): boolean => preset.repairs[repair];

/** A design as a preset sees it. Quirks whose repair the technology has no price for stay in every preset. */
export function designUnder(design: Design, { changes }: Preset, technology: Technology): Design {
  let seen = design;
  const unpriced: { class: string; instead: string }[] = [];
  for (const { design: change, needs, instead = '' } of LAST_FIRST) {
    if (change === undefined) continue;
    const lacks = needs !== undefined && !Object.hasOwn(technology.logic, needs);
    if (!changes.design.includes(change) && !lacks) continue;
    const changed = change(seen);
    if (lacks && changed !== seen) unpriced.push({ class: needs, instead });
    seen = changed;
  }
  return unpriced.length === 0 ? seen : { ...seen, unpriced };
}

/** The operators of a model's inference as a preset sees them. */
export const workloadUnder = (model: ModelShape, options: WorkloadOptions, { changes }: Preset): Workload =>
  workloadOf(model, { ...options, omits: changes.omits }, (operator) => {
    for (const change of changes.workload) change(operator, model);
  });
