import type { LossIncrease } from '../accuracy/score/loss-increase.ts';
import type { Design, Resource } from '../design/design.ts';
import type { Evaluation, Metric } from '../evaluate/evaluation.ts';
import { gainOf } from '../evaluate/gain.ts';
import { designName, METRICS, type MetricName, type Metrics, metrics } from '../evaluate/metrics.ts';
import { timeShare } from '../evaluate/share.ts';
import { priceNotes } from '../evaluate/price-notes.ts';
import { byGroup, type Group } from '../workload/operator.ts';
import { accuracyNotes, notesOf } from './comparison-notes.ts';
import { lossOf } from './loss-of.ts';
import type { ComparedAccuracy } from './loss-text.ts';

export { COLUMNS, type Column } from './columns.ts';
export { type ComparedAccuracy, lossText } from './loss-text.ts';

export interface Compared {
  name: string;
  metrics: Metrics;
  /** Each numeric metric over the baseline's. */
  ratios: Partial<Record<keyof Metrics, number>>;
  /** How many times better than the baseline each metric is that has a better way: above 1 is better. */
  gains: Partial<Record<MetricName, number>>;
  breakdown: Record<Group, { time_s: number; share: number; energy_J: number; bound: Resource | null }>;
  provenance: string;
  /** How nonlinear functions are computed. */
  method: string;
  /** What its costs stand in for, where the technology has no price of a part. */
  unpriced: NonNullable<Design['unpriced']>;
  /** What else is to be known of its parts beside the numbers, `unpriced` included; the notes say the same. */
  cautions: readonly string[];
  /** What all that it does costs a real model, where it was measured. */
  accuracy?: LossIncrease;
}

export interface Comparison {
  baseline: string;
  evaluations: readonly Evaluation[];
  designs: Compared[];
  accuracy?: ComparedAccuracy;
  notes: string[];
}

/** Puts evaluations of several designs side by side; ratios are against `baseline`. Pure. */
export function comparison(
  evaluations: readonly Evaluation[],
  baseline: string,
  accuracy?: ComparedAccuracy,
): Comparison {
  const base = metrics(evaluations.find((evaluation) => designName(evaluation) === baseline)!);
  const designs = evaluations.map((evaluation): Compared => {
    const own = metrics(evaluation);
    const ratios: Compared['ratios'] = {};
    for (const key of Object.keys(own) as (keyof Metrics)[]) {
      const [value, reference] = [own[key], base[key]];
      if (typeof value === 'number' && typeof reference === 'number' && reference !== 0)
        ratios[key] = value / reference;
    }
    const { design } = evaluation.priced;
    return {
      name: designName(evaluation),
      metrics: own,
      ratios,
      breakdown: breakdown(evaluation),
      provenance: design.provenance,
      method: design.method,
      gains: gainsOf(ratios),
      unpriced: design.unpriced ?? [],
      cautions: priceNotes(evaluation.priced),
      accuracy: accuracy && lossOf(design, accuracy.increases),
    };
  });
  const notes = [...notesOf(evaluations), ...(accuracy ? accuracyNotes(evaluations, accuracy) : [])];
  return { baseline, evaluations, designs, accuracy, notes };
}

function breakdown(evaluation: Evaluation): Compared['breakdown'] {
  const { groups, operators } = evaluation;
  return byGroup((group) => {
    // The resource that most of the group's time waits for.
    const waits = new Map<Resource, number>();
    for (const { operator, bound, time } of operators) {
      if (operator.group === group) waits.set(bound, (waits.get(bound) ?? 0) + time);
    }
    const bound = [...waits].reduce<[Resource | null, number]>((a, b) => (b[1] > a[1] ? b : a), [null, 0])[0];
    const { time, energy } = groups[group];
    return { time_s: time, share: timeShare(time, evaluation), energy_J: energy, bound };
  });
}

const gainsOf = (ratios: Compared['ratios']): Compared['gains'] =>
  Object.fromEntries(
    METRICS.flatMap((metric: Metric<MetricName>) => {
      const gain = gainOf(metric, ratios[metric.name]);
      return gain === undefined ? [] : [[metric.name, gain]];
    }),
  );

/** The design with the least product of energy (with DRAM), time and area beside the baseline. */
export function bestOf({ designs, baseline }: Comparison): Compared {
  const rivals = designs.filter(({ name }) => name !== baseline);
  const candidates = rivals.length > 0 ? rivals : designs;
  return candidates.reduce((a, b) => (cost(b) < cost(a) ? b : a));
}

const cost = ({ metrics }: Compared): number =>
  metrics.energy_per_token_with_dram_J * metrics.time_s * metrics.area_mm2;
