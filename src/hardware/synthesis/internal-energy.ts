import { type Cell, clockOf, type Library, lookup, type Table } from '../liberty/library.ts';
import { aliasRoots, type Gate, type Netlist } from './netlist.ts';
import { TimingGraph } from './timing/timing-graph.ts';

/** What causes edges of a pin (undefined: whatever it is), and the tables whose sum such an edge costs. */
type Causes = ReadonlyMap<string | undefined, readonly Table[]>;

/** Slew at which edges enter from outside, ns. */
const INPUT_SLEW = 0.02;

const known = new WeakMap<Cell, Map<string, Causes>>();

/** `clock` is the level of the clock during the edge; edges of data reach a running flip-flop after the clock's. */
function causesOf(cell: Cell, pin: string, clock = true): Causes {
  let pins = known.get(cell);
  if (pins === undefined) known.set(cell, (pins = new Map()));
  const key = clock ? pin : `${pin} low`;
  let causes = pins.get(key);
  if (causes === undefined) {
    const powers = cell.powers.filter((power) => power.pin === pin && power.clock !== !clock);
    causes = new Map(
      powers.map(({ related }) => [
        related,
        powers.filter((power) => power.related === related).map(({ energy }) => energy),
      ]),
    );
    pins.set(key, causes);
  }
  return causes;
}

const total = (tables: readonly Table[], slew: number, load: number): number =>
  tables.reduce((sum, table) => sum + lookup(table, slew, load), 0);

/**
 * Energy inside a cell for one edge of a pin, fJ, all causes alike: at a slew of the causing input (ns) and, for an
 * output, at a load (fF).
 */
export function edgeEnergy(cell: Cell, pin: string, slew = INPUT_SLEW, load = 0): number {
  const causes = [...causesOf(cell, pin).values()];
  return causes.reduce((sum, tables) => sum + total(tables, slew, load) / causes.length, 0);
}

/** Energy that an idle flip-flop or a closed clock gate takes inside in a cycle of its clock, fJ; 0 for other cells. */
export function clockEnergy(cell: Cell, slew?: number): number {
  const clock = clockOf(cell);
  return clock === undefined ? 0 : 2 * edgeEnergy(cell, clock, slew);
}

/** Energy that an edge of an input moves inside a cell whose clock stands still, low, so that its latch is open, fJ. */
export function stoppedEnergy(cell: Cell, pin: string, slew = INPUT_SLEW): number {
  return [...causesOf(cell, pin, false).values()].reduce((sum, tables) => sum + total(tables, slew, 0), 0);
}

/** The mean slew of the edges of a net, ns. */
export type Slews = (net: number) => number;

/** What a toggle of the net on a pin costs inside the gate, fJ. */
export type ToggleEnergy = (gate: Gate, cell: Cell, pin: string) => number;

/**
 * Reads internal power at slew and load of each gate. A library says for each edge of an output which input caused
 * it; a simulation by cycles does not, so the causes share the edges by how often each of them toggles.
 */
export function toggleEnergies(
  netlist: Netlist,
  toggles: Float64Array,
  loads: Float64Array,
  slew: Slews,
): ToggleEnergy {
  const root = aliasRoots(netlist);
  return ({ pins }, cell, pin) => {
    const causes = causesOf(cell, pin);
    if (causes.size === 0) return 0;
    const load = loads[pins[pin]];
    const clock = cell.flop?.clock;
    // Clear and preset are tied, so the clock causes every edge of a flip-flop's outputs.
    if (clock !== undefined && causes.has(clock)) return total(causes.get(clock)!, INPUT_SLEW, load);
    let sum = 0;
    let shares = 0;
    let alike = 0;
    for (const [related, tables] of causes) {
      const net = pins[related ?? pin];
      const energy = total(tables, net === undefined ? INPUT_SLEW : slew(root[net]), load);
      const share = net === undefined ? 0 : toggles[root[net]];
      sum += share * energy;
      shares += share;
      alike += energy / causes.size;
    }
    return shares > 0 ? sum / shares : alike;
  };
}

/** Slews of all nets, by static timing, which is not asked where no table depends on it. */
export function slewsOf(netlist: Netlist, library: Library, wirePerFanout: number): Slews {
  const used = new Set(netlist.gates.map(({ type }) => type));
  const depends = [...used].some((type) =>
    library.cells.get(type)?.powers.some(({ energy }) => energy.rows.length > 1),
  );
  if (!depends) return () => INPUT_SLEW;
  const graph = new TimingGraph(netlist, library, { wirePerFanout, inputSlew: INPUT_SLEW });
  graph.forward();
  // A graph is many times as large as its slews, which are kept.
  const mean = Float64Array.from(
    { length: netlist.nets },
    (_, net) => (graph.slew[2 * net] + graph.slew[2 * net + 1]) / 2,
  );
  return (net) => mean[net];
}
