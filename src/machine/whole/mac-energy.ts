import type { Library } from '../../hardware/liberty/library.ts';
import { ENERGY_PARTS } from '../../hardware/synthesis/energy.ts';
import { energyParts } from '../../hardware/synthesis/estimates.ts';
import { GateSimulator, type Simulation } from '../../hardware/synthesis/simulation/gate-simulator.ts';
import type { Netlist } from '../../hardware/synthesis/netlist.ts';
import { TimedSimulator } from '../../hardware/synthesis/simulation/timed-simulator.ts';
import { STATED } from '../../technology/whole-machine.ts';

/**
 * Products that the energy of every machine at zero delay is the mean of: beside each other where a machine can be
 * simulated so, one after the other where not.
 */
export const STIMULI = 8;

const PARTS = [...ENERGY_PARTS, 'total', 'clock_tree', 'tile_wires'] as const;
type Part = (typeof PARTS)[number];

/** pJ a multiply-accumulate. No SRAM, no leakage. */
export interface MacEnergy extends SettledEnergy {
  /** What was run, and how many stimuli side by side were driven and counted. */
  readonly stimulus: string;
  readonly lanes: number;
  /** `total` with every transition of the timed simulation, glitches too, and how much of it they are. */
  readonly timed_total: number;
  readonly glitches: number;
  /** `timed_total` and the estimates of what no simulation sees. */
  readonly estimated_total: number;
}

/** Work of a machine whose energy grows by the same amount with every inner index, beyond filling and draining. */
export interface MacWork {
  stimulus: string;
  /** Stimuli side by side at zero delay. */
  lanes: number;
  /** Multiply-accumulates for each inner index, and two lengths of it. */
  macsPerInner: number;
  short: number;
  long: number;
  /**
   * The length of the runs that are timed, one stimulus, whose glitches are a share of what zero delay gives for them; or
   * that share, known from another run.
   */
  timed: { short: number; long: number } | number;
  /** Stimuli one after the other at zero delay, where they do not go side by side; 1 when absent. */
  draws?: number;
  /** Runs a product of that length on gates that count; the first lanes of all runs are the same stimuli. */
  run(k: number, gates: Simulation, draw: number): void;
}

/** Parts of the energy of a multiply-accumulate at zero delay. */
export interface SettledEnergy extends Readonly<Record<Part, number>> {
  /** `total`, by the module of the gates. */
  readonly units: ReadonlyMap<string, number>;
}

/**
 * Energy of a multiply-accumulate for k = STATED from runs of two lengths, at zero delay and timed, on the same netlist.
 */
export function macEnergyOf(
  work: MacWork,
  netlist: Netlist,
  library: Library,
  wirePerFanout: number,
): MacEnergy {
  const settled = settledEnergy(work, netlist, library, wirePerFanout);
  return withGlitches(work, settled, glitchRatio(work, netlist, library, wirePerFanout));
}

/** At zero delay. */
export function settledEnergy(
  work: MacWork,
  netlist: Netlist,
  library: Library,
  wirePerFanout: number,
): SettledEnergy {
  const { lanes, draws = 1 } = work;
  return measured(work, new GateSimulator(netlist, library, { lanes }), library, wirePerFanout, work, draws);
}

/** The total with every transition of the timed simulation, as a multiple of that at zero delay for the same stimulus. */
export function glitchRatio(
  work: MacWork,
  netlist: Netlist,
  library: Library,
  wirePerFanout: number,
): number {
  const { timed } = work;
  if (typeof timed === 'number') return 1 + timed;
  const total = (gates: Simulation): number => measured(work, gates, library, wirePerFanout, timed, 1).total;
  const same = total(new GateSimulator(netlist, library));
  return total(new TimedSimulator(netlist, library, { wirePerFanout })) / same;
}

/** Both together. */
export function withGlitches(
  { stimulus, lanes }: Pick<MacWork, 'stimulus' | 'lanes'>,
  settled: SettledEnergy,
  ratio: number,
): MacEnergy {
  const timed_total = settled.total * ratio;
  return {
    stimulus,
    lanes,
    ...settled,
    timed_total,
    glitches: timed_total - settled.total,
    estimated_total: timed_total + settled.clock_tree + settled.tile_wires,
  };
}

function measured(
  { macsPerInner, run }: MacWork,
  gates: Simulation,
  library: Library,
  wirePerFanout: number,
  lengths: { short: number; long: number },
  turns: number,
): SettledEnergy {
  const [few, many] = [lengths.short, lengths.long].map((k) => {
    const sum = { parts: new Map<Part, number>(), units: new Map<string, number>() };
    const add = <K>(map: Map<K, number>, key: K, perCycle: number): void => {
      map.set(key, (map.get(key) ?? 0) + (perCycle * gates.cycles) / turns);
    };
    for (let draw = 0; draw < turns; draw++) {
      run(k, gates, draw);
      const perCycle = energyParts(gates, library, wirePerFanout);
      for (const part of PARTS) add(sum.parts, part, perCycle[part]);
      for (const [unit, energy] of perCycle.units) add(sum.units, unit, energy);
    }
    return sum;
  });
  const perMac = (less: number, more: number): number => {
    const step = (more - less) / (lengths.long - lengths.short);
    return (less + (STATED - lengths.short) * step) / (macsPerInner * STATED);
  };
  return {
    ...(Object.fromEntries(
      PARTS.map((part) => [part, perMac(few.parts.get(part)!, many.parts.get(part)!)]),
    ) as Record<Part, number>),
    units: new Map([...many.units].map(([unit, energy]) => [unit, perMac(few.units.get(unit)!, energy)])),
  };
}
