import { MugiError } from '../../../src/errors.ts';
import { USUAL_SIZES } from '../../../src/simulate/limits.ts';
import { shownOf } from '../../view/node/asked.ts';
import { RIVALS } from '../../view/node/rivals.ts';
import { refuse, type Shown, stated, taken } from './words.ts';

const FLAGS = ['--design', '--preset', '--seed', '--m', '--k', '--n', '--input'];
/** Flags of the picture that the command draws; the page draws its own. */
const DRAWS = ['--from', '--cycles'];

/** `mugi simulate`: a run of the node, or of another array beside it. */
export function simulating([, ...words]: readonly string[]): Shown {
  const { given, left } = taken(words, [...FLAGS, ...DRAWS]);
  const [op, ...more] = left;
  refuse(more, FLAGS);
  const values = given.get('--input');
  // The sizes of the command where nothing is said; the page begins with others.
  const size = (key: keyof typeof USUAL_SIZES): string | undefined =>
    given.get(`--${key}`) ??
    (values === undefined && (op === 'gemm' || key !== 'k') ? String(USUAL_SIZES[key]) : undefined);
  const detail = stated({
    op,
    ...placed(given.get('--design') ?? 'mugi-8'),
    preset: given.get('--preset'),
    seed: given.get('--seed'),
    values,
    m: size('m'),
    k: size('k'),
    n: size('n'),
  });
  shownOf(detail);
  return { view: 'node', detail };
}

/** `mugi rtl`: the Verilog of a node stands below its run. */
export function describing([, ...words]: readonly string[]): Shown {
  const { given, left } = taken(words, ['--design']);
  refuse(left, ['--design']);
  return { view: 'node', detail: { rows: heightOf(given.get('--design') ?? 'mugi-8') } };
}

/** The node of a height, or an array that runs beside the smallest one. */
const placed = (design: string): Record<string, string> =>
  (RIVALS as readonly string[]).includes(design) ? { rival: design } : { rows: heightOf(design) };

function heightOf(design: string): string {
  const [, height] = /^mugi-(\d+)$/.exec(design) ?? [];
  if (height !== undefined) return height;
  throw new MugiError({
    code: 'invalid-value',
    message: 'no such array runs on this page',
    path: 'design',
    expected: `mugi-H, ${RIVALS.join(', ')}`,
    received: design,
  });
}
