import { execFileSync, spawnSync } from 'node:child_process';
import { expect } from 'vitest';

/** What `mugi simulate` prints. */
export const mugi = (...args: string[]) =>
  execFileSync(process.execPath, ['bin/mugi.js', 'simulate', ...args], { encoding: 'utf8' });

/** What it says where it refuses. */
export const fails = (...args: string[]) => {
  const { status, stderr } = spawnSync(process.execPath, ['bin/mugi.js', 'simulate', ...args], {
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  return stderr;
};
