import table from './gates.json' with { type: 'json' };
import { OPEN_45 } from './open-45.ts';
import type { Technology } from './technology.ts';
import type { Composition } from './composition.ts';
import type { MeasuredMachine } from './whole-machine.ts';

/** Provenance of the whole table: library, stimulus, and the policy that all machines share. */
export const GATES_TABLE: {
  readonly machines: readonly MeasuredMachine[];
  readonly compositions: readonly Composition[];
} & Omit<typeof table, 'machines' | 'compositions'> = table;

/**
 * Costs of whole machines on gates, as `npm run technology:gates` measured them: with their weight path, edges, sums across
 * tiles, drain and vector array, clock gates, glitches, and estimates of clock tree and wires between tiles. What falls to
 * each component is by the parts of open-45; memories stay CACTI's.
 */
export const GATES: Technology = {
  ...OPEN_45,
  name: 'gates',
  title: 'whole machines on gates of a generated 45 nm-class library; memories from CACTI 7',
  machines: { parts: OPEN_45, rows: table.machines, compositions: table.compositions },
};
