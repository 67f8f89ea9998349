import { CODE_CYCLES } from '../vlp/array.ts';
import type { Rule } from './design.ts';
import type { GemmCount } from './mapping/counts.ts';

/** What Mugi and Carat share in a GEMM; they differ in how long the counter is charged (1 cycle in Carat). */
export const vlpGemm = (counterCycles: number): Rule<GemmCount>[] => [
  { event: 'input load', energy: 'stepsColumns', time: 'steps', cycles: 1, resource: 'array' },
  { event: 'counter', energy: 'steps', time: 'steps', cycles: counterCycles, resource: 'array' },
  {
    event: 'input value reuse',
    energy: 'stepsColumns',
    time: 'steps',
    cycles: CODE_CYCLES,
    resource: 'array',
  },
  { event: 'weight load', energy: 'stepsRows', time: 'steps', cycles: 1, resource: 'array' },
  { event: 'temporal coder', energy: 'stepsRows', time: 'steps', cycles: 1, resource: 'array' },
  { event: 'array', energy: 'stepsCells', time: 'arrayCycles', cycles: 1, resource: 'array' },
  { event: 'vector', energy: 'scaling', time: 'scalingSteps', cycles: 1, resource: 'vector' },
];
