import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { inventory } from '../src/hardware/inventory.ts';
import { open45Liberty } from '../src/hardware/liberty/open-45.ts';
import { readLiberty } from '../src/hardware/liberty/read.ts';
import { sumOf, switchingEnergy } from '../src/hardware/synthesis/energy.ts';
import { finish } from '../src/hardware/synthesis/finish.ts';
import { flattenNetlist, type Netlist, type YosysJson } from '../src/hardware/synthesis/netlist.ts';
import { CLOCK, WIRES } from '../src/hardware/synthesis/policy.ts';
import { GateSimulator } from '../src/hardware/synthesis/simulation/gate-simulator.ts';
import { mappedNetlist } from '../src/hardware/synthesis/synthesise.ts';
import { nodeModule } from '../src/machine/mugi/node-module.ts';
import { noActivity } from '../src/machine/mugi/program/activity.ts';
import { type GemmJob, runGemm } from '../src/machine/mugi/program/gemm.ts';
import { gemmActivity, gemmCost } from '../src/machine/mugi/program/latency.ts';
import { gemmStimulus } from '../src/machine/mugi/program/stimuli.ts';
import { energyByEvents, eventEnergy, recordedPins } from '../src/machine/mugi/synthesis/event-energy.ts';
import { onGates } from '../src/machine/mugi/synthesis/switching.ts';
import { unitOf } from '../src/machine/whole/composition.ts';
import { ROWS_PER_LANE } from '../src/machine/mugi/unit/vector-unit.ts';
import { table, withTables } from './markdown-table.ts';

/**
 * The tables of docs/synthesis.md about energy by events: what happens in each unit of the node costs so much on its own gates,
 * closed forms say how often it does, and the whole node's gates say what a GEMM takes. `npm run docs:events` writes them.
 */
export const EVENTS_PAGE = new URL('../docs/synthesis.md', import.meta.url);

/** Rows of the node whose GEMM the units are measured on, its inner indices and seed; another seed is predicted. */
const MEASURED = { rows: 8, k: 64, seed: 3 } as const;
/** Nodes that are predicted, and the inner indices of their GEMM. */
const PREDICTED = [
  { rows: 8, k: 96 },
  { rows: 32, k: 64 },
  { rows: 64, k: 32 },
] as const;
const SEED = 7;
/** Rows of the node that is shown unit by unit, and the share from which a unit is. */
const SHOWN = 32;
const LEAST = 0.01;

const liberty = open45Liberty();
const library = readLiberty(liberty, 'open-45');
const options = { clock: CLOCK.MHz, wirePerFanout: WIRES.perFanout, buffers: true };
const mapped = async (rows: number): Promise<YosysJson> =>
  JSON.parse((await mappedNetlist(nodeModule(rows), { liberty, gating: true })).json) as YosysJson;
const finished = (json: YosysJson, top: string) =>
  finish(flattenNetlist(json, top), library, options).netlist;
/** Energy by events and on gates of a GEMM, pJ, by unit; what is no unit is wiring. */
interface Beside {
  rows: number;
  k: number;
  units: readonly { name: string; events: number; gates: number }[];
  wiring: { events: number; gates: number };
}

/** Energy of a GEMM on the gates of a node, pJ, by unit; what is left over is wiring. */
function onNode(netlist: Netlist, job: GemmJob): Map<string, number> {
  const gates = new GateSimulator(netlist, library);
  onGates(gates, job.rows, (observe) => {
    runGemm(job, observe);
  });
  const measured = new Map<string, number>();
  for (const [module, parts] of switchingEnergy(gates, library)) {
    // The arithmetic of a lane is part of it.
    const name = module.startsWith('bf16_') ? 'vector_lane' : unitOf(module);
    measured.set(name, (measured.get(name) ?? 0) + gates.cycles * sumOf(parts));
  }
  return measured;
}

