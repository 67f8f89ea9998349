import { sumOfGroups } from '../evaluate/carbon.ts';
import { gramsPerJoule } from '../evaluate/parts/carbon.ts';
import type { Evaluation, Metric } from '../evaluate/evaluation.ts';
import { operatorName } from '../evaluate/parts/operator.ts';
import { given, type Quantity } from '../evaluate/quantity.ts';
import { emissionOf } from '../technology/environment.ts';
import { type GramsCO2e, gramsCO2e } from '../units.ts';
import type { Group } from '../workload/operator.ts';
import type { Quirk } from './quirk.ts';

/** Groups of Fig. 15, which leaves the output head out of the operational part, though not out of the time. */
const GROUPS: readonly Group[] = ['projection', 'attention', 'ffn', 'nonlinear'];

const metric: Metric<'operational_gCO2e'> = {
  name: 'operational_gCO2e',
  label: 'operational carbon',
  unit: 'gCO₂e',
  better: 'lower',
  formula:
    'as published: the leakage of all layers and the dynamic energy of one, without the output head, × carbon per joule',
  value: ({ carbon }) => carbon.operationalTotal,
  combine: 'product',
  parts: (evaluation) => [counted(evaluation), gramsPerJoule(evaluation)],
};

export const carbon = {
  name: 'carbon',
  published: 'operational carbon takes the energy of one layer with the time of all, without the output head',
  repaired: 'energy and time of the same layers, and all of them',
  metric,
  carbon(clean, { operators, groups, leakage, environment }) {
    const perJoule = emissionOf(environment);
    const oneLayer = (group: Group): number => {
      let energy = 0;
      for (const one of operators)
        if (one.operator.group === group) energy += one.energy / one.operator.layers;
      return energy;
    };
    const emitted = (group: Group, energy: number): GramsCO2e =>
      gramsCO2e(perJoule * (leakage * groups[group].time + energy));
    const operational = {
      projection: emitted('projection', oneLayer('projection')),
      attention: emitted('attention', oneLayer('attention')),
      ffn: emitted('ffn', oneLayer('ffn')),
      // The one group whose energy the artifact takes of all layers.
      nonlinear: emitted('nonlinear', groups.nonlinear.energy),
      output: gramsCO2e(0),
      other: gramsCO2e(0),
    };
    const { embodied, fabrication } = clean;
    return { operational, operationalTotal: sumOfGroups(operational), embodied, fabrication };
  },
} as const satisfies Quirk;

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
