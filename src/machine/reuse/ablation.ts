import { readLiberty } from '../../hardware/liberty/read.ts';
import { synthesise } from '../../hardware/synthesis/synthesise.ts';
import { type MachineRow, WHOLE_BATCH } from '../../technology/whole-machine.ts';
import { machineEnergy, type Stimulus } from '../whole/machine-energy.ts';
import { measured } from '../whole/measure.ts';
import { rowMachine } from './reuse-machine.ts';
import type { RowKind } from './shape.ts';

/** Multiply-accumulates a cycle of the ablation, whose machines can be simulated with delays. */
export const ABLATION_MACS = 64;

/** A small machine, which a test measures again. */
export const CHECKED = { kind: { pick: 'space', flow: 'dot', sums: 'integer' }, macs: 16 } as const;

/** The best kinds with more rows, which share what is made once for all: a multiplier beside picking in space. */
export const WIDE = {
  macs: 256,
  kinds: [
    { pick: 'multiplier', flow: 'dot', sums: 'integer' },
    { pick: 'space', flow: 'dot', sums: 'integer' },
  ],
} as const;

/** A kind of row on gates. */
export type AblationRow = RowKind & MachineRow;

/** Maps, gates, buffers and measures rows of a kind at batch 8, as all machines are. */
export async function ablationRow(
  kind: RowKind,
  macs: number,
  liberty: string,
  stimulus: { name: string; draw: Stimulus },
): Promise<AblationRow> {
  const machine = rowMachine(kind, macs);
  const { netlist } = await synthesise(machine.module, { liberty, gating: true });
  const subject = {
    name: machine.name,
    macs,
    module: machine.module,
    energy: (batch: number, given: typeof stimulus, gates: Parameters<typeof machineEnergy>[3]) =>
      machineEnergy(machine, batch, given, gates),
  };
  const library = readLiberty(liberty, 'open-45');
  const conditions = { batches: [WHOLE_BATCH], stimulus, timed: { batch: WHOLE_BATCH } };
  return { ...kind, ...measured(subject, netlist, library, conditions) };
}
