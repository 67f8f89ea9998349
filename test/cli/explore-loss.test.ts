import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandLine, outputOf } from '../record/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-loss-'));
const cache = process.env.MUGI_CACHE;
beforeAll(() => {
  process.env.MUGI_CACHE = join(folder, 'cache');
});
afterAll(() => {
  if (cache === undefined) delete process.env.MUGI_CACHE;
  else process.env.MUGI_CACHE = cache;
  rmSync(folder, { recursive: true, force: true });
});
const at = (name: string): string => join(folder, name);
const mugi = async (...args: string[]): Promise<string> => outputOf(await commandLine(process.cwd()), args);

interface Found {
  exact: boolean;
  evaluated: number;
  objectives: { metric: string }[];
  within: { constraint: string; count: number }[];
  loss: {
    model: string;
    spent: number;
    targets: number;
    arithmetics: {
      arithmetic: string;
      standing: string;
      points: number;
      targets: number;
      loss_increase: number | null;
    }[];
  };
  sensitivity: {
    parameter: string;
    loss: { targets: number; mean: number[]; span: number; span_ci95: number };
  }[];
  front: {
    point: number;
    loss_increase: number;
    loss_increase_ci95: number;
    accuracy_command: string;
    area_mm2: number;
    parameters: Record<string, unknown>;
  }[];
}

const SPACE = [
  '--model',
  'llama-3.2-1b',
  '--vary',
  'lut-exponents=8,12,row-sum=bf16,bf16-cascade,sram.input=16,64',
];
const SHORT = ['--loss-tokens', '600'];

