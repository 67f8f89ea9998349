/**
 * Writes test/golden/record/numbers.json.gz: the numbers of every command in commands.txt, as the checkout that is
 * named (another version of mugi, say) prints them.
 *
 *     node_modules/.bin/node scripts/record.ts [CHECKOUT]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { commandLine, outputOf, recorded, recordedCommands } from '../test/record/run.ts';

const home = resolve(import.meta.dirname, '..');
const root = resolve(process.argv[2] ?? home);
const folder = mkdtempSync(join(tmpdir(), 'mugi-record-'));
process.env.MUGI_CACHE = join(folder, 'cache');
process.chdir(root);
try {
  const run = await commandLine(root);
  const numbers: Record<string, unknown> = {};
  for (const command of recordedCommands(home)) {
    const text = await outputOf(run, command.replace('{folder}', folder).split(' '));
    numbers[command] = recorded(JSON.parse(text)) ?? {};
  }
  const path = join(home, 'test/golden/record/numbers.json.gz');
  writeFileSync(path, gzipSync(JSON.stringify(numbers), { level: 9 }));
  process.stderr.write(`wrote ${path}: ${Object.keys(numbers).length} commands\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
