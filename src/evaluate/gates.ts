import { ONCE_A_STEP } from '../design/claims.ts';
import type { PricedDesign } from './price.ts';

/**
 * Energy of a multiply-accumulate on mapped and buffered gates, pJ, all lanes busy, without SRAM and leakage; measured by
 * `npm run bench:energy 8 32 256` and `npm run bench:rivals` at batch 8 (docs/technologies.md, which a test holds equal).
 */
interface GateEnergy {
  /** At zero delay and with an ideal clock, which is what the cost model prices. */
  zeroDelay: number;
  /** With glitches, clock tree and wires between tiles, which it does not. */
  withEstimates: number;
}

/** Whole nodes of Mugi. */
export const NODE_GATES: Readonly<Record<string, GateEnergy>> = {
  'mugi-8': { zeroDelay: 4.35, withEstimates: 6.11 },
  'mugi-32': { zeroDelay: 3.54, withEstimates: 5.31 },
  'mugi-256': { zeroDelay: 3.36, withEstimates: 4.95 },
};

/** Datapaths of rivals, alone. */
export const RIVAL_GATES: Readonly<Record<string, GateEnergy>> = {
  'BF16 SIMD column': { zeroDelay: 2.89, withEstimates: 4.36 },
  'integer array after FIGNA': { zeroDelay: 2.78, withEstimates: 4.53 },
  'BF16 systolic array': { zeroDelay: 5.91, withEstimates: 8.44 },
};

/**
 * Energy of one array step by the event model, over its MACs, pJ; without SRAM and vector unit, as on the gates. Weights of
 * a MAC array stay for a tile; those of VLP arrays are new in every step.
 */
export function stepEnergyPerMac({ design: { array, gemm }, eventEnergy }: PricedDesign): number {
  let step = 0;
  for (const { event, energy, resource, share = 1 } of gemm)
    if (resource === 'array' && ONCE_A_STEP.includes(energy)) step += eventEnergy[event] * share;
  return (step * 1e3) / (array.rows * array.columns * array.depth);
}

/** What is known of the gates of a design that is compared, in a sentence; nothing where none was synthesised. */
export function gatesNote(all: readonly PricedDesign[]): string | undefined {
  const priced = all.findLast(({ design }) => Object.hasOwn(NODE_GATES, design.name));
  if (priced === undefined) return undefined;
  const { zeroDelay, withEstimates } = NODE_GATES[priced.design.name];
  const rivals = Object.entries(RIVAL_GATES).map(([name, gates]) => `${name} ${gates.withEstimates}`);
  return `on gates, all lanes busy: ${priced.design.name} takes ${zeroDelay} pJ a MAC at zero delay, where these costs count ${stepEnergyPerMac(priced).toFixed(2)}; with glitches, clock tree and wires, which no design is charged here, ${withEstimates} (at batch 8, datapaths alone without buffers: ${rivals.join(', ')}; docs/technologies.md)`;
}
