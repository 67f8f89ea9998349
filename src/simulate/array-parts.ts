import { type Design, peakMacs } from '../design/design.ts';
import { unknownName } from '../errors.ts';
import { gemmCount } from '../evaluate/parts/gemm.ts';
import { given, made, product, type Quantity } from '../evaluate/quantity.ts';
import { oneProduct } from '../workload/operator.ts';
import type { ArrayOutcome } from './array.ts';

/** Multiply-accumulates of a run. */
export const productsOf = ({ m, k, n }: { m: number; k: number; n: number }): Quantity =>
  product('products', '', 'M × K × N', [
    given('M', m, '', 'the run'),
    given('K', k, '', 'the run'),
    given('N', n, '', 'the run'),
  ]);

/** Numbers of a run of a compared design's array. */
const ARRAY_NUMBERS = ['cycles', 'utilization'];

/**
 * Cycles or utilisation of a GEMM on the array of a compared design, by the closed form of an evaluation.
 * @throws MugiError for another number
 */
export function arrayQuantity(
  design: Design,
  { inputs, cycles: counted, utilization }: ArrayOutcome,
  name: string,
): Quantity {
  if (!ARRAY_NUMBERS.includes(name)) throw unknownName('number of a run', name, ARRAY_NUMBERS, 'why');
  const { m, k, n } = inputs as { m: number; k: number; n: number };
  const closed = gemmCount('arrayCycles', counted, oneProduct({ m, k, n }), design);
  const cycles = { ...closed, name: 'cycles', unit: 'cycle' };
  if (name === 'cycles') return cycles;
  return made(
    {
      name: 'utilization',
      value: utilization,
      unit: '',
      formula: 'products / (cycles × products of a cycle)',
    },
    'quotient',
    () => [productsOf({ m, k, n }), cycles, given('products of a cycle', peakMacs(design), '', 'the design')],
    'counted by the cycle model',
  );
}
