import type { AccuracyPart } from '../accuracy/score/accuracy-row.ts';
import type { LossIncrease, LossMeasurement } from '../accuracy/score/loss-increase.ts';
import { measuredMethod } from '../accuracy/score/measured-method.ts';
import type { Resource } from '../design/design.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';
import type { Metric } from '../evaluate/evaluation.ts';
import { designName, METRICS, type MetricName, type Metrics, metrics } from '../evaluate/metrics.ts';
import { byGroup, type Group } from '../workload/operator.ts';

/** A figure of merit as people compare it. */
export interface Column {
  metric: MetricName;
  label: string;
  /** Label and unit for narrow tables. */
  short: string;
  unit: string;
  /** Factor from the metric's unit to the printed one. */
  scale: number;
  better: 'higher' | 'lower';
}

/** What designs are compared by. */
const COMPARED: readonly MetricName[] = [
  'tokens_per_s',
  'time_per_output_token_s',
  'energy_per_token_J',
  'power_W',
  'area_mm2',
  'operational_gCO2e',
  'embodied_gCO2e',
];

export const COLUMNS: readonly Column[] = COMPARED.map((name) => {
  const { label, printed, better = 'lower', ...metric }: Metric = METRICS.find((one) => one.name === name)!;
  const { unit, scale } = printed ?? { unit: metric.unit, scale: 1 };
  return { metric: name, label, short: metric.short ?? unit, unit, scale, better };
});

export interface Compared {
  name: string;
  metrics: Metrics;
  /** Each numeric metric over the baseline's. */
  ratios: Partial<Record<keyof Metrics, number>>;
  breakdown: Record<Group, { time_s: number; share: number; energy_J: number; bound: Resource | null }>;
  provenance: string;
  /** How nonlinear functions are computed. */
  method: string;
  /** What that method costs a real model, where it was measured. */
  accuracy?: LossIncrease;
}

/** The measurement that a comparison shows beside speed and energy. */
export interface ComparedAccuracy extends LossMeasurement {
  /** The measured model is the one whose hardware is compared. */
  own: boolean;
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
      accuracy: accuracy?.increases.find(({ method }) => method === measuredMethod(design)),
    };
  });
  const notes = [...notesOf(evaluations), ...(accuracy ? accuracyNotes(evaluations, accuracy) : [])];
  return { baseline, evaluations, designs, accuracy, notes };
}

function accuracyNotes(evaluations: readonly Evaluation[], measured: ComparedAccuracy): string[] {
  const { model, targets, data, own } = measured;
  const used = (method: string) => evaluations.some(({ priced }) => priced.design.method === method);
  const whose = own
    ? `of ${model} itself`
    : `of ${model}, not of ${evaluations[0].workload.model}, whose hardware is compared`;
  const told = measured.parts.map((part) => `${PART_NAMES[part.part]} ${lossText(part)}`).join(', ');
  const notes = [
    `loss − stored is ${whose}: all that a design does (nonlinear functions, INT4 weights, keys and values, BF16 activations and sums) above the stored model in FP32; nats per target, ${targets} targets of the ${data} text, ± a 95 % interval of the paired difference; “tie” means indistinguishable.`,
    `In it, alone: ${told}; functions, beside exact ones: ${measured.increases
      .filter(({ method }) => method !== 'exact')
      .map((loss) => `${loss.method} ${lossText(functionsOf(loss))}`)
      .join(', ')}.`,
  ];
  if (used('lut'))
    notes.push(
      'method lut is measured as vlp: its tables hold the entries that VLP selects; they differ where exponents of a group span more than eight.',
    );
  if (used('taylor'))
    notes.push('method taylor replaces the exponential only; the activation was measured exact.');
  return notes;
}

/** What a design's parts are called in notes. */
const PART_NAMES: Readonly<Record<AccuracyPart, string>> = {
  all: 'everything',
  functions: 'functions',
  weights: 'INT4 weights',
  kv: 'INT4 keys and values',
  activations: 'BF16 activations',
  sums: 'sums',
};

/** A difference and its interval. */
type Difference = Pick<LossIncrease, 'loss_increase' | 'loss_increase_ci95' | 'tie'>;

const functionsOf = (loss: LossIncrease): Difference => ({
  loss_increase: loss.functions_increase,
  loss_increase_ci95: loss.functions_increase_ci95,
  tie: loss.functions_tie,
});

/** A measured loss increase in words: `+0.0004 ± 0.0022 tie`. */
export function lossText({ loss_increase, loss_increase_ci95, tie }: Difference): string {
  const sign = loss_increase < 0 ? '−' : '+';
  const size = `${sign}${Math.abs(loss_increase).toFixed(4)}`;
  if (!Number.isFinite(loss_increase_ci95)) return `${size} (one block: no interval)`;
  return `${size} ± ${loss_increase_ci95.toFixed(4)}${tie ? ' tie' : ''}`;
}

function breakdown({ groups, total, operators }: Evaluation): Compared['breakdown'] {
  return byGroup((group) => {
    // The resource that most of the group's time waits for.
    const waits = new Map<Resource, number>();
    for (const { operator, bound, time } of operators) {
      if (operator.group === group) waits.set(bound, (waits.get(bound) ?? 0) + time);
    }
    const bound = [...waits].reduce<[Resource | null, number]>((a, b) => (b[1] > a[1] ? b : a), [null, 0])[0];
    const { time, energy } = groups[group];
    return { time_s: time, share: total.time > 0 ? time / total.time : 0, energy_J: energy, bound };
  });
}

function notesOf(evaluations: readonly Evaluation[]): string[] {
  const { preset, workload } = evaluations[0];
  const notes = [...workload.notes];
  const named = (test: (evaluation: Evaluation) => boolean): string =>
    evaluations.filter(test).map(designName).join(', ');
  if (preset.repairs['fill-drain']) {
    const stationary = named(({ priced }) => priced.design.array.pipeline.kind === 'weight-stationary');
    if (stationary !== '') {
      notes.push(
        `${stationary}: weight stationary as in the paper's Table 2, so every fold pays 2R + M + C − 2 cycles; with M = batch in decode that is mostly fill and drain. The -os designs are the same hardware output stationary, the fairer baseline.`,
      );
    }
  }
  for (const evaluation of evaluations) {
    if (evaluation.searched !== undefined) notes.push(`${designName(evaluation)}: ${evaluation.searched}.`);
  }
  const unsearched = named(({ searched }) => searched === undefined);
  if (unsearched !== '' && evaluations.some(({ searched }) => searched !== undefined))
    notes.push(`${unsearched}: as named, not searched.`);
  const fpInt = named(
    ({ priced: { design } }) =>
      design.family.endsWith('-f') && design.components.every((part) => part.class !== 'figna_pe'),
  );
  if (fpInt !== '' && preset.name.startsWith('corrected')) {
    notes.push(
      `${fpInt}: FIGNA is priced as published, converters on top of a full BF16 datapath; its real cells are smaller.`,
    );
  }
  const ours = named(({ priced }) => priced.design.provenance !== 'published');
  if (ours !== '') notes.push(`${ours}: not priced by the paper; extrapolated by its rules or ours.`);
  return notes;
}
