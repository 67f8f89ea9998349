import { type Cell, clockOf, type Library } from '../liberty/library.ts';
import { drivesOf } from './timing/drive.ts';
import { type Counts, sumOf, switchingEnergy, totalEnergy } from './energy.ts';
import { edgeEnergy } from './internal-energy.ts';
import { aliasRoots, type Netlist } from './netlist.ts';
import { CLOCK_TREE, WIRES } from './policy.ts';
import { netlistCost } from './synthesise.ts';

/**
 * Every part of the energy, pJ per cycle and lane: what is simulated, its total, also by module, and the two estimates apart.
 */
export type EnergyParts = ReturnType<typeof energyParts>;

export function energyParts(counts: Counts, library: Library, wirePerFanout: number) {
  const modules = switchingEnergy(counts, library, { wirePerFanout });
  return {
    ...totalEnergy(modules),
    units: new Map([...modules].map(([module, energy]) => [module, sumOf(energy)])),
    clock_tree: clockTree(counts, library).energy,
    tile_wires: tileWires(counts, library),
  };
}

/** What a clock tree would add. */
export interface ClockTree {
  readonly buffers: number;
  /** µm² of the buffers. */
  readonly area: number;
  /** pJ per cycle and lane: buffers, their pins and all wires of the clock, behind clock gates only while they pass it. */
  readonly energy: number;
}

/**
 * A clock tree by rule (policy.ts): buffers of a fixed fan-out from the clock's pin to ungated flip-flops and clock
 * gates, and on each level a minimal tree of wires over the area of the design; clock gates drive the flip-flops behind
 * them over their share of the area.
 */
function clockTree(counts: Counts, library: Library): ClockTree {
  const { netlist, cycles, lanes } = counts;
  const root = aliasRoots(netlist);
  const squared = library.voltage ** 2;
  const area = netlistCost(netlist, library).area / WIRES.utilisation;
  const gated = new Map<number, { flops: number; share: number }>();
  let sinks = 0;
  for (const { type, pins } of netlist.gates) {
    const gate = library.cells.get(type)?.gate;
    if (gate === undefined) continue;
    gated.set(root[pins[gate.output]], { flops: 0, share: 0 });
    sinks++;
  }
  counts.sequential.forEach((index, i) => {
    const { type, pins } = netlist.gates[index];
    const behind = gated.get(root[pins[library.cells.get(type)!.flop!.clock]]);
    if (behind === undefined) sinks++;
    else {
      behind.flops++;
      behind.share = counts.clocked[i] / Math.max(1, cycles * lanes);
    }
  });
  const pitch = Math.sqrt(area / Math.max(1, counts.sequential.length));
  const wire = (length: number): number => CLOCK_TREE.steiner * length * WIRES.perMicrometre * squared;
  let energy = 0;
  for (const { flops, share } of gated.values()) energy += share * wire(flops * pitch);
  const { buffers: offered } = drivesOf(library);
  const buffer = offered[offered.length >> 1];
  let buffers = 0;
  for (let level = sinks; level > 1; level = Math.ceil(level / CLOCK_TREE.fanout)) {
    energy += wire(Math.sqrt(level * area));
    const needed = Math.ceil(level / CLOCK_TREE.fanout);
    buffers += needed;
    if (buffer !== undefined)
      energy += needed * (2 * edgeEnergy(buffer.cell, outputOf(buffer.cell)) + buffer.capacitance * squared);
  }
  return { buffers, area: buffers * (buffer?.cell.area ?? 0), energy: energy / 1000 };
}

/**
 * Wires between tiles, pJ per cycle and lane: an instance of the top is a square tile of its cells' area, and a net that
 * reaches several of them runs along the sides of all. A wire by fan-out does not know how tall an array is.
 */
function tileWires({ netlist, toggles, cycles, lanes }: Counts, library: Library): number {
  let known = knownWires.get(netlist);
  if (known?.library !== library)
    knownWires.set(netlist, (known = { library, lengths: tileLengths(netlist, library) }));
  let energy = 0;
  for (const [net, length] of known.lengths)
    energy += toggles[net] * 0.5 * length * WIRES.perMicrometre * library.voltage ** 2;
  return energy / Math.max(1, cycles * lanes) / 1000;
}

/** Of the last library of a netlist. */
const knownWires = new WeakMap<Netlist, { library: Library; lengths: ReadonlyMap<number, number> }>();

/** Length of the nets that reach several tiles, µm. */
function tileLengths(netlist: Netlist, library: Library): Map<number, number> {
  const root = aliasRoots(netlist);
  const areas = new Map<string, number>();
  const tiles = new Map<number, Set<string>>();
  for (const { type, path, pins } of netlist.gates) {
    const cell = library.cells.get(type);
    if (cell === undefined) continue;
    const dot = path.indexOf('.');
    const tile = dot < 0 ? path : path.slice(0, dot);
    areas.set(tile, (areas.get(tile) ?? 0) + cell.area);
    for (const { name } of cell.pins) {
      const net = pins[name];
      if (net === undefined || name === clockOf(cell) || tile === '') continue;
      const reached = tiles.get(root[net]);
      if (reached === undefined) tiles.set(root[net], new Set([tile]));
      else reached.add(tile);
    }
  }
  const side = (tile: string): number => Math.sqrt(areas.get(tile)! / WIRES.utilisation);
  const lengths = new Map<number, number>();
  for (const [net, reached] of tiles) {
    if (reached.size < 2) continue;
    let length = 0;
    for (const tile of reached) length += side(tile);
    lengths.set(net, length);
  }
  return lengths;
}

const outputOf = ({ pins }: Cell): string => pins.find(({ direction }) => direction === 'output')!.name;
