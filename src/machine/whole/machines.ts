import { MugiError } from '../../errors.ts';
import { caratMachine } from '../carat/carat-machine.ts';
import { CHUNKS } from '../carat/carat-program.ts';
import { fignaDots, fignaSystolic } from '../figna/figna-machine.ts';
import { pickMachine } from '../reuse/reuse-machine.ts';
import type { Sides } from '../sides.ts';
import { simdArray } from '../simd/simd-machine.ts';
import { outputStationary } from '../systolic/output-machine.ts';
import { weightStationary } from '../systolic/systolic-machine.ts';
import { heldMachine } from './held-machine.ts';
import type { Machine } from './machine.ts';

/** A kind of whole machine, by the pattern of its names; `{size}` is a side, or sides as `8x32`. */
interface Kind {
  pattern: string;
  build(sides: Sides): Machine;
  /** Whether sides can be built, and what can. */
  fits(sides: Sides): boolean;
  sides: string;
}

const power = (n: number, least: number): boolean => n >= least && Number.isInteger(Math.log2(n));
const LARGEST = 256;
const anySides = {
  fits: ({ columns, rows }: Sides) => columns >= 2 && rows >= 2,
  sides: 'sides of at least 2',
};
const treeSides = (least: number) => ({
  fits: ({ columns, rows }: Sides) => power(columns, least) && rows >= 1,
  sides: `a power of two of at least ${least} activations`,
});

/** Whose columns are as many as Mugi's, whatever its rows. */
export const CARAT_KIND = 'carat-{size}';

export const PICK_KIND = 'pick-{size}';

/** Beside Mugi's node. */
const KINDS: readonly Kind[] = [
  { pattern: 'sa-{size}', build: (sides) => heldMachine(weightStationary(sides)), ...anySides },
  { pattern: 'sa-{size}-os', build: outputStationary, ...anySides },
  { pattern: 'sd-{size}', build: (sides) => heldMachine(simdArray(sides)), ...treeSides(2) },
  { pattern: 'sa-f-{size}', build: (sides) => heldMachine(fignaSystolic(sides)), ...treeSides(2) },
  { pattern: 'sd-f-{size}', build: (sides) => heldMachine(fignaDots(sides)), ...treeSides(4) },
  { pattern: PICK_KIND, build: pickMachine, ...treeSides(4) },
  {
    pattern: CARAT_KIND,
    build: ({ rows }) => caratMachine(rows),
    fits: ({ columns, rows }) => columns === rows && rows % CHUNKS === 0,
    sides: `a multiple of ${CHUNKS} rows`,
  },
];

/** What names a machine may have. */
export const MACHINE_NAMES: readonly string[] = KINDS.map(({ pattern }) => pattern);

/** The kind of a machine and its sides, by a name that has the form of one of them. */
export function kindNamed(name: string): { kind: string; sides: Sides } | undefined {
  const found = parsed(name);
  return found && { kind: found.kind.pattern, sides: found.sides };
}

/** Whether a name has the form of one of them; its sides may still be impossible. */
export const isMachineName = (name: string): boolean => parsed(name) !== undefined;

/**
 * A whole machine by its name: `sa-16`, `sa-8x32-os` (lanes of activations x lanes of weights), `carat-256`.
 * @throws MugiError for names and sides that there are not
 */
export function machineNamed(name: string): Machine {
  const found = parsed(name);
  if (found === undefined) {
    throw new MugiError({
      code: 'unknown-name',
      message: `no machine is called "${name}"`,
      path: 'design',
      expected: MACHINE_NAMES.join(', '),
      received: name,
    });
  }
  const { kind, sides } = found;
  if (kind.fits(sides) && Math.max(sides.columns, sides.rows) <= LARGEST) return kind.build(sides);
  throw new MugiError({
    code: 'invalid-value',
    message: `${name} cannot be built on gates`,
    path: 'design',
    expected: `${kind.sides}, up to ${LARGEST}`,
    received: `${sides.columns}x${sides.rows}`,
  });
}

function parsed(name: string): { kind: Kind; sides: Sides } | undefined {
  for (const kind of KINDS) {
    const [before, after] = kind.pattern.split('{size}');
    const match = new RegExp(`^${before}(\\d+)(?:x(\\d+))?${after}$`).exec(name);
    if (match === null) continue;
    const columns = Number(match[1]);
    return { kind, sides: { columns, rows: Number(match[2] ?? columns) } };
  }
  return undefined;
}
