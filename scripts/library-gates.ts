/**
 * Writes scripts/library-gates.json: whole machines on another cell library than open-45, mapped, clock-gated, buffered and
 * measured by the same policy on the same products (`npm run technology:gates`), at one batch; what docs/verdict.md sets beside
 * each other. Without names the machines that the table has are measured; names measure those alone and keep the other rows of
 * the same library. The library is not kept.
 * usage: npm run library:gates -- LIBRARY.lib[.gz] [MACHINE...]
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { layerStimulus } from '../src/cli/source/layer-stimulus.ts';
import { synthLibrary } from '../src/cli/source/library.ts';
import { synthesise } from '../src/hardware/synthesis/synthesise.ts';
import { measured, subjectNamed } from '../src/machine/whole/measure.ts';
import { GATES_TABLE } from '../src/technology/gates.ts';
import { type MachineRow, WHOLE_BATCH } from '../src/technology/whole-machine.ts';

interface LibraryTable {
  library_sha256: string;
  machines: MachineRow[];
}

const target = fileURLToPath(new URL('library-gates.json', import.meta.url));
const [path, ...asked] = process.argv.slice(2);
const { texts, library } = synthLibrary([path]);
const library_sha256 = createHash('sha256').update(texts[0]).digest('hex');
const stimulus = await layerStimulus();

const known: LibraryTable | undefined = existsSync(target)
  ? (JSON.parse(readFileSync(target, 'utf8')) as LibraryTable)
  : undefined;
const rows = new Map(
  known?.library_sha256 === library_sha256 ? known.machines.map((row) => [row.machine, row]) : [],
);
const names = GATES_TABLE.machines.map(({ machine }) => machine);
const wanted = asked.length > 0 || known === undefined ? asked : known.machines.map(({ machine }) => machine);
for (const machine of names) {
  if (wanted.length > 0 && !wanted.includes(machine)) continue;
  const subject = subjectNamed(machine);
  const { netlist } = await synthesise(subject.module, { liberty: texts, gating: true });
  const conditions = { batches: [WHOLE_BATCH], stimulus, timed: { batch: WHOLE_BATCH } };
  const row = measured(subject, netlist, library, conditions);
  console.error(JSON.stringify(row));
  rows.set(machine, row);
  const machines = names.flatMap((name) => rows.get(name) ?? []);
  writeFileSync(target, `${JSON.stringify({ library_sha256, machines }, null, 2)}\n`);
}
