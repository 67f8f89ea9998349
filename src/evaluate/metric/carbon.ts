import { fabricationPerArea, gramsPerJoule, shareOfLife } from '../parts/carbon.ts';
import { one } from './define.ts';

/** Carbon of use and of making (Mugi §2.4, §5.3). */
export const CARBON = [
  one({
    name: 'operational_gCO2e',
    label: 'operational carbon',
    unit: 'gCO₂e',
    better: 'lower',
    formula: 'on-chip energy × carbon per joule (DRAM left out)',
    value: ({ carbon }) => carbon.operationalTotal,
    combine: 'product',
    parts: (evaluation, metric) => [metric('energy_J'), gramsPerJoule(evaluation)],
  }),
  one({
    name: 'embodied_gCO2e',
    label: 'embodied carbon',
    unit: 'gCO₂e',
    better: 'lower',
    formula: 'fabrication × time / lifetime',
    value: ({ carbon }) => carbon.embodied,
    combine: 'product',
    parts: (evaluation, metric) => [metric('fabrication_gCO2e'), shareOfLife(evaluation, metric('time_s'))],
  }),
  one({
    name: 'fabrication_gCO2e',
    label: 'carbon of fabrication',
    unit: 'gCO₂e',
    better: 'lower',
    formula: 'area × fabrication energy per mm² × carbon per joule',
    value: ({ carbon }) => carbon.fabrication,
    combine: 'product',
    parts: (evaluation, metric) => [
      metric('area_mm2'),
      fabricationPerArea(evaluation),
      gramsPerJoule(evaluation),
    ],
  }),
] as const;
