import type { Cell, Library } from '../liberty/library.ts';
import {
  clockEnergy,
  edgeEnergy,
  type Slews,
  slewsOf,
  stoppedEnergy,
  toggleEnergies,
} from './internal-energy.ts';
import { aliasRoots, type Netlist } from './netlist.ts';
import { WIRES } from './policy.ts';
import { shapeOf } from './shape.ts';
import { netLoads } from './timing/timing.ts';

/** What a simulation of gates counts, over all lanes. */
export interface Counts {
  readonly netlist: Netlist;
  readonly lanes: number;
  readonly cycles: number;
  /** Transitions of each net. */
  readonly toggles: Float64Array;
  /** Flip-flops behind clock gates, by place in `sequential`: edges that they got, transitions of data while stopped. */
  readonly clocked: Float64Array;
  readonly stopped: Float64Array;
  /** The netlist's gate of each flip-flop. */
  readonly sequential: readonly number[];
}

/** Dynamic energy, pJ per cycle and lane, each part for itself. */
export interface SwitchingEnergy {
  /** Cells that drive data nets, the pins on those nets, and what moves in the gates behind these pins. */
  readonly data: number;
  /** The wires of data nets, so many fF a fan-out. */
  readonly wires: number;
  /** What the data pins of flip-flops move inside them, where the library says, with and without a clock edge. */
  readonly data_pins: number;
  /** Clock pins of flip-flops, in the cycles in which they are clocked. */
  readonly clock: number;
  /** Clock gates. */
  readonly clock_gates: number;
}

export const ENERGY_PARTS = ['data', 'wires', 'data_pins', 'clock', 'clock_gates'] as const;

/** All parts together. */
export const sumOf = (energy: SwitchingEnergy): number =>
  ENERGY_PARTS.reduce((sum, part) => sum + energy[part], 0);

/** All parts together, over all modules. */
export function totalEnergy(
  energies: ReadonlyMap<string, SwitchingEnergy>,
): SwitchingEnergy & { total: number } {
  const sum = { data: 0, wires: 0, data_pins: 0, clock: 0, clock_gates: 0, total: 0 };
  for (const energy of energies.values()) {
    for (const part of ENERGY_PARTS) {
      sum[part] += energy[part];
      sum.total += energy[part];
    }
  }
  return sum;
}

/** What does not depend on a stimulus: loads of the pins and of pins and wires, fF, and slews. */
interface Electrical {
  readonly library: Library;
  readonly wirePerFanout: number;
  readonly pins: Float64Array;
  readonly loads: Float64Array;
  readonly slew: Slews;
}

/** Of the last library and wire of a netlist, which is measured on many stimuli. */
const knownElectrical = new WeakMap<Netlist, Electrical>();

function electrical(netlist: Netlist, library: Library, wirePerFanout: number): Electrical {
  const known = knownElectrical.get(netlist);
  if (known?.library === library && known.wirePerFanout === wirePerFanout) return known;
  const made = {
    library,
    wirePerFanout,
    pins: netLoads(netlist, library, 0),
    loads: netLoads(netlist, library, wirePerFanout),
    slew: slewsOf(netlist, library, wirePerFanout),
  };
  knownElectrical.set(netlist, made);
  return made;
}

/**
 * Energy per cycle, by module, from the counts of a gate simulation: a transition costs its driver's internal energy and
 * ½·C·V² of pins and wires; clock pins cost what they take in the cycles that reach them. The clock is ideal.
 */
export function switchingEnergy(
  counts: Counts,
  library: Library,
  { wirePerFanout = WIRES.perFanout }: { wirePerFanout?: number } = {},
): Map<string, SwitchingEnergy> {
  const { netlist, toggles, cycles, lanes } = counts;
  const { pins, loads, slew } = electrical(netlist, library, wirePerFanout);
  const root = aliasRoots(netlist);
  const inside = toggleEnergies(netlist, toggles, loads, slew);
  const samples = Math.max(1, cycles * lanes);
  const squared = library.voltage ** 2;
  const parts = () => ({ data: 0, wires: 0, data_pins: 0, clock: 0, clock_gates: 0 });
  const energies = new Map([...netlist.instances.keys()].map((module) => [module, parts()]));
  const gatedClocks = new Map<number, number>();
  netlist.gates.forEach(({ type, pins: own }, index) => {
    const gate = library.cells.get(type)?.gate;
    if (gate !== undefined) gatedClocks.set(root[own[gate.output]], index);
  });
  /** Share of the cycles in which each clock gate passes the clock: that of any flip-flop behind it. */
  const open = new Map<number, number>();
  counts.sequential.forEach((index, i) => {
    const { type, pins: own, module } = netlist.gates[index];
    const cell = library.cells.get(type)!;
    const energy = energies.get(module)!;
    const gate = gatedClocks.get(root[own[cell.flop!.clock]]);
    const share = gate === undefined ? 1 : counts.clocked[i] / samples;
    if (gate !== undefined) open.set(gate, share);
    energy.clock += (share * (clockEnergy(cell) + pinOf(cell, cell.flop!.clock) * squared)) / 1000;
    for (const { input } of shapeOf(cell).captured) {
      const { name } = shapeOf(cell).inputs[input];
      const running = Math.max(0, toggles[root[own[name]]] - counts.stopped[i]);
      const moved = running * inside(netlist.gates[index], cell, name);
      energy.data_pins += (moved + counts.stopped[i] * stoppedEnergy(cell, name)) / samples / 1000;
    }
  });
  netlist.gates.forEach(({ type, pins: own, module }, index) => {
    const cell = library.cells.get(type);
    if (cell === undefined) return;
    const energy = energies.get(module)!;
    if (cell.gate !== undefined) {
      const { clock, enable, output } = cell.gate;
      const idle = clockEnergy(cell) + pinOf(cell, clock) * squared;
      const passing = 2 * edgeEnergy(cell, output) * (open.get(index) ?? 0);
      const latch = (toggles[root[own[enable]]] * stoppedEnergy(cell, enable)) / samples;
      energy.clock_gates += (idle + passing + latch) / 1000;
      return;
    }
    for (const { name, direction } of cell.pins) {
      const net = own[name];
      if (net === undefined) continue;
      const each = toggles[root[net]] / samples / 1000;
      if (direction === 'input') {
        if (cell.flop === undefined) energy.data += each * inside(netlist.gates[index], cell, name);
        continue;
      }
      energy.data += each * (inside(netlist.gates[index], cell, name) + 0.5 * pins[net] * squared);
      energy.wires += each * 0.5 * (loads[net] - pins[net]) * squared;
    }
  });
  return energies;
}

const pinOf = ({ pins }: Cell, name: string): number => pins.find((pin) => pin.name === name)!.capacitance;
