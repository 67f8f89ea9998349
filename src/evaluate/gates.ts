import { ONCE_A_STEP } from '../design/claims.ts';
import { designNamed } from '../design/index.ts';
import { GATES_TABLE } from '../technology/gates.ts';
import { type MachineRow, WHOLE_BATCH } from '../technology/whole-machine.ts';
import { ARRAY_CYCLE, type PricedDesign } from './price.ts';

/** Energy of a multiply-accumulate of a whole machine on gates, pJ, without SRAM and leakage (docs/technologies.md). */
interface GateEnergy {
  /** At zero delay and with an ideal clock, which is what prices of parts hold. */
  zeroDelay: number;
  /** With glitches, clock tree and wires between tiles, which they do not. */
  withEstimates: number;
}

/** At the batch that all machines were measured at. */
const energyOf = ({ per_mac }: MachineRow): GateEnergy => {
  const { total, estimated_total } = per_mac.find(({ batch }) => batch === WHOLE_BATCH)!;
  return { zeroDelay: total, withEstimates: estimated_total };
};

/** By the name of the machine. */
export const MACHINE_GATES: ReadonlyMap<string, GateEnergy> = new Map(
  GATES_TABLE.machines.map((row) => [row.machine, energyOf(row)]),
);

/** Multiply-accumulates a cycle of the machines that are compared. */
const BESIDE = 256;

/** Machines of so many that the batch fills at which all were measured. */
export const comparedMachines = (): MachineRow[] =>
  GATES_TABLE.machines.filter(
    ({ machine, macs }) => macs === BESIDE && designNamed(machine).array.columns <= WHOLE_BATCH,
  );

/**
 * Energy of one array step by the event model, over its MACs, pJ; without SRAM and vector unit, as on the gates. Weights of
 * a MAC array stay for a tile; those of VLP arrays are new in every step.
 */
export function stepEnergyPerMac({ design: { array, gemm }, eventEnergy }: PricedDesign): number {
  let step = (eventEnergy[ARRAY_CYCLE] ?? 0) * array.stepCycles;
  for (const { event, energy, resource, share = 1 } of gemm)
    if (resource === 'array' && ONCE_A_STEP.includes(energy)) step += eventEnergy[event] * share;
  return (step * 1e3) / (array.rows * array.columns * array.depth);
}

/** What is known of the gates of a node that is compared, in a sentence; nothing where none was synthesised. */
export function gatesNote(all: readonly PricedDesign[]): string | undefined {
  const priced = all.findLast(({ design }) => design.family === 'mugi' && MACHINE_GATES.has(design.name));
  if (priced === undefined) return undefined;
  const { zeroDelay, withEstimates } = MACHINE_GATES.get(priced.design.name)!;
  const rivals = comparedMachines().filter(({ machine }) => !machine.startsWith('mugi-'));
  const told = rivals.map((row) => `${row.machine} ${energyOf(row).withEstimates.toFixed(2)}`);
  const charged =
    priced.technology.machines === undefined
      ? 'which no design is charged here'
      : 'which all are charged here';
  return `on gates, all lanes busy at batch ${WHOLE_BATCH}: ${priced.design.name} takes ${zeroDelay.toFixed(2)} pJ a MAC at zero delay, where these costs count ${stepEnergyPerMac(priced).toFixed(2)}; with glitches, clock tree and wires, ${charged}, ${withEstimates.toFixed(2)} (whole rivals of ${BESIDE} MAC a cycle: ${told.join(', ')}; docs/verdict.md)`;
}
