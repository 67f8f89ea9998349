#!/usr/bin/env node
// Launcher: plain JavaScript that any Node understands. It runs the compiled package when there is one,
// the TypeScript sources otherwise, and hands over to the Node that `npm ci` installed when this one is too old.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const [major, minor] = process.versions.node.split('.').map(Number);
const recent = major > 22 || (major === 22 && minor >= 18);

if (recent) {
  const entry = existsSync(at('../src/cli/main.ts')) ? '../src/cli/main.ts' : '../dist/src/cli/main.js';
  const { run } = await import(new URL(entry, import.meta.url).href);
  await run(process.argv.slice(2));
} else if (existsSync(at('../node_modules/node/bin/node'))) {
  // Ctrl-C reaches the child through the terminal's process group; this process only waits for it.
  process.on('SIGINT', () => {});
  const child = spawnSync(at('../node_modules/node/bin/node'), [at('./mugi.js'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  process.exitCode = child.status ?? 128 + 2;
} else {
  console.error(
    `mugi: needs Node 22.18 or newer and this is ${process.versions.node}. ` +
      'In a clone, "npm ci" (with install scripts) brings a suitable Node.',
  );
  process.exitCode = 1;
}
