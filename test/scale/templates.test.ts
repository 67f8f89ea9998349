import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const required = process.env.MUGI_REQUIRE_TOOLS === '1';
const parallelThere = required || existsSync('/usr/bin/parallel');
if (!parallelThere) console.warn('skipped: GNU parallel is not installed');

/** Shards in the place of the 64 of the templates, and of two parts of the space. */
const SHARDS = 2;
const SPACE = `model: llama-3.2-1b
vary: { height: 64..256:64, 'sram.*': 16..256, mesh: [1x1, 2x2], batch: 1..8, dramBandwidth: 64..512 }
within: area_mm2 <= 8
`;

const folder = mkdtempSync(join(tmpdir(), 'mugi-templates-'));
const bin = join(folder, 'bin');
mkdirSync(bin);
writeFileSync(join(bin, 'mugi'), `#!/bin/sh\nexec '${process.execPath}' '${resolve('bin/mugi.js')}' "$@"\n`);
chmodSync(join(bin, 'mugi'), 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The template of a scheduler as docs/explore.md shows it, for fewer shards. */
function templateOf(scheduler: string): string {
  const row = new RegExp(`^\\| ${scheduler} \\| (.*) \\|$`, 'm').exec(
    readFileSync('docs/explore.md', 'utf8'),
  );
  return row![1]!.replaceAll('64', String(SHARDS));
}

/** A line of a shell in a folder of its own, which holds the space. */
function shell(name: string, line: string, variables: Record<string, string> = {}): Promise<string> {
  const cwd = join(folder, name);
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'space.yaml'), SPACE);
  return new Promise((done, failed) => {
    const env = { ...process.env, ...variables, PATH: `${bin}:${process.env.PATH}` };
    const child = spawn('/bin/sh', ['-c', line], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, said] = ['', ''];
    child.stdout.on('data', (data) => (out += data));
    child.stderr.on('data', (data) => (said += data));
    child.on('close', (status) => (status === 0 ? done(out) : failed(new Error(said))));
  });
}

const TASKS = Array.from({ length: SHARDS }, (_, i) => i);

describe('templates of schedulers', { timeout: 300_000 }, () => {
  let local = '';
  beforeAll(async () => {
    local = await shell('local', 'mugi explore space.yaml --json');
  }, 120_000);
  const merged = async (name: string): Promise<void> =>
    expect(await shell(name, 'mugi explore space.yaml --store points --merge --json')).toBe(local);

  it.skipIf(!parallelThere)('GNU parallel runs all shards', async () => {
    const [, line] = /^`(parallel .*)`$/.exec(templateOf('GNU parallel'))!;
    await shell('parallel', line!);
    await merged('parallel');
  });

  it("LSF: the command of a task, with the scheduler's index", async () => {
    const [, line] = /bsub -J "explore\[1-2\]" '([^']*)'/.exec(templateOf('LSF'))!;
    for (const task of TASKS) await shell('lsf', line!, { LSB_JOBINDEX: String(task + 1) });
    await merged('lsf');
  });

  it('Kubernetes: the command of a pod, with the index of an indexed job', async () => {
    const template = templateOf('Kubernetes');
    expect(template).toContain(`\`completions: ${SHARDS}\``);
    const [, shard] = /`(--shard [^`]*)`/.exec(template)!;
    for (const task of TASKS)
      await shell('kubernetes', `mugi explore space.yaml --store points ${shard}`, {
        JOB_COMPLETION_INDEX: String(task),
      });
    await merged('kubernetes');
  });

  it('HTCondor: the arguments of a process, with its macros written out', async () => {
    const template = templateOf('HTCondor');
    expect(template).toContain(`\`queue ${SHARDS}\``);
    expect(template).toContain('`Shard = $(Process) + 1`');
    const [, words] = /`arguments = ([^`]*)`/.exec(template)!;
    for (const process of TASKS)
      await shell('condor', `mugi ${words!.replace('$INT(Shard)', String(process + 1))}`);
    await merged('condor');
  });
});
