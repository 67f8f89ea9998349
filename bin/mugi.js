#!/usr/bin/env node
// Launcher: plain JavaScript that any Node understands. It runs the compiled package when there is one,
// the TypeScript sources otherwise, and hands over to the Node that `npm ci` installed when this one is too old.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const [major, minor] = process.versions.node.split('.').map(Number);
const recent = major > 22 || (major === 22 && minor >= 18);

if (recent) {
  // Compiled code of earlier starts is taken up again: half the time of a start.
  module.enableCompileCache();
  const entry = existsSync(at('../src/cli/main.ts')) ? '../src/cli/main.ts' : '../dist/src/cli/main.js';
  const { run } = await import(new URL(entry, import.meta.url).href);
  await run(process.argv.slice(2));
} else if (existsSync(at('../node_modules/node/bin/node'))) {
  const child = spawn(at('../node_modules/node/bin/node'), [at('./mugi.js'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  // What ends this process must end the child, which alone knows what to keep and what to remove.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`mugi: cannot start the Node of node_modules: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (status, signal) => {
    process.exitCode = status ?? 128 + constants.signals[signal];
  });
} else {
  console.error(
    `mugi: needs Node 22.18 or newer and this is ${process.versions.node}. ` +
      'In a clone, "npm ci" (with install scripts) brings a suitable Node.',
  );
  process.exitCode = 1;
}
