/**
 * Energy of a multiply-accumulate of whole machines, Mugi's node and rivals (weight path, edges, sums across tiles, drain,
 * vector array), by one meter, library and policy, on products of real layers: at zero delay, timed at every batch, and with
 * the estimates of clock tree and wires between tiles. Gates are compared with the behaviour in every cycle.
 * Arguments: names of machines, default those of 64 MAC a cycle; `--random` for random products, `--batch N` for one batch.
 */
import { open45Liberty } from '../src/hardware/liberty/open-45.ts';
import { readLiberty } from '../src/hardware/liberty/read.ts';
import { finish } from '../src/hardware/synthesis/finish.ts';
import { CLOCK, WIRES } from '../src/hardware/synthesis/policy.ts';
import { netlistCost, synthesise } from '../src/hardware/synthesis/synthesise.ts';
import { layerStimulus } from '../src/cli/source/layer-stimulus.ts';
import { subjectNamed } from '../src/machine/whole/measure.ts';
import { MEASURED_BATCHES, MEASURED_MACHINES } from '../src/machine/whole/measured-machines.ts';
import { randomStimulus } from '../src/machine/whole/random-stimulus.ts';
import { textTable } from '../src/present/table.ts';

const SMALL = MEASURED_MACHINES.filter((name) => subjectNamed(name).macs === 64);
const liberty = open45Liberty();
const library = readLiberty(liberty, 'open-45');
const given = process.argv.slice(2);
const names = given.filter((word, i) => !word.startsWith('--') && given[i - 1] !== '--batch');
const stimulus = given.includes('--random') ? randomStimulus(1) : await layerStimulus();
const batch = given.indexOf('--batch');
const batches = batch < 0 ? MEASURED_BATCHES : [Number(given[batch + 1])];

const rows: (string | number)[][] = [];
for (const name of names.length > 0 ? names : SMALL) {
  const subject = subjectNamed(name);
  const { netlist: mapped } = await synthesise(subject.module, { liberty, gating: true });
  const wirePerFanout = WIRES.perFanout;
  const { netlist, timing } = finish(mapped, library, { clock: CLOCK.MHz, wirePerFanout, buffers: true });
  const area = netlistCost(netlist, library).area;
  for (const tokens of batches) {
    const energy = subject.energy(tokens, stimulus, { netlist, library, wirePerFanout });
    rows.push([
      `${name}, batch ${tokens}`,
      ...[
        energy.total,
        energy.data + energy.wires + energy.data_pins,
        energy.clock,
        energy.clock_gates,
        energy.timed_total,
        energy.estimated_total,
      ].map((pJ) => pJ.toFixed(2)),
      (area / subject.macs).toFixed(0),
      timing.frequency.toFixed(0),
    ]);
    console.error(rows.at(-1)!.join('  '));
  }
}
const heads = ['pJ a MAC', 'total', 'data', 'clock', 'gates', 'timed', 'with estimates', 'um2 a MAC', 'MHz'];
console.log(textTable(heads, rows));
