import { gramsPerJoule } from '../evaluate/carbon-parts.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';
import type { Metric } from '../evaluate/metric.ts';
import { operatorName } from '../evaluate/operator-parts.ts';
import { given, type Quantity } from '../evaluate/quantity.ts';
import type { Group } from '../workload/operator.ts';

/** Quirk "energy-per-token". */
export const PUBLISHED_ENERGY_PER_TOKEN: Metric<'energy_per_token_J'> = {
  name: 'energy_per_token_J',
  label: 'energy per token',
  unit: 'J',
  better: 'lower',
  short: 'J/token',
  formula: 'as published (Fig. 14): dynamic energy / context, not energy / all tokens of the batch',
  value: ({ total, workload }) => total.energy / workload.context,
  combine: 'quotient',
  parts: ({ workload }, metric) => [
    metric('energy_dynamic_J'),
    given('context', workload.context, 'token', 'the question, or the length that the model fixes'),
  ],
};

/** Groups of Fig. 15, which leaves the output head out. */
const GROUPS: readonly Group[] = ['projection', 'attention', 'ffn', 'nonlinear'];

/** Quirk "carbon". */
export const PUBLISHED_CARBON: Metric<'operational_gCO2e'> = {
  name: 'operational_gCO2e',
  label: 'operational carbon',
  unit: 'gCO₂e',
  better: 'lower',
  short: 'op. gCO₂e',
  formula:
    'as published: the leakage of all layers and the dynamic energy of one, without the output head, × carbon per joule',
  value: ({ carbon }) => carbon.operationalTotal,
  combine: 'product',
  parts: (evaluation) => [counted(evaluation), gramsPerJoule(evaluation)],
};

function counted(evaluation: Evaluation): Quantity {
  const parts = GROUPS.map((group) => countedOf(group, evaluation));
  return {
    name: 'energy that is counted',
    value: parts.reduce((sum, { value }) => sum + value, 0),
    unit: 'J',
    formula: `Σ over ${GROUPS.join(', ')}`,
    combine: 'sum',
    parts: () => parts,
  };
}

function countedOf(group: Group, evaluation: Evaluation): Quantity {
  const { groups, leakage, operators } = evaluation;
  const { time } = groups[group];
  // Nonlinear functions are the one group whose energy the artifact takes of all layers.
  const whole = group === 'nonlinear';
  const dynamic = operators
    .filter(({ operator }) => operator.group === group)
    .map((one) => ({
      name: operatorName(one, evaluation),
      value: whole ? one.energy : one.energy / one.operator.layers,
      unit: 'J',
      source: whole ? 'dynamic energy of all layers' : 'dynamic energy of one layer',
    }));
  const energy = dynamic.reduce((sum, { value }) => sum + value, 0);
  return {
    name: group,
    value: leakage * time + energy,
    unit: 'J',
    formula: 'leakage × time, and dynamic energy',
    combine: 'sum',
    parts: () => [
      {
        name: 'leakage energy',
        value: leakage * time,
        unit: 'J',
        formula: 'leakage × time of all layers',
        combine: 'product',
        parts: () => [
          given('leakage', leakage, 'W', 'leakage_W'),
          given('time', time, 's', 'time of the group'),
        ],
      },
      {
        name: 'dynamic energy',
        value: energy,
        unit: 'J',
        formula: 'Σ over operators',
        combine: 'sum',
        parts: () => dynamic,
      },
    ],
  };
}