describe('mugi explore with a measured loss', () => {
  it('prints losses with their intervals, those of mugi accuracy in every bit', {
    timeout: 600_000,
  }, async () => {
    const command = ['explore', ...SPACE, '--minimise', 'loss,area', ...SHORT];
    const text = await mugi(...command, '--json', '--parquet', at('result.parquet'));
    const found = JSON.parse(text) as Found;
    expect(found).toMatchObject({ exact: true, evaluated: 8, loss: { model: 'mugi-tiny' } });
    expect(found.objectives.at(-1)).toMatchObject({ metric: 'loss_increase', measured: true });
    // Memories compute nothing: eight designs, four arithmetics.
    expect(found.loss.arithmetics.map(({ points }) => points)).toEqual([2, 2, 2, 2]);
    for (const one of found.front) {
      expect(one.loss_increase_ci95).toBeGreaterThan(0);
      expect(one.accuracy_command).toMatch(
        /^mugi accuracy --design '\{"base":"mugi-256",.*--method vlp --tokens 600$/,
      );
    }
    const [one] = found.front;
    const file = at('design.yaml');
    const { lut_exponents: exponents, row_sum: sum } = one!.parameters;
    writeFileSync(file, `base: mugi-256\nlut_exponents: ${String(exponents)}\nrow_sum: ${String(sum)}\n`);
    const accuracy = await mugi('accuracy', '--design', file, '--method', 'vlp', '--tokens', '600', '--json');
    const [row] = JSON.parse(accuracy) as { over_stored: number; over_stored_ci95: number; tokens: number }[];
    expect([one!.loss_increase, one!.loss_increase_ci95]).toEqual([row!.over_stored, row!.over_stored_ci95]);
    expect(row!.tokens).toBe(found.loss.targets);
    expect(await mugi('explore', 'show', at('result.parquet'), '--json')).toBe(text);
    // What is measured is kept, and the seed of the order does not change a whole measurement.
    const again = JSON.parse(await mugi(...command, '--json', '--loss-seed', '7')) as Found;
    expect(again.front).toEqual(found.front);
    // Memories move no loss, for certain; the means of the others are those of the arithmetics that have each value.
    const sensitivity = new Map(found.sensitivity.map(({ parameter, loss }) => [parameter, loss]));
    expect(sensitivity.get('sram.input')).toMatchObject({ span: 0, span_ci95: 0 });
    const { mean, span, span_ci95, targets } = sensitivity.get('lut_exponents')!;
    expect(targets).toBe(found.loss.targets);
    const meanOf = (exponents: number): number => {
      const own = found.loss.arithmetics.filter((one) => one.arithmetic.includes(`${exponents} exponents`));
      return own.reduce((sum, { loss_increase: loss }) => sum + loss!, 0) / own.length;
    };
    expect(mean.map((one) => one.toFixed(12))).toEqual([8, 12].map((one) => meanOf(one).toFixed(12)));
    expect(span).toBeCloseTo(Math.abs(mean[0]! - mean[1]!), 12);
    expect(span_ci95).toBeGreaterThan(0);
    await mugi('explore', 'show', at('result.parquet'), '--plots', at('plots'));
    expect(readdirSync(at('plots')).sort()).toEqual(
      ['front-loss', 'parallel', 'sensitivity-loss', 'sensitivity'].map((name) => `${name}.svg`),
    );
    const table = await mugi(...command);
    expect(table).toMatch(/lut_exponents\s+\d[\d.]* ± \d/);
    expect(table).toMatch(/loss above the stored mugi-tiny on \d+ targets of its\s+embedded text/);
    expect(table).toMatch(/\d\.\d+ ± \d\.\d+/);
  });

  it('keeps a budget, and then calls nothing exact', { timeout: 600_000 }, async () => {
    const command = [
      'explore',
      ...SPACE,
      '--minimise',
      'loss,area',
      ...SHORT,
      '--loss-budget',
      '700',
      '--json',
    ];
    const found = JSON.parse(await mugi(...command)) as Found;
    expect(found.exact).toBe(false);
    expect(found.loss.spent).toBeLessThanOrEqual(700);
    const cut = found.loss.arithmetics.filter(({ standing }) => standing === 'cut');
    expect(cut.length).toBe(3);
    expect(cut[0]!.loss_increase).toBe(null);
    const table = await mugi(...command.slice(0, -1));
    expect(table.replaceAll(/\s+/g, ' ')).toContain('3 arithmetics not measured to the end, for the budget');
    // Of one arithmetic no parameter shows what it does.
    expect(table).toMatch(/lut_exponents\s+–/);
  });

  it('bounds the loss, and says what is nearest where nothing keeps it', { timeout: 600_000 }, async () => {
    const found = JSON.parse(
      await mugi('explore', ...SPACE, '--within', 'loss<=1', '--minimise', 'area', ...SHORT, '--json'),
    ) as Found;
    expect(found.within).toEqual([{ constraint: 'loss<=1', count: 0, alone: 0 }]);
    expect(found.front.every(({ loss_increase }) => loss_increase < 1)).toBe(true);
    const none = await mugi('explore', ...SPACE, '--within', 'loss<=-1', '--minimise', 'area', ...SHORT);
    expect(none).toContain('loss<=-1 leaves out 8 of 8 that keep all other bounds');
    expect(none).toMatch(/nothing keeps all bounds; nearest is point \d: [^]*?\n\s+with loss_increase \d/);
  });

  it('looks for little loss also where it searches', { timeout: 600_000 }, async () => {
    const found = JSON.parse(
      await mugi('explore', ...SPACE, '--minimise', 'loss,area', ...SHORT, '--budget', '8', '--json'),
    ) as Found;
    expect(found.exact).toBe(true);
    expect(found.loss.arithmetics.length).toBe(4);
  });

  it('varies the source of windows, which costs nothing', { timeout: 600_000 }, async () => {
    const { front, loss } = JSON.parse(
      await mugi('explore', '--vary', 'windows=auto,default', '--minimise', 'loss,area', ...SHORT, '--json'),
    ) as Found;
    expect(loss.arithmetics.map(({ arithmetic }) => arithmetic.split('; ').at(-1))).toEqual([
      'windows auto',
      'windows default',
    ]);
    expect(new Set(front.map(({ area_mm2 }) => area_mm2)).size).toBe(1);
  });

  it('goes on behind a kill, to the same bits', { timeout: 900_000 }, async () => {
    const args = 'explore --vary sram.input=16,64 --minimise loss,area --loss-tokens 1500 --json'.split(' ');
    const own = at('killed');
    const run = (killed: boolean): Promise<string> =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, ['bin/mugi.js', ...args], {
          env: { ...process.env, MUGI_CACHE: own },
        });
        let out = '';
        child.stdout.on('data', (data: Buffer) => (out += data.toString()));
        const timer = setInterval(() => {
          // Two states are written: of the stored model and of an arithmetic, of one batch.
          const states = readdirSync(folder).includes('killed') ? readdirSync(own).length : 0;
          if (killed && states >= 2) child.kill('SIGKILL');
        }, 20);
        child.on('error', reject);
        child.on('exit', () => {
          clearInterval(timer);
          resolve(out);
        });
      });
    expect(await run(true)).toBe('');
    const resumed = await run(false);
    rmSync(own, { recursive: true });
    expect(resumed).toBe(await run(false));
    expect((JSON.parse(resumed) as Found).loss.spent).toBeGreaterThan(1000);
  });

  it.each([
    [['--minimise', 'loss'], /the loss alone leaves all designs on the front/],
    [['--maximise', 'loss,tokens_per_s'], /the loss is minimised/],
    [['--minimise', 'loss,area', '--weight-bits', '8'], /measured at 4 bits/],
    [['--vary', 'kvBits=4,8', '--minimise', 'loss,area'], /measured at 4 bits/],
    [['--minimise', 'loss,area', '--without', 'sums'], /whole preset/],
    [['--vary', 'windows=auto', '--minimise', 'area'], /"windows" changes the loss alone/],
    [['--vary', 'windows=wide', '--minimise', 'loss,area'], /windows are chosen by a pass/],
    [['--minimise', 'area', '--loss-tokens', '100'], /--loss-tokens: "loss" would change nothing/],
    [['--minimise', 'area', '--fresh'], /--fresh forgets measured losses/],
    [['--within', 'loss>=1'], /a bound on the loss is an upper one/],
    [['--minimise', 'loss,area', '--loss-tokens', '10'], /--loss-tokens: 10 targets are one block/],
    [['--minimise', 'loss,area', '--loss-model', 'nowhere'], /nowhere/],
    [['--minimise', 'loss,area', '--loss-model', 'vit-mnist-gelu'], /--loss-model: .*reads images/],
    [['--minimise', 'loss,area', '--loss-text', 'nowhere.txt'], /nowhere\.txt/],
    [['--minimise', 'loss,area', '--loss-budget', '5'], /--loss-budget: a budget of 5 targets/],
  ])('%j is refused', async (args, message) => {
    await expect(mugi('explore', ...args)).rejects.toThrow(message);
  });
});
