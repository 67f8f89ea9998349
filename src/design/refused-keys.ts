import type { MugiError } from '../errors.ts';
import { SWITCH_NAMES, type SwitchName } from '../vlp/switches.ts';
import type { Design } from './design.ts';
import type { Variant } from './family.ts';
import { kLanes } from './mapping/chains.ts';
import { type Locate, problem } from './problem.ts';

/* Keys of a design file that its base, its array or the preset would pass over: refused, since nothing is dropped in silence. */

const WITHOUT_VLP: Readonly<Record<Exclude<Design['method'], 'vlp'>, string>> = {
  lut: 'looks functions up in registers',
  precise: 'computes functions on a vector array, by iteration',
  pwl: 'computes functions on a vector array, piecewise linear',
  taylor: 'computes functions on a vector array, by Taylor polynomials',
};

/** A switch of VLP on a design whose array computes no functions. */
export function refuseSwitch(locate: Locate, key: string, base: string, { method }: Design): void {
  if (!SWITCH_NAMES.includes(key as SwitchName) || method === 'vlp') return;
  throw problem(
    locate,
    [key],
    {
      code: 'unsupported',
      message: `${base} ${WITHOUT_VLP[method]}, so that there is nothing for "${key}" to switch: it is for functions by VLP`,
      expected: 'a base mugi-H',
      received: base,
    },
    'key',
  );
}

/** Parts of an arithmetic that this array does not have, whatever its family. */
export function refuseUnheld(locate: Locate, { chain, group }: Variant, { array }: Design): void {
  const weightStationary = array.stationary === 'weight';
  if (chain !== undefined && weightStationary)
    throw problem(locate, ['chain'], {
      code: 'invalid-value',
      message:
        'chain would change nothing: this array keeps its weights, and sums leave it after each of its pieces of K',
      expected: 'an array that holds its sums in place',
      received: String(chain),
    });
  if (!weightStationary && array.depth === 1) return;
  const lanes = kLanes(array);
  for (const [key, length] of Object.entries({ group, chain }))
    if (length !== undefined && length < lanes)
      throw problem(locate, [key], {
        code: 'invalid-value',
        message: `a ${key} of ${length} weights is shorter than the ${lanes} lanes that this array adds in one step`,
        expected: `a ${key} of ${lanes} weights or more`,
        received: String(length),
      });
}

/** A preset whose quirks set what a file asks for: nothing is dropped in silence. */
export function refuseOverruled(
  locate: Locate,
  { chain, row_sum: sum, ...variant }: Variant,
  { arithmetic, nonlinear }: Design,
): void {
  const key = SWITCH_NAMES.find((name) => variant[name] !== undefined);
  if (key !== undefined && nonlinear.softmax.sequence === undefined)
    throw problem(locate, [key], {
      code: 'invalid-value',
      message: `this preset has the published cycles of functions, to which "${key}" adds none that are known`,
      expected: 'a preset that repairs node-cycles',
      received: String(variant[key]),
    });
  const overruled = (key: 'chain' | 'row_sum', asked: string | number): MugiError =>
    problem(locate, [key], {
      code: 'invalid-value',
      message: `${key} would change nothing: this preset has the sums of the published model`,
      expected: 'a preset that repairs sums',
      received: String(asked),
    });
  if (chain !== undefined && arithmetic.products.chain !== chain) throw overruled('chain', chain);
  if (sum !== undefined && arithmetic.softmax.sum !== sum) throw overruled('row_sum', sum);
}
