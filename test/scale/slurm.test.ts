import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { random } from '../../src/number/random.ts';
import { Cluster, slurmThere } from './slurm-cluster.ts';

const required = process.env.MUGI_REQUIRE_TOOLS === '1';
if (!slurmThere() && !required) console.warn('skipped: Slurm is not installed, or may not be started');

/** 48,000 designs in six parts, of which four tasks take one or two. */
const SPACE = [
  'explore',
  '--model',
  'llama-2-7b',
  '--vary',
  'height=64..512:64,sram.*=16..256,mesh=1x1,2x2,batch=1..8,dramBandwidth=64..2k',
  '--within',
  'area_mm2<=8',
];

/**
 * Kills of one run at most. Where every task of ten rounds is killed before it has finished a part, the follower gives up, as
 * it should: fewer kills than that leave it to get on, however slow the machine is.
 */
const A_RUN = 8;

describe.skipIf(!slurmThere() && !required)('a space on Slurm', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mugi-slurm-store-'));
  const cluster = new Cluster(2);
  let local = '';

  const mugi = (args: readonly string[]): Promise<{ status: number | null; out: string; said: string }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, ['bin/mugi.js', ...args], { env: cluster.env });
      let [out, said] = ['', ''];
      child.stdout.on('data', (data) => (out += data));
      child.stderr.on('data', (data) => (said += data));
      child.on('close', (status) => resolve({ status, out, said }));
    });
  const run = (args: readonly string[]) => mugi([...SPACE, ...args]);
  const onSlurm = (store: string) =>
    run(['--store', join(folder, store), '--slurm', '--shards', '4', '--json']);
  const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const parts = (store: string): string[] =>
    readdirSync(join(folder, store)).filter((name) => /-\d+-\d+\.parquet$/.test(name));
  const running = async (name: string): Promise<void> => {
    for (let tries = 0; tries < 600; tries++) {
      if (cluster.ask('squeue', ['-h', '-t', 'RUNNING', '-n', name, '-o', '%i']).trim() !== '') return;
      await wait(100);
    }
    throw new Error('no task runs');
  };

  beforeAll(async () => {
    await cluster.start();
    local = (await run(['--json'])).out;
  }, 180_000);
  afterAll(() => {
    cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** How long a run takes on this machine, ms. */
  let usual = 0;

  it('has the result of a local run', async () => {
    const begun = performance.now();
    const { status, out, said } = await onSlurm('whole');
    usual = performance.now() - begun;
    expect(said).toMatch(/submitted job \d+: \d shards/);
    expect(status).toBe(0);
    expect(out).toBe(local);
    expect(new Set(parts('whole')).size).toBe(parts('whole').length);
  }, 600_000);

  it('sends killed tasks again, which Slurm does not', async () => {
    const next = random(3);
    // MUGI_KILLS=200 strikes longer, in as many runs as it takes.
    const kills = Number(process.env.MUGI_KILLS ?? 2);
    let [struck, resent] = [0, 0];
    for (let store = 0; struck < kills; store++) {
      const run = { over: false, strikes: 0 };
      const following = onSlurm(`tasks-${store}`).finally(() => {
        run.over = true;
      });
      while (!run.over && struck < kills && run.strikes < A_RUN) {
        await wait(200 + (usual / 3) * next());
        if (cluster.strike('mugi-explore', next()) === 0) continue;
        run.strikes++;
        struck++;
      }
      const { status, out, said } = await following;
      if (said.includes('were lost on Slurm; sent again')) resent++;
      expect(status).toBe(0);
      expect(out).toBe(local);
      expect(new Set(parts(`tasks-${store}`)).size).toBe(parts(`tasks-${store}`).length);
      if (kills > A_RUN) console.log(`${struck} of ${kills} tasks killed, in ${store + 1} runs`);
    }
    expect(resent).toBeGreaterThan(0);
  }, 3_600_000);

  it('outlives a kill of the controller', async () => {
    // Others hold the nodes, so that the job waits; a controller writes its queue down every five seconds.
    cluster.ask('sbatch', ['--array=1-4', '--output=/dev/null', '--wrap', 'sleep 9']);
    const following = onSlurm('controller');
    await wait(8000);
    await cluster.kill('slurmctld');
    await wait(1500);
    cluster.startController();
    const { status, out } = await following;
    expect(status).toBe(0);
    expect(out).toBe(local);
  }, 600_000);

  it('outlives the loss of a node', async () => {
    const following = onSlurm('node');
    await running('mugi-explore');
    await wait(1000);
    const killed = await cluster.lose('node1');
    // A node that comes back says which jobs it knows: another is lost if it began longer ago than BatchStartTimeout and
    // MessageTimeout together (20 s), and begins again two minutes later.
    await wait(25_000);
    cluster.startNode('node1');
    const { status, out } = await following;
    expect(killed).toBeGreaterThan(0);
    expect(status).toBe(0);
    expect(out).toBe(local);
    expect(new Set(parts('node')).size).toBe(parts('node').length);
  }, 900_000);

  it('runs a list of commands, and sends killed ones again', async () => {
    const text = readFileSync('CONTRIBUTING.md', 'utf8');
    const texts = [text.slice(0, 6000), text.slice(3000, 9000)].map((part, i) => {
      const path = join(folder, `text-${i}.txt`);
      writeFileSync(path, part);
      return path;
    });
    const list = `accuracy --method vlp --windows default --block 64 --tokens {512,576} --text {${texts.join()}}`;
    const jobs = (args: readonly string[]) => mugi(['jobs', '--command', list, '--json', ...args]);
    const alone = await jobs([]);
    expect(alone.status).toBe(0);
    const following = jobs(['--store', join(folder, 'jobs'), '--slurm', '--shards', '4']);
    await running('mugi-jobs');
    await wait(1000);
    expect(cluster.strike('mugi-jobs', 0)).toBeGreaterThan(0);
    const { status, out, said } = await following;
    expect(said).toContain('were lost on Slurm; sent again');
    expect(status).toBe(0);
    expect(out).toBe(alone.out);
    for (let tries = 0; tries < 600 && !readdirSync(join(folder, 'jobs')).includes('merged.json'); tries++)
      await wait(200);
    expect(JSON.parse(readFileSync(join(folder, 'jobs', 'merged.json'), 'utf8'))).toEqual(
      JSON.parse(alone.out),
    );
  }, 600_000);

  it('merges by a job of its own', async () => {
    for (
      let tries = 0;
      tries < 600 && !readdirSync(join(folder, 'whole')).includes('result.parquet');
      tries++
    )
      await wait(200);
    const shown = await new Promise<string>((resolve) => {
      const child = spawn(process.execPath, [
        'bin/mugi.js',
        'explore',
        'show',
        join(folder, 'whole/result.parquet'),
        '--json',
      ]);
      let out = '';
      child.stdout.on('data', (data) => (out += data));
      child.on('close', () => resolve(out));
    });
    expect(shown).toBe(local);
    expect(readFileSync(join(folder, 'whole', 'result.parquet')).length).toBeGreaterThan(1000);
  }, 300_000);
});
