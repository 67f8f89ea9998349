/**
 * Writes src/technology/gates.json: whole machines on gates, Mugi's node and its rivals, mapped, clock-gated, buffered and
 * measured alike on products of the layers of mugi-tiny, and what machines of any size are composed of. Deterministic; a quarter of an
 * hour. Names of machines as arguments measure those alone and keep the other rows. Run it again when library, synthesis,
 * policy or a machine has changed.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { layerStimulus } from '../src/cli/source/layer-stimulus.ts';
import { open45Liberty } from '../src/hardware/liberty/open-45.ts';
import { readLiberty } from '../src/hardware/liberty/read.ts';
import { POLICY } from '../src/hardware/synthesis/policy.ts';
import { synthesise } from '../src/hardware/synthesis/synthesise.ts';
import { MEASURED_BATCHES, MEASURED_MACHINES } from '../src/machine/whole/measured-machines.ts';
import { compositions } from '../src/machine/whole/compositions.ts';
import { measuredByUnit, subjectNamed } from '../src/machine/whole/measure.ts';
import { type MeasuredMachine, WHOLE_BATCH } from '../src/technology/whole-machine.ts';

const target = fileURLToPath(new URL('../src/technology/gates.json', import.meta.url));
const text = open45Liberty();
const library = readLiberty(text, 'open-45');
const asked = process.argv.slice(2);
const kept: MeasuredMachine[] = existsSync(target)
  ? (JSON.parse(readFileSync(target, 'utf8')) as { machines: MeasuredMachine[] }).machines
  : [];
const stimulus = await layerStimulus();

const machines: MeasuredMachine[] = [];
let yosys = '';
const write = (): void => {
  const known = new Map([...kept, ...machines].map((row) => [row.machine, row]));
  const table = {
    library: library.name,
    library_sha256: createHash('sha256').update(text).digest('hex'),
    yosys,
    stimulus: stimulus.name,
    policy: POLICY,
    machines: MEASURED_MACHINES.flatMap((name) => known.get(name) ?? []),
    compositions: compositions(),
  };
  writeFileSync(target, `${JSON.stringify(table, null, 2)}\n`);
};
for (const name of MEASURED_MACHINES) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const subject = subjectNamed(name);
  const mapped = await synthesise(subject.module, { liberty: text, gating: true });
  yosys = mapped.yosys;
  const { row, units } = measuredByUnit(subject, mapped.netlist, library, {
    batches: MEASURED_BATCHES,
    stimulus,
    timed: { batch: WHOLE_BATCH },
  });
  machines.push({ ...row, kind: subject.kind, ...subject.sides, units });
  write();
  console.error(JSON.stringify(row));
}
