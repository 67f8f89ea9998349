import type { Metric } from '../evaluate/evaluation.ts';
import { given } from '../evaluate/quantity.ts';
import type { Quirk } from './quirk.ts';

const metric: Metric<'energy_per_token_J'> = {
  name: 'energy_per_token_J',
  label: 'energy per token',
  unit: 'J',
  better: 'lower',
  formula: 'as published (Fig. 14): dynamic energy / context, not energy / all tokens of the batch',
  value: ({ total, workload }) => total.energy / workload.context,
  combine: 'quotient',
  parts: ({ workload }, metric) => [
    metric('energy_dynamic_J'),
    given('context', workload.context, 'token', 'the question, or the length that the model fixes'),
  ],
};

export const energyPerToken = {
  name: 'energy-per-token',
  published: 'dynamic energy over the context length (Fig. 14)',
  repaired: 'energy with leakage over all tokens of the batch',
  metric,
} as const satisfies Quirk;
