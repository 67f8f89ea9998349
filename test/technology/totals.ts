import type { MachineRow } from '../../src/technology/whole-machine.ts';

/** Totals of a machine's energy, each behind the parts that it is the sum of. */
export const totalsOf = (row: MachineRow['per_mac'][number]): [parts: number[], stated: number][] => [
  [[row.data, row.wires, row.data_pins, row.clock, row.clock_gates], row.total],
  [[row.total, row.glitches], row.timed_total],
  [[row.timed_total, row.clock_tree, row.tile_wires], row.estimated_total],
];
