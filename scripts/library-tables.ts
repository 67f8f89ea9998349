import { readFileSync } from 'node:fs';
import { GATES_TABLE } from '../src/technology/gates.ts';
import { type MachineRow, WHOLE_BATCH } from '../src/technology/whole-machine.ts';
import { pJ, table } from './markdown-table.ts';

/** Machines on NanGate45 beside the same on open-45, at the batch of all (`npm run library:gates`). */
export const LIBRARIES = (
  JSON.parse(readFileSync(new URL('library-gates.json', import.meta.url), 'utf8')) as {
    machines: MachineRow[];
  }
).machines.map((nangate) => ({
  machine: nangate.machine,
  rows: [GATES_TABLE.machines.find(({ machine }) => machine === nangate.machine)!, nangate] as const,
}));

const atBatch = ({ per_mac }: MachineRow) => per_mac.find(({ batch }) => batch === WHOLE_BATCH)!;

/** Machines on open-45 alone. */
export const ON_OPEN_45_ALONE = GATES_TABLE.machines
  .map(({ machine }) => machine)
  .filter((name) => !LIBRARIES.some(({ machine }) => machine === name));

/** Share by which totals on NanGate45 are lower at most (docs/verdict.md). */
export const LIBRARY_OFF = Math.max(
  ...LIBRARIES.map(({ rows: [ours, nangate] }) => 1 - atBatch(nangate).total / atBatch(ours).total),
);

/** Those of the verdict, on both libraries. */
export function libraries(): string {
  const mugi = (macs: number) => LIBRARIES.find(({ machine }) => machine === `mugi-${macs}`)!.rows;
  const both = (rows: readonly MachineRow[], of: (row: MachineRow) => string) => rows.map(of).join(', ');
  const overMugi = (rows: readonly MachineRow[], of: (row: MachineRow) => number) =>
    rows.map((row, i) => pJ(of(row) / of(mugi(row.macs)[i]))).join(', ');
  const area = ({ area_mm2 }: MachineRow) => area_mm2;
  const estimated = (row: MachineRow) => atBatch(row).estimated_total;
  return table(
    '| open-45, NanGate45 | pJ a MAC, zero delay | timed | with estimates | over Mugi | mm² | over Mugi | MHz |',
    LIBRARIES.map(({ machine, rows }) => [
      `\`${machine}\``,
      both(rows, (row) => pJ(atBatch(row).total)),
      both(rows, (row) => pJ(atBatch(row).timed_total)),
      both(rows, (row) => pJ(estimated(row))),
      overMugi(rows, estimated),
      both(rows, ({ area_mm2 }) => area_mm2.toFixed(3)),
      overMugi(rows, area),
      both(rows, ({ frequency_MHz }) => frequency_MHz.toFixed(0)),
    ]),
  );
}
