import { emissionOf } from '../../technology/environment.ts';
import { JOULES_PER_KWH, JOULES_PER_MEGAJOULE, SECONDS_PER_YEAR } from '../../units.ts';
import type { Evaluation } from '../evaluation.ts';
import { given, type Quantity } from '../quantity.ts';

/** Grams for each joule of electricity. */
export const gramsPerJoule = ({ environment }: Evaluation): Quantity => ({
  name: 'carbon per joule',
  value: emissionOf(environment),
  unit: 'gCO₂e/J',
  formula: 'carbon intensity / joules in a kWh',
  combine: 'quotient',
  parts: () => [
    given(
      'carbon intensity',
      environment.carbonIntensity,
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
  value: environment.fabricationMJPerMm2 * JOULES_PER_MEGAJOULE,
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
    given('joules in a megajoule', JOULES_PER_MEGAJOULE, 'J/MJ', 'definition'),
  ],
});