/** Measures units, and what wiring takes a row and cycle in a small node; then predicts nodes and measures them. */
export async function eventEnergies() {
  const json = await mapped(MEASURED.rows);
  const small = finished(json, `mugi_${MEASURED.rows}`);
  const own = gemmStimulus(MEASURED.rows, MEASURED.k, MEASURED.seed);
  const records = recordedPins(own);
  const inside = new Set([...records.keys()].map(({ name }) => name));
  const units = [...records].map(([unit, record]) => ({
    unit,
    energy: eventEnergy(unit, finished(json, unit.name), library, record, inside),
  }));
  const names = new Set(units.map(({ unit }) => unitOf(unit.name)));
  const wiringOf = (measured: ReadonlyMap<string, number>): number =>
    [...measured].reduce((sum, [name, energy]) => sum + (names.has(name) ? 0 : energy), 0);
  const wiring = wiringOf(onNode(small, own)) / (MEASURED.rows * gemmCost(own).cycles);
  const beside: Beside[] = [];
  for (const { rows, k } of PREDICTED) {
    const job = gemmStimulus(rows, k, SEED);
    const { cycles } = gemmCost(job);
    const measured = onNode(
      rows === MEASURED.rows ? small : finished(await mapped(rows), `mugi_${rows}`),
      job,
    );
    const counts = { ...noActivity(), ...gemmActivity(job), rows, lanes: rows / ROWS_PER_LANE };
    const instances = new Map(inventory(nodeModule(rows)).map((row) => [unitOf(row.module), row.instances]));
    beside.push({
      rows,
      k,
      units: units.map(({ unit, energy }) => {
        const name = unitOf(unit.name);
        const events = energyByEvents(unit, instances.get(name)!, energy, cycles, counts);
        return { name, events, gates: measured.get(name) ?? 0 };
      }),
      wiring: { events: wiring * rows * cycles, gates: wiringOf(measured) },
    });
  }
  return { units, wiring, beside };
}

const nJ = (pJ: number): string => (pJ / 1e3).toFixed(2);

/** A page with its tables. */
export function withEventTables(
  page: string,
  { units, wiring, beside }: Awaited<ReturnType<typeof eventEnergies>>,
): string {
  const energies = table(
    '| unit | any cycle, fJ | what happens, fJ each |',
    units
      .filter(
        ({ energy: { cycle, events } }) =>
          cycle >= 0.0005 || [...events.values()].some((one) => one >= 0.0005),
      )
      .map(({ unit, energy: { cycle, events } }) => [
        `\`${unitOf(unit.name)}\``,
        (1e3 * cycle).toFixed(0),
        [...events]
          .filter(([, one]) => Math.abs(one) >= 0.0005)
          .map(([event, one]) => `${event} ${(1e3 * one).toFixed(0)}`)
          .join(', ') || '–',
      ])
      .concat([['wiring, a row', (1e3 * wiring).toFixed(0), '–']]),
  );
  const total = (one: Beside, key: 'events' | 'gates'): number =>
    one.units.reduce((sum, unit) => sum + unit[key], 0);
  const both = (one: { events: number; gates: number }): string => `${nJ(one.events)}, ${nJ(one.gates)}`;
  const sums = table(
    '| rows, k | units, nJ: by events, on gates | wiring | whole node | by events / on gates |',
    beside.map((one) => {
      const [events, gates] = [total(one, 'events'), total(one, 'gates')];
      const node = { events: events + one.wiring.events, gates: gates + one.wiring.gates };
      return [
        `${one.rows}, ${one.k}`,
        both({ events, gates }),
        both(one.wiring),
        both(node),
        (node.events / node.gates).toFixed(2),
      ];
    }),
  );
  const shown = beside.find(({ rows }) => rows === SHOWN)!;
  const each = table(
    `| unit, ${SHOWN} rows | by events, nJ | on gates, nJ | ratio |`,
    shown.units
      .filter(({ gates }) => gates > LEAST * total(shown, 'gates'))
      .toSorted((a, b) => b.gates - a.gates)
      .map(({ name, events, gates }) => [`\`${name}\``, nJ(events), nJ(gates), (events / gates).toFixed(2)]),
  );
  return withTables(page, 'events', { energies: () => energies, sums: () => sums, each: () => each });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(EVENTS_PAGE, withEventTables(readFileSync(EVENTS_PAGE, 'utf8'), await eventEnergies()));
