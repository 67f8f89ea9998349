// Runs before the package is packed: everything that it holds is built from this clone, so that `npm pack` works in a
// fresh one too. What the tools print goes to stderr: stdout belongs to npm pack.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

function run(...args) {
  const { status } = spawnSync(npm, args, {
    cwd: root,
    stdio: ['ignore', process.stderr.fd, 'inherit'],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(new URL('../node_modules/typescript', import.meta.url))) run('ci');
run('run', 'build:kernels');
run('run', 'build');
run('run', 'build:studio');
// The studio lies packed in the package: its server says so, and a browser unpacks.
const studio = new URL('../dist/studio/assets/', import.meta.url);
for (const name of readdirSync(studio)) {
  if (!name.endsWith('.js')) continue;
  writeFileSync(new URL(`${name}.gz`, studio), gzipSync(readFileSync(new URL(name, studio)), { level: 9 }));
  rmSync(new URL(name, studio));
}
