import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/main.ts';
import { random } from '../../src/number/random.ts';
import { jobsOf, withOutputs } from '../../src/scale/job-list.ts';
import { commandLine, outputOf } from '../record/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-jobs-'));
const cache = process.env.MUGI_CACHE;
process.env.MUGI_CACHE = join(folder, 'cache');
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  if (cache === undefined) delete process.env.MUGI_CACHE;
  else process.env.MUGI_CACHE = cache;
});
const at = (name: string): string => join(folder, name);
const names = COMMANDS.map(({ name }) => name);
const wordsOf = (...lines: string[]): string[] =>
  jobsOf(lines, names, (line) => `list:${line}`).map(({ words }) => words.join(' '));

describe('a list of jobs', () => {
  it('has one command a line, and all combinations of lists in braces', () => {
    expect(
      wordsOf(
        '# texts',
        '',
        'mugi accuracy --text {a.txt,b.txt} --context {1k..4k}',
        'npx mugi lut exp',
        'lut exp',
      ),
    ).toEqual([
      ...['a.txt', 'b.txt'].flatMap((text) =>
        [1024, 2048, 4096].map((context) => `accuracy --text ${text} --context ${context}`),
      ),
      'lut exp',
    ]);
    expect(wordsOf('synth --height={8,16} --clock {400..800:200}')).toHaveLength(6);
    expect(wordsOf('rtl --out out/node-{8,16}-{a,b}')).toEqual(
      ['8-a', '8-b', '16-a', '16-b'].map((end) => `rtl --out out/node-${end}`),
    );
  });

  it('says what a list put where', () => {
    const [, { varied }] = jobsOf(['lut {exp,silu} --window={-4..3,-5..2}'], names, String);
    expect(varied).toEqual({ 'word 1': 'exp', window: '-5..2' });
    const [job] = jobsOf(['evaluate --design {mugi-8,mugi-16} --batch=2'], names, String);
    expect(job.varied).toEqual({ design: 'mugi-8' });
  });

  it('leaves JSON and other braces as they are', () => {
    for (const word of ['{"base":"sa-16","size":8}', '{x}', '{}'])
      expect(wordsOf(`evaluate --design '${word}'`)).toEqual([`evaluate --design ${word}`]);
  });

  it('knows what its commands write, in either way to say it', () => {
    const writes = (line: string) =>
      jobsOf([line], names, String).map((job) => withOutputs(job, new Set(['--out', '--html'])).writes);
    expect(writes('tune --rows {64,128} --out w.json')).toEqual([['w.json'], ['w.json']]);
    expect(writes('rtl --out=out/{8,16}')).toEqual([['out/8'], ['out/16']]);
    expect(writes('compare --html -')).toEqual([undefined]);
    expect(writes('accuracy --text out.txt')).toEqual([undefined]);
  });

  it.each([
    ['fly --high', 'unknown command of a job "fly"'],
    ["lut 'exp", 'a quote is not closed'],
    ['lut exp --json', '--json has no place in a job'],
    ['evaluate --batch {8..1}', 'ends below its beginning'],
    ['evaluate --batch {1..9999:1} --context {1..9999:1}', 'too many jobs'],
    ['rtl --out x{1..9999:1}{1..9999:1}', 'too many jobs'],
    ['# nothing', 'the list holds no command'],
  ])('refuses "%s"', (line, message) => {
    expect(() => wordsOf(line)).toThrow(message);
  });

  it('names the line of a mistake', () => {
    expect(() => wordsOf('lut exp', 'lot exp')).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ path: 'list:2', nearest: 'lut' }) }),
    );
  });
});

const LINE = 'evaluate --design {mugi-64,sa-16} --model llama-2-7b --context {256,512,1024}';
interface Merged {
  jobs: { command: string; varied: object; result?: Record<string, unknown>; error?: { message: string } }[];
}

