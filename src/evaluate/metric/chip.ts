import { JOULES_PER_MEGAJOULE, milliwatts, milliwattsToWatts } from '../../units.ts';
import { componentUse } from '../components.ts';
import type { Evaluation } from '../evaluation.ts';
import { costSource } from '../price.ts';
import { given, type Quantity } from '../quantity.ts';
import { energyEfficiency, onChip, one } from './define.ts';

/** What a chip is, and merits that weigh it. */
export const CHIP = [
  one({
    name: 'leakage_W',
    label: 'leakage',
    unit: 'W',
    better: 'lower',
    formula: 'Σ over components of count × leakage',
    value: ({ leakage }) => leakage,
    combine: 'sum',
    parts: (evaluation) =>
      byComponent(evaluation, 'W', ({ leakage_mW }) => milliwattsToWatts(milliwatts(leakage_mW))),
  }),
  one({
    name: 'power_W',
    label: 'power',
    unit: 'W',
    better: 'lower',
    formula: 'energy / time',
    value: (evaluation) => onChip(evaluation) / evaluation.total.time,
    combine: 'quotient',
    parts: (_, metric) => [metric('energy_J'), metric('time_s')],
  }),
  one({
    name: 'area_mm2',
    label: 'area',
    unit: 'mm²',
    better: 'lower',
    formula: 'Σ over components of count × area, DRAM left out',
    value: ({ area }) => area,
    combine: 'sum',
    parts: (evaluation) => byComponent(evaluation, 'mm²', ({ area_mm2 }) => area_mm2),
  }),
  one({
    name: 'energy_efficiency_tokens_per_s_per_MJ',
    label: 'energy efficiency',
    unit: 'tokens/s/MJ',
    better: 'higher',
    formula: 'tokens per second / energy in MJ (printed as tokens/s/µJ in Mugi Table 3)',
    value: (evaluation) =>
      energyEfficiency(evaluation.workload.tokens / evaluation.total.time, onChip(evaluation)),
    combine: 'quotient',
    parts: (_, metric) => [
      metric('tokens_per_s'),
      metric('energy_J'),
      given('megajoules in a joule', 1 / JOULES_PER_MEGAJOULE, 'MJ/J', 'definition'),
    ],
  }),
  one({
    name: 'power_efficiency_tokens_per_s_per_W',
    label: 'power efficiency',
    unit: 'tokens/s/W',
    better: 'higher',
    formula: 'tokens per second / power',
    value: (evaluation) => {
      const { workload, total } = evaluation;
      return workload.tokens / total.time / (onChip(evaluation) / total.time);
    },
    combine: 'quotient',
    parts: (_, metric) => [metric('tokens_per_s'), metric('power_W')],
  }),
  one({
    name: 'energy_delay_product_Js',
    label: 'energy-delay product',
    unit: 'J·s',
    better: 'lower',
    formula: 'energy × time',
    value: (evaluation) => onChip(evaluation) * evaluation.total.time,
    combine: 'product',
    parts: (_, metric) => [metric('energy_J'), metric('time_s')],
  }),
] as const;

type Part = ReturnType<typeof componentUse>[number];

/** Area or leakage by component: instances times what one has. */
function byComponent(evaluation: Evaluation, unit: string, of: (part: Part) => number): Quantity[] {
  return componentUse(evaluation, []).map((part) => ({
    name: part.name,
    value: of(part),
    unit,
    component: part.name,
    formula: `${part.count} of class ${part.class}`,
    combine: 'product',
    parts: () => [
      given('instances', part.count, '', 'what the design is made of'),
      given('one of them', of(part) / part.count, unit, costSource(evaluation.priced, part.name, part.class)),
    ],
  }));
}
