/** `mugi paper all` with files and plots, cold: this process does nothing else. Prints time and peak memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../src/cli/main.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-paper-'));
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;
try {
  await run(['paper', 'all', '--out', folder]);
} finally {
  process.stdout.write = write;
  rmSync(folder, { recursive: true });
}
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
console.log(`mugi paper all --out DIR, cold, Node ${process.version}`);
console.log(`wall ${(performance.now() / 1e3).toFixed(2)} s (target: at most 5)`);
console.log(`processor ${((userCPUTime + systemCPUTime) / 1e6).toFixed(2)} s`);
console.log(`peak memory ${(maxRSS / 1e3).toFixed(0)} MB (target: under 300)`);
