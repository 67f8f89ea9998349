import { microwattsOf, milliwatts, picojoulesOf, squareMicrometresOf, squareMillimetres } from '../units.ts';
import { unknownName } from '../errors.ts';
import { componentUse, type ComponentUse } from './components.ts';
import type { Evaluation } from './evaluation.ts';
import { metricsOf } from './metrics.ts';
import { costSource } from './price.ts';
import { type Quantity, weightsOf } from './quantity.ts';

/** The cost of one component, and where it comes from. */
export interface CostRow {
  name: string;
  energy_pJ: number;
  leakage_uW: number;
  area_um2: number;
  source: string;
}

/** Where one number comes from. */
export interface Explanation {
  /** The metric, or a path into its parts: `time_s/time_gemm_s`. */
  metric: string;
  quantity: Quantity;
  /** What the metric is called, and which way is better; nothing for a part that is not a metric. */
  label?: string;
  better?: 'higher' | 'lower';
  /** Costs that enter, those that weigh most first; empty where none does. */
  sources: CostRow[];
}

/** A metric that this inference lacks, because nothing is decoded for example. */
const MISSING = Number.NaN;

/** A metric of an evaluation as a quantity that can be taken apart. */
export function quantityOf(evaluation: Evaluation, name: string): Quantity {
  const list = metricsOf(evaluation.preset);
  const metric = list.find((candidate) => candidate.name === name);
  if (metric === undefined) {
    throw unknownName(
      'metric',
      name,
      list.map((candidate) => candidate.name),
      'why',
    );
  }
  const value = metric.value(evaluation);
  const { unit, formula, combine } = metric;
  if (value === null) {
    return { name, value: MISSING, unit, formula, source: 'this inference has none' };
  }
  return {
    name,
    value,
    unit,
    formula,
    combine,
    parts: () => metric.parts(evaluation, (other) => quantityOf(evaluation, other)),
  };
}

/**
 * Explains a metric of an evaluation, or a part of it at any depth: `energy_J/energy_dynamic_J/energy_gemm_J`.
 * @throws MugiError for a metric or part that is not there, with the nearest that is
 */
export function why(evaluation: Evaluation, path: string): Explanation {
  const [name, ...steps] = stepsOf(path);
  const quantity = descend(quantityOf(evaluation, name), steps);
  const metric = metricsOf(evaluation.preset).find((candidate) => candidate.name === quantity.name);
  return {
    metric: path,
    quantity,
    ...(metric === undefined ? {} : { label: metric.label }),
    ...(metric?.better === undefined ? {} : { better: metric.better }),
    sources: sourcesOf(evaluation, quantity),
  };
}

/** A path as its steps. */
const stepsOf = (path: string): string[] => path.split('/').map((step) => step.trim());

/** The part at the end of some steps. A part's own name may take several of them: names of graph files hold slashes. */
function descend(quantity: Quantity, steps: readonly string[]): Quantity {
  if (steps.length === 0) return quantity;
  const parts = quantity.parts?.() ?? [];
  const [next] = parts
    .map((part) => ({ part, own: stepsOf(part.name) }))
    .filter(({ own }) => own.every((step, i) => step === steps[i]))
    .sort((a, b) => b.own.length - a.own.length);
  if (next === undefined) {
    throw unknownName(
      `part of ${quantity.name}`,
      steps[0],
      parts.map((part) => part.name),
      'why',
    );
  }
  return descend(next.part, steps.slice(next.own.length));
}

/** The ten components whose costs weigh most in a quantity. */
function sourcesOf(evaluation: Evaluation, quantity: Quantity): CostRow[] {
  const weights = [...weightsOf(quantity)].sort((a, b) => b[1] - a[1]).slice(0, 10);
  const uses = componentUse(evaluation, []);
  return weights.map(([name]) => costRow(uses.find((use) => use.name === name)!, evaluation));
}

function costRow(
  { name, class: className, count, leakage_mW, area_mm2 }: ComponentUse,
  evaluation: Evaluation,
) {
  const component = evaluation.priced.components.find((candidate) => candidate.name === name)!;
  return {
    name: `${name} (${className} × ${count})`,
    energy_pJ: picojoulesOf(component.energy),
    leakage_uW: microwattsOf(milliwatts(leakage_mW)) / count,
    area_um2: squareMicrometresOf(squareMillimetres(area_mm2)) / count,
    source: costSource(evaluation.priced, name, className),
  };
}
