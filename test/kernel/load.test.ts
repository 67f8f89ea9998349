import { afterEach, expect, it, vi } from 'vitest';
import { MugiError } from '../../src/errors.ts';
import { loadKernels } from '../../src/kernel/node.ts';

/** What lies in the place of the compiled kernels; undefined: themselves. */
let instead: Uint8Array | undefined;
vi.mock(import('node:fs'), async (original) => {
  const fs = await original();
  const read = (...args: Parameters<typeof fs.readFileSync>) =>
    instead !== undefined && String(args[0]).endsWith('.wasm') ? instead : fs.readFileSync(...args);
  return { ...fs, readFileSync: read as typeof fs.readFileSync };
});
afterEach(() => {
  instead = undefined;
});

const EMPTY = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
/** Imports the memory of an older program: one that is not shared. */
const OTHER = Uint8Array.of(
  ...EMPTY,
  2,
  15,
  1,
  3,
  ...Buffer.from('env'),
  6,
  ...Buffer.from('memory'),
  2,
  0,
  1,
);

it.each([
  ['lack an operation', EMPTY, /^the compiled kernels have no "\w+": they are older than the sources$/],
  ['take another memory', OTHER, /^the compiled kernels do not fit the sources \(.*memory/],
  ['are cut off', EMPTY.subarray(0, 6), /^the compiled kernels are nothing that this engine runs$/],
])('compiled kernels that %s are refused on one thread and on several', async (_, bytes, message) => {
  instead = bytes;
  for (const threads of [1, 3]) {
    const error = await loadKernels({ threads }).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(MugiError);
    const { details } = error as MugiError;
    expect(details).toMatchObject({ code: 'invalid-file', expected: 'what "npm run build:kernels" makes' });
    expect(details.message).toMatch(message);
  }
});