/** `mugi jobs` as a user runs it. */
const start = (...args: string[]): ChildProcess =>
  spawn(process.execPath, ['bin/mugi.js', 'jobs', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
const ended = (child: ChildProcess): Promise<{ status: number | null; out: string; said: string }> =>
  new Promise((resolve) => {
    let [out, said] = ['', ''];
    child.stdout!.on('data', (data) => (out += data));
    child.stderr!.on('data', (data) => (said += data));
    child.on('close', (status) => resolve({ status, out, said }));
  });
const jobs = (...args: string[]) => ended(start(...args));

describe('mugi jobs', () => {
  let whole = '';
  beforeAll(async () => {
    ({ out: whole } = await jobs('--command', LINE, '--json'));
  }, 120_000);

  it('has the results of its commands', async () => {
    const { jobs: all } = JSON.parse(whole) as Merged;
    expect(all).toHaveLength(6);
    const run = await commandLine(process.cwd());
    for (const { command, result } of all)
      expect(result).toEqual(JSON.parse(await outputOf(run, [...command.split(' ').slice(1), '--json'])));
    // What was kept for this run is gone with it.
    expect(readdirSync(at('cache')).filter((name) => name.startsWith('jobs-'))).toEqual([]);
  });

  it('is the same in shards, in any order, and merges when all are there', async () => {
    const store = ['--command', LINE, '--store', at('shards')];
    const second = await jobs(...store, '--shard', '2/2', '--json');
    expect(second).toMatchObject({ status: 0, out: '' });
    expect(second.said).toContain('shard 2 of 2 is done; 3 jobs are left to others');
    const early = await jobs(...store, '--merge', '--json');
    expect(early.status).toBe(1);
    expect(early.said).toContain('3 of 6 jobs have no result');
    expect((await jobs(...store, '--shard', '1/2', '--json')).out).toBe(whole);
    const merged = await jobs(...store, '--merge', '--json', '--out', at('merged.json'));
    expect(merged.out).toBe(whole);
    expect(JSON.parse(readFileSync(at('merged.json'), 'utf8'))).toEqual(JSON.parse(whole));
    expect((await jobs(...store, '--json')).said).toContain('resuming: 6 of 6 jobs have their results');
  }, 120_000);

  it('shows rows behind what varies, as a table and as CSV', async () => {
    const store = ['--command', LINE, '--store', at('shards'), '--merge'];
    const [header, ...rows] = (await jobs(...store, '--csv')).out.trim().split('\n');
    expect(header).toMatch(/^job_design,job_context,mugi,/);
    expect(rows).toHaveLength(6);
    const { out } = await jobs(...store);
    expect(out).toContain('6 jobs, 6 with a result');
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  }, 60_000);

  it('keeps mistakes as data, ends with 1, and tries them again', async () => {
    const list = at('list.txt');
    writeFileSync(list, `evaluate --context 256\nevaluate --design ${at('own.yaml')}\n`);
    const failed = await jobs(list, '--store', at('failed'), '--json');
    expect(failed.status).toBe(1);
    const { jobs: all } = JSON.parse(failed.out) as Merged;
    expect(all.map((job) => Object.keys(job).at(-1))).toEqual(['result', 'error']);
    expect(all[1].error).toMatchObject({ code: 'missing-file', path: at('own.yaml') });
    expect(failed.said).toContain('there is no such design file');
    writeFileSync(at('own.yaml'), 'base: mugi-128\n');
    const again = await jobs(list, '--store', at('failed'), '--json');
    expect(again).toMatchObject({ status: 0 });
    expect(again.said).toContain('resuming: 1 of 2');
    // A file with something else in it is something else to do.
    writeFileSync(at('own.yaml'), 'base: mugi-64\n');
    const changed = JSON.parse((await jobs(list, '--store', at('failed'), '--json')).out) as Merged;
    expect(changed.jobs[1].result).not.toEqual((JSON.parse(again.out) as Merged).jobs[1].result);
  }, 120_000);

  it('prints the same after kills at random moments, and leaves no job running', async () => {
    const next = random(7);
    const kills = Number(process.env.MUGI_KILLS ?? 3);
    let [store, struck, took] = [0, 0, 4300];
    const args = (): string[] => [
      '--command',
      LINE,
      '--store',
      at(`killed-${store}`),
      '--threads',
      '2',
      '--json',
    ];
    for (let kill = 0; kill < kills; kill++) {
      const begun = performance.now();
      const child = start(...args());
      const timer = setTimeout(() => child.kill('SIGKILL'), (0.07 + 0.93 * next()) * took);
      const { status, out } = await ended(child);
      clearTimeout(timer);
      if (status === null) {
        struck++;
        continue;
      }
      expect(out).toBe(whole);
      store++;
      // A fast machine outruns a late kill.
      took = performance.now() - begun;
    }
    expect(struck).toBeGreaterThan(0);
    expect((await jobs(...args())).out).toBe(whole);
    const left = existsSync(at(`killed-${store}`)) ? readdirSync(at(`killed-${store}`)) : [];
    expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  }, 3_600_000);

  it('takes what a killed job had finished on from there', async () => {
    writeFileSync(at('text.txt'), readFileSync('LICENSE', 'utf8').slice(0, 6000));
    const line = `accuracy --text ${at('text.txt')} --tokens all --block 64 --method exact,vlp --windows default`;
    const one = await jobs('--command', line, '--json');
    const child = start('--command', line, '--store', at('accuracy'), '--json');
    setTimeout(() => child.kill('SIGKILL'), 2500);
    await ended(child);
    const { out, status } = await jobs('--command', line, '--store', at('accuracy'), '--json');
    expect(status).toBe(0);
    expect(out).toBe(one.out);
  }, 240_000);

  it('synthesises, a row each with timing', async () => {
    // The second takes the gates of the first.
    const line = 'synth --design sa-2 --wire {1,2} --no-switching';
    const store = ['--command', line, '--store', at('synth')];
    const { status, out } = await jobs(...store, '--threads', '1', '--json');
    expect(status).toBe(0);
    const all = (JSON.parse(out) as Merged).jobs;
    expect(all.map(({ varied }) => varied)).toEqual([{ wire: '1' }, { wire: '2' }]);
    const [header, ...rows] = (await jobs(...store, '--merge', '--csv')).out.trim().split('\n');
    expect(header!.split(',')).toEqual(expect.arrayContaining(['area_mm2', 'timing.frequency_MHz']));
    expect(rows).toHaveLength(2);
    rows.forEach((row, i) => expect(row).toContain(`,${String(all[i]!.result!.area_mm2)},`));
  }, 900_000);

  it('tunes windows into files of its own, and does again what is missing of them', async () => {
    const list = at('tune.txt');
    const [first, second] = [64, 128].map((rows) => at(`tuned-${rows}.json`)) as [string, string];
    const words = 'tune --tokens 256 --calibration-tokens 512 --block 64';
    writeFileSync(list, `${words} --rows 64 --out ${first}\n${words} --rows 128 --out=${second}\n`);
    const store = [list, '--store', at('tune')];
    const { status, out } = await jobs(...store, '--json');
    expect(status).toBe(0);
    const windows = readFileSync(second, 'utf8');
    // What a job has written does not make it another job.
    expect(await jobs(...store, '--merge', '--json')).toMatchObject({ status: 0, out });
    rmSync(second);
    expect((await jobs(...store, '--merge')).said).toContain('1 of 2 jobs have no result');
    const again = await jobs(...store, '--json');
    expect(again.said).toContain('resuming: 1 of 2');
    expect(again.out).toBe(out);
    expect(readFileSync(second, 'utf8')).toBe(windows);
    const [header] = (await jobs(...store, '--csv')).out.split('\n');
    expect(header!.split(',')).toEqual(expect.arrayContaining(['accuracy.loss', 'accuracy.loss_ci95']));
    // What another job wrote is what this one reads: changed windows are another question.
    const read = [
      '--command',
      `lut silu --layer 0 --windows {${first},${second}}`,
      '--store',
      at('read'),
      '--json',
    ];
    expect((await jobs(...read)).status).toBe(0);
    writeFileSync(first, `${readFileSync(first, 'utf8')} `);
    expect((await jobs(...read)).said).toContain('resuming: 1 of 2');
  }, 900_000);

  it.each([
    [['--command', LINE, '--merge'], '--merge needs --store'],
    [['--command', LINE, '--store', 'x', '--shard', '3/2'], '--shard names no shard'],
    [['--command', LINE, '--store', 'x', '--slurm', '--shard', '1/2'], '--shard is what --slurm gives'],
    [['--command', LINE, '--store', 'x', '--slurm', '--merge'], '--merge runs nothing'],
    [['list.txt', '--command', LINE], '--command and a file both list jobs'],
    [['--command', 'serve --jsonl'], 'unknown command of a job "serve"'],
    [['--command', 'jobs --command x'], 'unknown command of a job "jobs"'],
    [['absent.txt'], 'there is no such list of jobs'],
    [[], 'the list holds no command'],
  ])('refuses %s', async (args, message) => {
    await expect(outputOf(await commandLine(process.cwd()), ['jobs', ...args])).rejects.toThrow(message);
    expect(existsSync('x')).toBe(false);
  });
});
