import type { Composition } from '../../technology/composition.ts';
import { COLUMNS } from '../../vlp/array.ts';
import { sidesName } from '../sides.ts';
import { compositionOf } from './composition.ts';
import { CARAT_KIND, MACHINE_NAMES, PICK_KIND } from './machines.ts';
import { NODE_KIND, subjectNamed } from './measure.ts';

/** Sides of the samples of arrays, and rows of those with as many columns as Mugi's. Designs pick from eight columns on. */
const COLUMNS_OF_SAMPLES = [4, 8, 16, 32, 64];
const COLUMNS_OF_PICKS = [8, 16, 32, 64, 128];
const ROWS_OF_SAMPLES = [4, 8, 12, 16];
const HEIGHTS_OF_SAMPLES = [8, 16, 32, 64, 128, 256];

/** Composition of every kind of machine, counted at these sizes. */
export const compositions = (): Composition[] =>
  [NODE_KIND, ...MACHINE_NAMES].map((kind) => {
    const heights = kind === NODE_KIND || kind === CARAT_KIND;
    const sides = heights
      ? HEIGHTS_OF_SAMPLES.map((rows) => ({ columns: COLUMNS, rows }))
      : (kind === PICK_KIND ? COLUMNS_OF_PICKS : COLUMNS_OF_SAMPLES).flatMap((columns) =>
          ROWS_OF_SAMPLES.map((rows) => ({ columns, rows })),
        );
    return compositionOf(
      kind,
      sides.map((lanes) => {
        const size = heights ? String(lanes.rows) : sidesName(lanes);
        return { sides: lanes, module: subjectNamed(kind.replace('{size}', size)).module };
      }),
    );
  });
