import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { notesOf, saidIn } from './json-lines.ts';
import { embeddedFolder } from '../../src/model/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-resume-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bin = fileURLToPath(new URL('../../bin/mugi.js', import.meta.url));

/** mugi-tiny's first layer alone: a model that every command runs in seconds. */
const model = join(folder, 'one-layer');
cpSync(embeddedFolder('mugi-tiny'), model, { recursive: true });
const config = join(model, 'config.json');
writeFileSync(
  config,
  readFileSync(config, 'utf8').replace(/"num_hidden_layers": \d+/, '"num_hidden_layers": 1'),
);
keepTensors(join(model, 'model.safetensors'), (name) => !/\.layers\.[1-9]/.test(name));

/** Leaves only the tensors of some names in a safetensors file: a model's file holds nothing that it does not read. */
function keepTensors(path: string, keep: (name: string) => boolean): void {
  const bytes = readFileSync(path);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, start)) as Record<string, { data_offsets: number[] }>;
  const kept: Record<string, object> = {};
  const data: Buffer[] = [];
  let at = 0;
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__' || !keep(name)) continue;
    const [from, to] = entry.data_offsets;
    data.push(bytes.subarray(start + from, start + to));
    kept[name] = { ...entry, data_offsets: [at, (at += to - from)] };
  }
  const text = Buffer.from(JSON.stringify(kept));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  writeFileSync(path, Buffer.concat([length, text, ...data]));
}

const COMMANDS: Record<string, string[]> = {
  'tune --greedy': ['tune', '--greedy', '--tokens', '512', '--calibration-tokens', '512', '--json'],
  mask: ['mask', '--tokens', '2048', '--json'],
  profile: ['profile', '--tokens', '4096', '--json'],
  accuracy: 'accuracy --tokens 4096 --method vlp --parts sums --windows default --json'.split(' '),
  'paper fig7': ['paper', 'fig7', '--csv'],
};

function start(args: readonly string[], cache: string, stdout: 'pipe' | number = 'pipe', threads = 1) {
  const child = spawn(process.execPath, [bin, ...args, '--model', model], {
    env: { ...process.env, MUGI_CACHE: cache, MUGI_THREADS: String(threads) },
    stdio: ['ignore', stdout, 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (data) => (output.stdout += data));
  child.stderr!.on('data', (data) => (output.stderr += data));
  return { child, output };
}

async function run(args: readonly string[], cache: string, out: 'pipe' | number = 'pipe', threads = 1) {
  const { child, output } = start(args, cache, out, threads);
  const [status] = (await once(child, 'close')) as [number];
  return { status, ...output };
}

/** Everything that is kept, by unit; the files are whole at any moment. */
function kept(cache: string): Record<string, unknown> {
  const names = existsSync(cache) ? readdirSync(cache).filter((name) => name.endsWith('.json')) : [];
  return Object.assign(
    {},
    ...names.map((name) => {
      const { units } = JSON.parse(readFileSync(join(cache, name), 'utf8')) as { units: object };
      return Object.fromEntries(Object.entries(units).map(([unit, value]) => [`${name} ${unit}`, value]));
    }),
  ) as Record<string, unknown>;
}

/** Ends the process as soon as so many units are kept. */
async function interrupt(child: ChildProcess, cache: string, units: number, signal: NodeJS.Signals) {
  const closed = once(child, 'close');
  while (Object.keys(kept(cache)).length < units && child.exitCode === null) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(child.exitCode).toBeNull();
  child.kill(signal);
  return (await closed) as [number | null, NodeJS.Signals | null];
}

it.each(Object.entries(COMMANDS))(
  '%s goes on after a kill, with another number of threads, too, and gives the same bits',
  async (name, args) => {
    const cache = join(folder, `killed ${name}`);
    const units = name === 'profile' ? 1 : 2;
    await interrupt(start(args, cache).child, cache, units, 'SIGKILL');
    const before = Object.keys(kept(cache)).length;
    expect(before).toBeGreaterThanOrEqual(units);
    const resumed = await run(args, cache, 'pipe', 3);
    expect(saidIn(resumed.stderr)).toMatch(name === 'profile' ? /^$/ : /resuming/);
    const whole = await run(args, join(folder, `whole ${name}`));
    expect([resumed.status, whole.status, saidIn(whole.stderr)]).toEqual([0, 0, '']);
    expect(resumed.stdout).toBe(whole.stdout);
    expect(kept(cache)).toEqual({});
  },
);

it('paper fig6 repeats no cell that was finished', async () => {
  const cache = join(folder, 'fig6');
  let finished: Record<string, unknown> = {};
  for (const units of [2, 4]) {
    const { child, output } = start(['paper', 'fig6', '--csv'], cache);
    await interrupt(child, cache, units, 'SIGKILL');
    const now = kept(cache);
    expect(now).toMatchObject(finished);
    expect(output.stderr).toMatch(units === 2 ? /^$/ : /resuming fig6/);
    finished = now;
  }
  expect(Object.keys(finished).some((unit) => unit.endsWith('exact'))).toBe(true);
});

it('Ctrl-C ends in one message, and what is finished stays', async () => {
  const cache = join(folder, 'ctrl-c');
  const { child, output } = start(COMMANDS['tune --greedy'], cache);
  const [status] = await interrupt(child, cache, 2, 'SIGINT');
  expect(status).toBe(130);
  expect(output.stdout).toBe('');
  expect(saidIn(output.stderr)).toBe(
    'mugi: interrupted; what is finished is kept, the same command goes on behind it\n',
  );
  expect(Object.keys(kept(cache)).length).toBeGreaterThanOrEqual(2);
});

it('a cache folder that cannot be written costs a note, not the work', async () => {
  const cache = join(config, 'below-a-file');
  const { status, stdout, stderr } = await run(['mask', '--tokens', '256', '--json'], cache);
  expect(status).toBe(0);
  expect(stdout).toContain('"leaks"');
  expect(saidIn(stderr)).toMatch(
    /^note: finished work cannot be kept \(.*\); MUGI_CACHE names another folder\n$/,
  );
});

it.skipIf(!existsSync('/dev/full'))(
  'results that find no room are not lost (no /dev/full on this system: skipped)',
  async () => {
    const cache = join(folder, 'full');
    const full = openSync('/dev/full', 'w');
    const failed = await run(COMMANDS['mask'], cache, full);
    closeSync(full);
    expect(failed.status).toBe(1);
    expect(saidIn(failed.stderr)).toBe('mugi: cannot write to standard output (ENOSPC)\n');
    const batches = Object.keys(kept(cache)).length;
    expect(batches).toBeGreaterThan(1);
    const again = await run(COMMANDS['mask'], cache);
    expect(notesOf(again.stderr)).toEqual([
      `resuming: ${batches} batches were finished by an interrupted run`,
    ]);
    expect(again.stdout).toContain('"leaks"');
    expect(kept(cache)).toEqual({});
  },
);
