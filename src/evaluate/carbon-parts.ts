import type { Evaluation } from './evaluation.ts';
import { given, type Quantity } from './quantity.ts';

const JOULES_PER_KWH = 3.6e6;
const SECONDS_PER_YEAR = 365 * 24 * 3600;

/** Grams for each joule of electricity. */
export const gramsPerJoule = ({ environment: { carbonIntensity } }: Evaluation): Quantity => ({
  name: 'carbon per joule',
  value: carbonIntensity / JOULES_PER_KWH,
  unit: 'gCO₂e/J',
  formula: 'carbon intensity / joules in a kWh',
  combine: 'quotient',
  parts: () => [
    given(
      'carbon intensity',
      carbonIntensity,
      'gCO₂e/kWh',
      'the question; by default the world average of ACT (ISCA 2022)',
    ),
    given('joules in a kWh', JOULES_PER_KWH, 'J/kWh', 'definition'),
  ],
});

/** The share of the chip's life that the inference takes. */
export function shareOfLife({ environment, total }: Evaluation, time: Quantity): Quantity {
  const seconds = environment.lifetimeYears * SECONDS_PER_YEAR;
  return {
    name: 'share of the lifetime',
    value: total.time / seconds,
    unit: '',
    formula: 'time / lifetime',
    combine: 'quotient',
    parts: () => [
      time,
      {
        name: 'lifetime',
        value: seconds,
        unit: 's',
        formula: 'years × seconds in a year of 365 days',
        combine: 'product',
        parts: () => [
          given(
            'years',
            environment.lifetimeYears,
            'year',
            'the question; by default as in the Mugi artifact',
          ),
          given('seconds in a year', SECONDS_PER_YEAR, 's/year', 'definition'),
        ],
      },
    ],
  };
}

/** Energy to make a square millimetre, in joules. */
export const fabricationPerArea = ({ environment }: Evaluation): Quantity => ({
  name: 'fabrication energy',
  value: environment.fabricationMJPerMm2 * 1e6,
  unit: 'J/mm²',
  formula: 'MJ/mm² × joules in a megajoule',
  combine: 'product',
  parts: () => [
    given(
      'fabrication energy per area',
      environment.fabricationMJPerMm2,
      'MJ/mm²',
      'the question; by default Brunvand et al., Dark Silicon Considered Harmful',
    ),
    given('joules in a megajoule', 1e6, 'J/MJ', 'definition'),
  ],
});
