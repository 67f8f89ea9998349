import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MugiError } from '../../src/errors.ts';
import { rangesOf } from '../../src/explore/chunk.ts';
import { planOf } from '../../src/explore/space/plan.ts';
import { Space } from '../../src/explore/space/space.ts';
import type { Tally } from '../../src/explore/tally.ts';
import { random } from '../../src/number/random.ts';
import { explore } from '../../src/scale/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const VARY = 'height=64..256:64,sram.*=16..256,mesh=1x1,2x2,batch=1..8,dramBandwidth=64..512';
const spaceOf = (dramBandwidth: string): Space =>
  new Space(
    planOf({
      model: 'llama-2-7b',
      vary: {
        height: '64..256:64',
        'sram.*': '16..256',
        mesh: '1x1,2x2',
        batch: '1..8',
        dramBandwidth,
      },
      within: 'area_mm2<=8',
    }),
  );
const space = spaceOf('64..512');
/** Parts that this space is cut into. */
const PARTS = rangesOf(space.size).length;
const at = (name: string): string => join(folder, name);

/** `mugi explore` of the same space, as a user runs it. */
function start(store: string, ...more: string[]): ChildProcess {
  const args = [
    'explore',
    '--model',
    'llama-2-7b',
    '--vary',
    VARY,
    '--within',
    'area_mm2<=8',
    '--store',
    store,
    '--json',
  ];
  return spawn(process.execPath, ['bin/mugi.js', ...args, ...more], { stdio: ['ignore', 'pipe', 'pipe'] });
}
const ended = (child: ChildProcess): Promise<{ status: number | null; out: string }> =>
  new Promise((resolve) => {
    let out = '';
    child.stdout!.on('data', (data) => (out += data));
    child.on('close', (status) => resolve({ status, out }));
  });

describe('a space in parts', () => {
  let whole: Tally;
  let printed = '';
  /** Milliseconds of a run on this machine. */
  let took = 0;
  beforeAll(async () => {
    whole = (await explore(space, { folder: undefined })).tally!;
    const begun = performance.now();
    printed = (await ended(start(at('uninterrupted')))).out;
    took = performance.now() - begun;
  });

  it('has several of them, and a front', () => {
    expect(space.size).toBe(16_000);
    expect(PARTS).toBeGreaterThan(1);
    expect(whole.front.length).toBeGreaterThan(3);
    expect(JSON.parse(printed)).toMatchObject({ exact: true, evaluated: 16_000 });
  });

  it('is the same on one thread and on several', async () => {
    for (const threads of [1, 2, 3]) {
      const run = await explore(space, { folder: at(`threads-${threads}`), threads });
      expect(run.tally).toEqual(whole);
    }
  });

  it('is the same in shards, in any order, and the last one merges', async () => {
    for (const of of [2, 5]) {
      const order = Array.from({ length: of }, (_, i) => i + 1).reverse();
      for (const [done, index] of order.entries()) {
        const run = await explore(space, { folder: at(`shards-${of}`), shard: { index, of }, threads: 1 });
        if (run.left > 0) expect(run.tally).toBe(undefined);
        else expect(run.tally).toEqual(whole);
        if (done === of - 1) expect(run.left).toBe(0);
      }
      expect((await explore(space, { folder: at(`shards-${of}`) })).tally).toEqual(whole);
    }
  });

  it('is a mistake of the user where a thread cannot write one', async () => {
    const store = at('gone');
    let told = 0;
    const run = explore(spaceOf('64..2097152'), {
      folder: store,
      threads: 2,
      report() {
        told += 1;
        rmSync(store, { recursive: true, force: true });
        writeFileSync(store, 'a file in the place of the folder');
      },
    });
    await expect(run).rejects.toBeInstanceOf(MugiError);
    await expect(run).rejects.toMatchObject({ details: { code: 'unwritable' } });
    expect(told).toBeGreaterThan(0);
  });

  it('is taken up again from what is there, and nothing is computed twice', async () => {
    const store = at('again');
    await explore(space, { folder: store, shard: { index: 1, of: 2 } });
    const before = readdirSync(store);
    const run = await explore(space, { folder: store });
    expect(run).toMatchObject({ resumed: before.length, finished: PARTS - before.length, left: 0 });
    expect(run.tally).toEqual(whole);
    expect(await explore(space, { folder: store })).toMatchObject({ resumed: PARTS, finished: 0 });
  });

  it('prints the same after kills at random moments', async () => {
    const next = random(20);
    // MUGI_KILLS=200 strikes longer.
    const kills = Number(process.env.MUGI_KILLS ?? 4);
    let store = 0;
    let struck = 0;
    for (let kill = 0; kill < kills; kill++) {
      const begun = performance.now();
      const child = start(at(`killed-${store}`), '--threads', '2');
      const timer = setTimeout(() => child.kill('SIGKILL'), (0.2 + 0.7 * next()) * took);
      const { status, out } = await ended(child);
      clearTimeout(timer);
      if (status === null) {
        struck++;
        const folder = at(`killed-${store}`);
        // A kill may come before the folder is made.
        const files = existsSync(folder) ? readdirSync(folder) : [];
        expect(files.filter((name) => name.endsWith('.parquet')).length).toBeLessThanOrEqual(PARTS);
        continue;
      }
      expect(out).toBe(printed);
      store++;
      // The run that was timed may have been slowed by others.
      took = Math.min(took, performance.now() - begun);
    }
    expect(struck).toBeGreaterThan(0);
    expect((await ended(start(at(`killed-${store}`)))).out).toBe(printed);
  }, 600_000);
});
