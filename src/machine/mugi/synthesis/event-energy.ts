import type { Library } from '../../../hardware/liberty/library.ts';
import { sumOf, switchingEnergy } from '../../../hardware/synthesis/energy.ts';
import type { Netlist } from '../../../hardware/synthesis/netlist.ts';
import { GateSimulator } from '../../../hardware/synthesis/simulation/gate-simulator.ts';
import type { AnyUnit, ProgramCounts } from '../../unit.ts';
import { type GemmJob, runGemm } from '../program/gemm.ts';
import { packLanes } from '../proof/gate-run.ts';
import { type UnitCycle, watchUnits } from '../proof/watched-units.ts';
import { unitInstances } from '../units.ts';

/** Instances of a unit that are looked at. */
const INSTANCES = 16;

/** What every unit of a node gets and gives in a GEMM, by its RTL: cycle by cycle, of some instances. */
export function recordedPins(job: GemmJob): Map<AnyUnit, UnitCycle[][]> {
  const all = unitInstances(job.rows);
  const records = new Map(all.map(({ unit }) => [unit, [] as UnitCycle[][]]));
  const watched = [...records.keys()].flatMap((unit) =>
    all.filter((one) => one.unit === unit).slice(0, INSTANCES),
  );
  const look = (cycles: readonly UnitCycle[]): void => {
    for (const [unit, record] of records) record.push(cycles.filter((_, i) => watched[i].unit === unit));
  };
  watchUnits(job.rows, watched, (observe) => void runGemm(job, observe), look);
  return records;
}

/** pJ: of any cycle of an instance, and on top of that of each thing that happens in one. */
export interface EventEnergy {
  cycle: number;
  events: ReadonlyMap<string, number>;
}

/**
 * Energy of what happens in a unit, on mapped gates of it alone: the pins of a run are replayed, and the energy of every cycle
 * falls to what happened in it by least squares. Units inside are left out, which are measured by themselves.
 */
export function eventEnergy(
  unit: AnyUnit,
  netlist: Netlist,
  library: Library,
  record: readonly (readonly UnitCycle[])[],
  inside: ReadonlySet<string>,
): EventEnergy {
  const lanes = record[0].length;
  const gates = new GateSimulator(netlist, library, { lanes });
  const all = (value: number): number[] => Array.from({ length: lanes }, () => value);
  if (netlist.inputs.has('reset')) {
    gates.poke('reset', all(1));
    gates.step();
    gates.poke('reset', all(0));
  }
  const events = Object.entries(unit.events).filter(([, { counted }]) => counted !== undefined);
  const rows: number[][] = [];
  const energies: number[] = [];
  for (const cycle of record) {
    for (const { name, width, lanes: vector } of unit.module.inputs)
      gates.poke(
        name,
        cycle.map(({ pins }) =>
          vector === undefined ? (pins[name] as number) : packLanes(pins[name] as number[], width),
        ),
      );
    gates.clearToggles();
    gates.step();
    let energy = 0;
    for (const [module, parts] of switchingEnergy(gates, library))
      if (module === unit.name || !inside.has(module)) energy += lanes * sumOf(parts);
    rows.push([
      lanes,
      ...events.map(([, { when }]) => cycle.filter(({ pins, shown }) => when(pins, shown)).length),
    ]);
    energies.push(energy);
  }
  // The first cycle comes out of nothing.
  const [each, ...more] = leastSquares(rows.slice(1), energies.slice(1));
  return { cycle: each, events: new Map(events.map(([event], i) => [event, more[i]])) };
}

/** Energy of all instances of a unit in a run of so many cycles, pJ, by what its program counts. */
export function energyByEvents(
  unit: AnyUnit,
  instances: number,
  { cycle, events }: EventEnergy,
  cycles: number,
  counts: ProgramCounts,
): number {
  let energy = instances * cycles * cycle;
  for (const [event, each] of events) energy += each * unit.events[event].counted!(counts);
  return energy;
}

/** Factors of the columns whose sum is nearest to the values; 0 for what never happens. */
function leastSquares(rows: readonly (readonly number[])[], values: readonly number[]): number[] {
  const size = rows[0].length;
  const dot = (i: number, of: (row: readonly number[], at: number) => number): number =>
    rows.reduce((sum, row, at) => sum + row[i] * of(row, at), 0);
  const system = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (__, j) => dot(i, (row) => row[j])),
    dot(i, (_row, at) => values[at]),
  ]);
  for (let i = 0; i < size; i++) {
    // Normal equations have their largest elements on the diagonal; an event that never happens has none.
    if (system[i][i] < 1e-9) continue;
    for (let other = 0; other < size; other++) {
      if (other === i) continue;
      const factor = system[other][i] / system[i][i];
      for (let j = i; j <= size; j++) system[other][j] -= factor * system[i][j];
    }
  }
  return system.map((row, i) => (row[i] < 1e-9 ? 0 : row[size] / row[i]));
}
