import { MugiError } from '../../errors.ts';
import { lanePicture } from '../../machine/array/picture.ts';
import { type arrayOf, simulateArray } from '../../simulate/array.ts';
import type { Operation } from '../../simulate/asked.ts';
import type { Options } from '../options/simulate-options.ts';
import type { Shown } from '../show/simulate.ts';
import { simulationOf } from './simulate.ts';

/** The array of a compared design, which draws its lanes as text. */
export function simulateRival(
  operation: Operation,
  array: NonNullable<ReturnType<typeof arrayOf>>,
  options: Options,
): { outcome: Shown; picture?: string } {
  if (options.svg !== undefined)
    throw new MugiError({
      code: 'unsupported',
      message: 'arrays of compared designs are drawn as text',
      path: 'svg',
      expected: 'ascii',
      received: options.svg,
    });
  const file = options.windows ?? options.plan;
  if (file !== undefined)
    throw new MugiError({
      code: 'unsupported',
      message: `${options.design} has no look-up table`,
      path: options.windows === undefined ? 'plan' : 'windows',
      expected: 'no windows, or mugi-H',
      received: file,
    });
  const lanes = Math.min(array.design.array.rows, 64);
  const picture = lanePicture(lanes, options.from ?? 0, options.cycles);
  if (operation !== 'gemm' && options.ascii === true)
    throw new MugiError({
      code: 'unsupported',
      message: 'a vector array works on a column at a time, which leaves nothing to draw',
      path: 'ascii',
      expected: 'no picture, or mugi-H',
      received: options.design,
    });
  const asked = {
    ...simulationOf('gemm', options),
    operation,
    window: options.window,
    anchor: options.anchor,
    entries: options.entries,
  };
  const outcome = simulateArray(array, asked, options.ascii === true ? picture.observe : undefined);
  return { outcome, ...(options.ascii === true ? { picture: picture.text() } : {}) };
}
