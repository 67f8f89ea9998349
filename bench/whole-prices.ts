/*
 * Prices of `--technology gates` beside the gates, on random products that no price was taken from: energy of a
 * multiply-accumulate at a batch over that at batch 8, by the closed form and on the gates at zero delay, and the ratio of both;
 * and area and leakage of the machine, which a size that is not in the table has by its composition, over those of its gates.
 * npm run bench:prices -- mugi-64 sd-f-8
 */
import { designNamed } from '../src/design/index.ts';
import { wholeMachine } from '../src/evaluate/composed-machine.ts';
import { modelEnergyPerMac, priceDesign } from '../src/evaluate/whole-machines.ts';
import { open45Liberty } from '../src/hardware/liberty/open-45.ts';
import { readLiberty } from '../src/hardware/liberty/read.ts';
import { synthesise } from '../src/hardware/synthesis/synthesise.ts';
import { measured, subjectNamed } from '../src/machine/whole/measure.ts';
import { randomStimulus } from '../src/machine/whole/random-stimulus.ts';
import { GATES } from '../src/technology/gates.ts';
import { WHOLE_BATCH } from '../src/technology/whole-machine.ts';

const BATCHES = [1, 2, 3, 5, 8, 12, 16];
const SEED = 5;
/** Glitches scale all batches alike, so that any share will do. */
const NO_GLITCHES = 0;

const liberty = open45Liberty();
const library = readLiberty(liberty, 'open-45');
const asked = process.argv.slice(2);
for (const name of asked.length === 0 ? ['mugi-8', 'sd-f-4'] : asked) {
  const subject = subjectNamed(name);
  const { netlist } = await synthesise(subject.module, { liberty, gating: true });
  const stimulus = randomStimulus(SEED);
  const conditions = { batches: BATCHES, stimulus, timed: { glitches: NO_GLITCHES } };
  const { per_mac, ...row } = measured(subject, netlist, library, conditions);
  const whole = wholeMachine(GATES.machines!, { kind: subject.kind, ...subject.sides })!;
  const [area, leakage] = (['area_mm2', 'leakage_mW'] as const).map((key) => whole[key] / row[key]);
  const priced = priceDesign(designNamed(name), GATES);
  const full = per_mac.find(({ batch }) => batch === WHOLE_BATCH)!.total;
  console.log(`${name}: area ${area.toFixed(3)}, leakage ${leakage.toFixed(3)} of its gates`);
  console.log(`${stimulus.name}\n batch  priced  gates  ratio`);
  for (const { batch, total } of per_mac) {
    const ratios = [modelEnergyPerMac(priced, batch) / modelEnergyPerMac(priced, WHOLE_BATCH), total / full];
    const cells = [...ratios, ratios[0] / ratios[1]].map((ratio) => ratio.toFixed(3).padStart(6));
    console.log(` ${String(batch).padStart(5)}  ${cells.join(' ')}`);
  }
}
