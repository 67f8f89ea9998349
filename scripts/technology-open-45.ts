/**
 * Writes src/technology/open-45.json: costs of every part that designs are made of, from mugi's own synthesis.
 * Deterministic; some ten minutes. Run it again when the cell library, the synthesis or a datapath has changed.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CATALOGUE } from '../src/machine/catalogue/catalogue.ts';
import { characterise } from '../src/machine/catalogue/characterise.ts';
import { COMPOSITES } from '../src/machine/catalogue/composites.ts';
import { MEASURED, STREAMS } from '../src/machine/catalogue/stimulus.ts';
import { open45Liberty } from '../src/hardware/liberty/open-45.ts';
import { readLiberty } from '../src/hardware/liberty/read.ts';
import { createHash } from 'node:crypto';

const target = fileURLToPath(new URL('../src/technology/open-45.json', import.meta.url));
const text = open45Liberty();
const library = readLiberty(text, 'open-45');
let yosys = '';

async function measure(
  module: Parameters<typeof characterise>[0],
  drives: Parameters<typeof characterise>[1],
): Promise<Omit<Awaited<ReturnType<typeof characterise>>, 'yosys'>> {
  const { yosys: version, ...costs } = await characterise(module, drives, { text, library });
  yosys = version;
  console.error(`${module.name}: ${(costs.area_mm2 * 1e6).toFixed(1)} um2, ${costs.period_ns} ns`);
  return costs;
}

const logic = [];
for (const { class: name, reference, sizes = [], make, drives, contents, uses = 1 } of CATALOGUE) {
  for (const [i, at] of [reference, ...sizes].entries()) {
    const costs = await measure(make(at), drives);
    const [energy_nJ, clock_nJ] = [costs.energy_nJ, costs.clock_nJ].map((energy) =>
      Number((energy / uses).toPrecision(6)),
    );
    logic.push({ class: name, at, reference: i === 0, contents, ...costs, energy_nJ, clock_nJ });
  }
}
const composites = [];
for (const { name, module, drives } of COMPOSITES) {
  composites.push({ name, ...(await measure(module, drives)) });
}
const table = {
  library: library.name,
  library_sha256: createHash('sha256').update(text).digest('hex'),
  yosys,
  stimulus: `${MEASURED} cycles of ${STREAMS} independent random streams; one use a cycle`,
  logic,
  composites,
};
writeFileSync(target, `${JSON.stringify(table, null, 2)}\n`);
