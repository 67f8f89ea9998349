import { runGemm } from '../program/gemm.ts';
import type { Library } from '../../../hardware/liberty/library.ts';
import { ENERGY_PARTS } from '../../../hardware/synthesis/energy.ts';
import { energyParts } from '../../../hardware/synthesis/estimates.ts';
import { GateSimulator, type Simulation } from '../../../hardware/synthesis/gate-simulator.ts';
import type { Netlist } from '../../../hardware/synthesis/netlist.ts';
import { TimedSimulator } from '../../../hardware/synthesis/timed-simulator.ts';
import { GEMM, gemmStimulus } from '../program/stimuli.ts';
import { onGates } from './switching.ts';

/** Inner dimension that the energy is stated for: filling and draining are 1.5 % of its cycles each. */
const STATED = 256;
/** Tokens: as many as the array has columns. */
const TOKENS = GEMM.m;

const PARTS = [...ENERGY_PARTS, 'total', 'clock_tree', 'tile_wires'] as const;
type Part = (typeof PARTS)[number];

/** pJ a multiply-accumulate of a node of which every lane is busy. No SRAM, no leakage. */
export interface MacEnergy extends Readonly<Record<Part, number>> {
  /** What was run, and how many stimuli side by side were driven and counted. */
  readonly stimulus: string;
  readonly lanes: number;
  /** `total` with every transition of the timed simulation, glitches too, and how much of it they are. */
  readonly timed_total: number;
  readonly glitches: number;
  /** `timed_total` and the estimates of what no simulation sees. */
  readonly estimated_total: number;
}

/**
 * Runs GEMMs of two lengths on the gates, beside the cycle model and at zero delay and timed, and states the energy of a
 * MAC for k = 256: energy grows by the same amount with every k, beyond what filling and draining take, so two lengths
 * give both. They are longer where fewer rows give fewer MACs, so that two seeds agree.
 */
export function macEnergy(
  rows: number,
  netlist: Netlist,
  library: Library,
  { wirePerFanout, seed = 1 }: { wirePerFanout: number; seed?: number },
): MacEnergy {
  const short = 1024 / rows;
  const long = 3 * short;
  const measured = (simulation: Simulation) => {
    const [few, many] = [short, long].map((k) => energyOf(rows, k, seed, simulation, library, wirePerFanout));
    const perMac = (part: Part): number => {
      const step = (many[part] - few[part]) / (long - short);
      return (few[part] + (STATED - short) * step) / (TOKENS * STATED * rows);
    };
    return Object.fromEntries(PARTS.map((part) => [part, perMac(part)])) as Record<Part, number>;
  };
  const zero = new GateSimulator(netlist, library);
  const settled = measured(zero);
  const timed = measured(new TimedSimulator(netlist, library, { wirePerFanout })).total;
  return {
    stimulus: `GEMM ${TOKENS} x k x ${rows}, seed ${seed}, all lanes busy; run with k = ${short} and ${long}, stated for k = ${STATED}`,
    lanes: zero.lanes,
    ...settled,
    timed_total: timed,
    glitches: timed - settled.total,
    estimated_total: timed + settled.clock_tree + settled.tile_wires,
  };
}

/** pJ of a whole GEMM. */
function energyOf(
  rows: number,
  k: number,
  seed: number,
  simulation: Simulation,
  library: Library,
  wirePerFanout: number,
): Record<Part, number> {
  const { cycles } = onGates(simulation, rows, library, wirePerFanout, (observe) => {
    runGemm(gemmStimulus(rows, k, seed), observe);
  });
  const perCycle = energyParts(simulation, library, wirePerFanout);
  return Object.fromEntries(PARTS.map((part) => [part, perCycle[part] * cycles])) as Record<Part, number>;
}
