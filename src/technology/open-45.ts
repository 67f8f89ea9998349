import { hertz } from '../units.ts';
import { CACTI_45 } from './cacti-45.ts';
import table from './open-45.json' with { type: 'json' };
import type { LogicRow, Technology } from './technology.ts';

/** What synthesis says of one part, as `npm run technology:open-45` wrote it. */
export type SynthesisedPart = (typeof table.logic)[number];

/** Provenance of the whole table, and whole datapaths synthesised in one piece, for comparison with their parts. */
export const OPEN_45_TABLE = table;

const costs = ({ energy_nJ, leakage_mW, area_mm2 }: SynthesisedPart) => ({ energy_nJ, leakage_mW, area_mm2 });

/** Of all sizes of a class the slowest. */
const slowest = (parts: readonly SynthesisedPart[]): number =>
  parts.reduce((period, { period_ns }) => Math.max(period, period_ns), 0);

function row(name: string): LogicRow {
  const parts = table.logic.filter((part) => part.class === name);
  const reference = parts.find((part) => part.reference)!;
  const sizes = parts.filter((part) => !part.reference).map((part) => ({ at: part.at, ...costs(part) }));
  return {
    reference: reference.at,
    ...costs(reference),
    period_ns: slowest(parts),
    source: `own synthesis: ${reference.module}, ${reference.cells} cells of ${table.library}, ${table.yosys}; ${reference.contents}`,
    ...(sizes.length === 0 ? {} : { sizes }),
  };
}

/** Costs from mugi's own synthesis of every part; memories, which it cannot make, stay CACTI's. */
export const OPEN_45: Technology = {
  name: 'open-45',
  title: 'own synthesis in a generated 45 nm-class library; memories from CACTI 7',
  node_nm: 45,
  clock: hertz(400e6),
  srams: CACTI_45,
  logic: Object.fromEntries(
    [...new Set(table.logic.map((part) => part.class))].map((name) => [name, row(name)]),
  ),
};
