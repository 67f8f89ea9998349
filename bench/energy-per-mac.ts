/**
 * Energy of a multiply-accumulate, measured on the mapped gates of whole nodes, beside what the event model gives the
 * same design (events × costs of parts). GEMM with every lane busy; clocks are gated by the policy of all designs.
 * Arguments: heights of Mugi nodes, default 8 and 32. Half a minute a node, a minute for 256 rows.
 */
import { macEnergy } from '../src/machine/mugi/synthesis/mac-energy.ts';
import { BUFFERED_PERIOD } from '../src/machine/catalogue/characterise.ts';
import { COMPOSITES } from '../src/machine/catalogue/composites.ts';
import { pricedDesign } from '../src/question/point.ts';
import { stepEnergyPerMac } from '../src/evaluate/gates.ts';
import { nodeModule } from '../src/machine/mugi/node-module.ts';
import { preset } from '../src/published/preset.ts';
import { textTable } from '../src/present/table.ts';
import { open45Liberty } from '../src/hardware/liberty/open-45.ts';
import { readLiberty } from '../src/hardware/liberty/read.ts';
import { bufferNetlist } from '../src/hardware/synthesis/timing/buffering.ts';
import { gateClocks } from '../src/hardware/synthesis/clock-gating.ts';
import { WIRES } from '../src/hardware/synthesis/policy.ts';
import { synthesise } from '../src/hardware/synthesis/synthesise.ts';
import { OPEN_45, OPEN_45_TABLE } from '../src/technology/open-45.ts';
import { PUBLISHED_45 } from '../src/technology/published-45.ts';
import { logicCost, type Technology } from '../src/technology/technology.ts';

const text = open45Liberty();
const library = readLiberty(text, 'open-45');
const pJ = (value: number): string => value.toFixed(2);

const chosen = preset('corrected');
const events = (name: string): string[] =>
  [OPEN_45, PUBLISHED_45].map((technology) => pJ(stepEnergyPerMac(pricedDesign(name, chosen, technology))));
const rows: (string | number)[][] = [];
for (const height of process.argv.length > 2 ? process.argv.slice(2).map(Number) : [8, 32]) {
  const { netlist: mapped } = await synthesise(nodeModule(height), { liberty: text, gating: true });
  const { netlist } = bufferNetlist(gateClocks(mapped, library).netlist, library, {
    period: BUFFERED_PERIOD,
  });
  const energy = macEnergy(height, netlist, library, { wirePerFanout: WIRES.perFanout });
  const clock = energy.clock + energy.clock_gates;
  rows.push([
    `mugi-${height}, whole node`,
    pJ(energy.total),
    pJ(energy.total - clock),
    pJ(clock),
    pJ(energy.timed_total),
    pJ(energy.estimated_total),
    ...events(`mugi-${height}`),
  ]);
}
/** Energy of a composite's parts over its MACs; empty where the technology lacks one of them. */
function partsOf(name: string, macs: number, technology: Technology): string {
  const { parts } = COMPOSITES.find((composite) => composite.name === name)!;
  if (parts.some(([part]) => !Object.hasOwn(technology.logic, part))) return '';
  const energy = ([part, attributes, count]: (typeof parts)[number]): number =>
    count * logicCost(technology, part, attributes).energy * 1e3;
  return pJ(parts.reduce((sum, part) => sum + energy(part), 0) / macs);
}
for (const [name, macs] of [
  ['systolic_array_8', 64],
  ['figna_array_8', 64],
  ['dot_product_8', 8],
  ['dot_product_16', 16],
  ['carat_row', 1],
] as const) {
  const { energy_nJ, clock_nJ } = OPEN_45_TABLE.composites.find((composite) => composite.name === name)!;
  const [all, clock] = [(energy_nJ * 1e3) / macs, (clock_nJ * 1e3) / macs];
  const parts = [OPEN_45, PUBLISHED_45].map((technology) => partsOf(name, macs, technology));
  rows.push([`${name}, cells only`, pJ(all), pJ(all - clock), pJ(clock), '', '', ...parts]);
}
for (const name of ['sa-8', 'sa-16', 'sd-16', 'sd-f-16', 'mugi-256', 'carat-256']) {
  rows.push([`${name}, by events only`, '', '', '', '', '', ...events(name)]);
}
const heads = [
  'pJ a MAC',
  'gates',
  'data',
  'clock',
  'timed',
  'with estimates',
  'events, open-45',
  'events, published',
];
console.log(textTable(heads, rows));
