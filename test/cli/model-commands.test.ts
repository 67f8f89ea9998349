import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { notesOf } from './json-lines.ts';

const bin = fileURLToPath(new URL('../../bin/mugi.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mugi-cli-'));
const env = { ...process.env, MUGI_CACHE: join(folder, 'cache') };

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function mugi(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

describe('mugi accuracy', () => {
  it('prints the rows that scripts rely on', () => {
    const options = '--windows default --weights int4 --kv int4 --group 64 --json'.split(' ');
    const { status, stdout } = mugi(
      'accuracy',
      '--tokens',
      '256',
      '--method',
      'vlp,pwl,taylor,pa,exact',
      ...options,
    );
    expect(status).toBe(0);
    const all = JSON.parse(stdout) as Record<string, unknown>[];
    const rows = all.filter(({ part }) => part === 'all');
    expect(rows.map((row) => row['method'])).toEqual(['vlp', 'pwl', 'taylor', 'pa', 'exact']);
    const parts = all.filter(({ part }) => part !== 'all');
    expect(parts.map(({ part }) => part)).toEqual([
      'functions',
      'weights',
      'head',
      'kv',
      'activations',
      'sums',
    ]);
    expect(parts[0]).toMatchObject({
      method: 'vlp',
      weights: 'stored',
      kv: 'fp32',
      sums: 'exact, softmax fp32',
    });
    expect(parts[5]['loss']).toBe(rows[0]['loss']);
    for (const row of rows) {
      expect(row).toMatchObject({
        weights: 'int4',
        head: 'int4',
        kv: 'int4',
        group: 64,
        tokens: 256,
        activations: 'bf16',
      });
      expect(row['sums']).toBe('bf16 chains of 256, softmax bf16-cascade');
      expect(Number.isFinite(row['over_stored'])).toBe(true);
      for (const key of ['loss', 'perplexity', 'kl', 'top1_agreement', 'clamped_share']) {
        expect(Number.isFinite(row[key])).toBe(true);
      }
      expect(row).toHaveProperty('loss_ci95');
      expect(row['perplexity']).toBeCloseTo(Math.exp(row['loss'] as number), 6);
    }
  });

  it('goes on after a kill', async () => {
    const args = ['accuracy', '--tokens', '4000', '--method', 'exact', '--json'];
    const child = spawn(process.execPath, [bin, ...args], { env, stdio: 'ignore' });
    const cache = join(folder, 'cache');
    const { readdirSync } = await import('node:fs');
    const held = () => (existsSync(cache) ? readdirSync(cache).filter((name) => name.endsWith('.json')) : []);
    const finished = () => {
      const [name] = held();
      if (name === undefined) return 0;
      return Object.keys((JSON.parse(readFileSync(join(cache, name), 'utf8')) as { units: object }).units)
        .length;
    };
    while (finished() < 2 && child.exitCode === null) await new Promise((r) => setTimeout(r, 20));
    child.kill('SIGKILL');
    await new Promise((r) => child.once('exit', r));
    const kept = finished();
    expect(kept).toBeGreaterThanOrEqual(2);
    const resumed = mugi(...args);
    expect(resumed.stderr).toContain(`resuming: ${kept} batches`);
    expect(resumed.status).toBe(0);
    expect(held()).toEqual([]);
  });

  it('reads PNG folders for a ViT, and says what is wrong with images', () => {
    const images = join(folder, 'images');
    for (const label of ['0', '7']) {
      mkdirSync(join(images, label), { recursive: true });
      for (let i = 0; i < 4; i++) {
        const data = Uint8Array.from(
          { length: 784 },
          (_, p) => (p * (i + 3) * (label === '7' ? 5 : 1)) % 256,
        );
        writeFileSync(
          join(images, label, `${i}.png`),
          encode({ width: 28, height: 28, data, channels: 1, depth: 8 }),
        );
      }
    }
    const flags = '--model vit-mnist-gelu --json --method vlp,exact'.split(' ');
    const good = mugi('accuracy', '--images', images, ...flags);
    expect(notesOf(good.stderr)).toEqual([
      'calibration: windows chosen on 1 targets; the choice had not settled',
    ]);
    expect((JSON.parse(good.stdout) as { tokens: number }[])[0].tokens).toBe(7);
    writeFileSync(
      join(images, '0', 'small.png'),
      encode({ width: 4, height: 4, data: new Uint8Array(16), channels: 1, depth: 8 }),
    );
    const wrong = mugi('accuracy', '--model', 'vit-mnist-gelu', '--images', images);
    expect(wrong.status).toBe(1);
    expect(wrong.stderr).toMatch(/small\.png: the images do not have the size.*\n.*28 × 28/);
    expect(mugi('accuracy', '--model', 'vit-mnist-gelu').stderr).toMatch(/needs images/);
  });

  it('keeps a row of one block apart from ties, and prints rows whose plot finds no room', () => {
    const args = ['--tokens', '256', '--method', 'exact'];
    const { stdout } = mugi('accuracy', ...args);
    expect(stdout).toMatch(/exact .* one block/);
    expect(stdout).not.toContain('Infinity');
    // A device that is always full: the plot is written into it, not over it.
    const plot = join(folder, 'full.svg');
    if (!existsSync('/dev/full')) return;
    symlinkSync('/dev/full', plot);
    const failed = mugi('accuracy', ...args, '--plot', plot);
    expect(failed.status).toBe(1);
    expect(failed.stdout).toBe(stdout);
    expect(failed.stderr).toMatch(/^mugi: .*full\.svg: cannot write the file \(ENOSPC\)/);
  });

  it.each([
    [['--method', 'vpl'], /unknown method "vpl"[^]*did you mean: vlp/],
    [['--weights', 'int8'], /unknown value of --weights "int8"/],
    [['--tokens', '-3'], /--tokens must be a whole number/],
    [['--model', 'mugi-tinny'], /no such model[^]*did you mean: mugi-tiny/],
    [['--text', 'nowhere.txt'], /no such text file/],
    [['--text', folder], /this is a folder, not a text file/],
    [['--text', file('empty.txt', '')], /empty\.txt: the text yields no tokens/],
    [['--calibration', file('none.txt', '')], /none\.txt: the text yields no tokens/],
    [['--text', file('short.txt', 'hi')], /short\.txt: .*share it[^]*a separate --calibration/],
    [['--text', file('bytes.txt', Uint8Array.of(0xff, 0xfe))], /not UTF-8 text/],
    [['--plot', 'x.pdf'], /as \.svg, \.png or \.json/],
    [['--plot', join(folder, 'empty.txt', 'x.svg')], /empty\.txt is not a folder/],
    [['--tokens', '0'], /^mugi: --tokens must be a whole number/],
    [['--windows', 'nowhere.json'], /no such window file/],
    [['--block', '100000'], /--block must be a whole number from 4 to 256/],
    [['--model', 'mugi-tiny-gelu', '--method', 'pa'], /pa replaces SiLU only/],
  ])('refuses %j in one message', (args, message) => {
    const { status, stderr } = mugi('accuracy', ...args);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/ at .*\.ts:/);
  });
});

it.each([
  [['tune', '--out', folder], /it is a folder/],
  [['tune', '--out', '-'], /cannot be written to standard output/],
  [['mask', '--shift', '1e9'], /did you mean: 4096/],
  [['generate', '--prompt', 'hi', '--max-tokens', '0'], /^mugi: --max-tokens must be/],
  [['generate', '--prompt', 'hi', '--seed', '-1'], /^mugi: --seed must be/],
  [['generate', '--prompt', 'hi', '--group', '0'], /^mugi: --group must be/],
  [
    ['generate', '--prompt', 'hi', '--method', 'exact', '--windows', 'default'],
    /^mugi: --windows has no effect/,
  ],
  [
    ['generate', '--prompt', 'hi', '--windows', 'default', '--lut-size', '9'],
    /^mugi: --lut-size has no effect/,
  ],
  [['generate', '--prompt', 'hi', '--windows', 'default', '--text', 'x'], /^mugi: --text has no effect/],
  [['generate', '--prompt', 'hi', '--seed', '7'], /^mugi: --seed has no effect: at temperature 0/],
  [
    ['accuracy', '--method', 'pwl,exact', '--mantissa', '4'],
    /^mugi: --mantissa has no effect: .*pwl, exact have/,
  ],
  [['accuracy', '--method', 'pwl', '--rows', '8'], /^mugi: --rows has no effect/],
  [['accuracy', '--method', 'taylor', '--mode', 'paper'], /^mugi: --mode has no effect/],
  [
    ['generate', '--prompt', 'hi', '--model', 'vit-mnist-gelu'],
    /^mugi: --model: a vit model does not generate text[^]*llama/,
  ],
  [['paper', 'table3', '--model', 'mugi-tiny'], /table3 runs no model[^]*fig4, fig6, fig7/],
  [['profile', '--plot', 'x.gif'], /as \.svg, \.png or \.json/],
])('mugi %j is refused before any work, in one message', (args, message) => {
  const { status, stdout, stderr } = mugi(...args);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/ at .*\.ts:/);
});

it('mugi profile says per layer where inputs lie, and draws it', () => {
  const plot = join(folder, 'profile.svg');
  const { stdout } = mugi('profile', '--tokens', '256', '--plot', plot);
  const rows = stdout.split('\n').filter((line) => /^ (softmax|silu) /.test(line));
  expect(rows).toHaveLength(8);
  for (const row of rows) {
    const [inside, below, above, zero] = [...row.matchAll(/([\d.]+) %/g)].map(([, share]) => Number(share));
    expect(inside! + below! + above! + zero!).toBeCloseTo(100, 1);
  }
  expect(readFileSync(plot, 'utf8')).toContain('softmax: exponents');
});

it('mugi generate repeats itself, and VLP with full windows writes nearly what the exact functions write', () => {
  const text = (...args: string[]) =>
    (
      JSON.parse(
        mugi(
          ...'generate --arithmetic stored --max-tokens 12 --json --prompt'.split(' '),
          'The whale',
          ...args,
        ).stdout,
      ) as { ids: number[] }
    ).ids;
  const exact = text('--method', 'exact');
  expect(exact).toHaveLength(12);
  expect(text('--method', 'exact')).toEqual(exact);
  expect(text('--windows', 'default').slice(0, 3)).toEqual(exact.slice(0, 3));
  expect(text('--method', 'exact', '--temperature', '1', '--seed', '5')).not.toEqual(exact);
});

it('mugi generate refuses a prompt longer than the context, and tells when it is full', () => {
  const long = mugi('generate', '--prompt', '? '.repeat(300));
  expect([long.status, long.stdout]).toEqual([1, '']);
  expect(long.stderr).toMatch(/the prompt has \d{3} tokens .*, and the model's context has 256/);
  const { status, stdout, stderr } = mugi(
    'generate',
    '--prompt',
    '? '.repeat(120),
    ...'--method exact --max-tokens 300 --json'.split(' '),
  );
  expect(status).toBe(0);
  const { ids } = JSON.parse(stdout) as { ids: number[] };
  expect(notesOf(stderr)).toEqual([`stopped after ${ids.length} tokens: the context of 256 tokens is full`]);
});

it('mugi tune compares automatic with default windows on the same blocks', () => {
  const args = ['tune', '--tokens', '768', '--calibration-tokens', '256', '--json'];
  const { status, stdout } = mugi(...args);
  expect(status).toBe(0);
  type Compared = {
    accuracy: { loss: number; loss_ci95: number };
    over_default: { loss_increase: number; loss_increase_ci95: number; tie: boolean } | null;
  };
  const [standard, automatic] = JSON.parse(stdout) as Compared[];
  expect(standard!.over_default).toBeNull();
  const over = automatic!.over_default!;
  expect(over.loss_increase).toBeCloseTo(automatic!.accuracy.loss - standard!.accuracy.loss, 9);
  expect(over.loss_increase_ci95).toBeGreaterThan(0);
  expect(over.loss_increase_ci95).toBeLessThan(automatic!.accuracy.loss_ci95 / 10);
  expect(over.tie).toBe(Math.abs(over.loss_increase) <= over.loss_increase_ci95);
  const one = JSON.parse(mugi(...args.with(2, '256')).stdout) as Compared[];
  expect(one[1].over_default!.tie).toBeNull();
});

it('mugi tune writes windows that accuracy reads', () => {
  const out = join(folder, 'windows.json');
  const { status } = mugi('tune', '--tokens', '256', '--calibration-tokens', '256', '--out', out);
  expect(status).toBe(0);
  const file = JSON.parse(readFileSync(out, 'utf8')) as { windows: { function: string }[] };
  expect(new Set(file.windows.map((entry) => entry.function))).toEqual(new Set(['softmax', 'silu']));
  const used = mugi('accuracy', '--tokens', '256', '--method', 'vlp', '--windows', out, '--csv');
  expect(used.stdout.split('\n')[0]).toContain('loss_ci95');
});

it('mugi mask: lowering all scores makes the additive mask leak and leaves the boolean one as it is', () => {
  const run = (shift: string) =>
    JSON.parse(mugi('mask', '--tokens', '256', '--shift', shift, '--json').stdout) as {
      rows: { method: string; kl: number }[];
      leaks: { leaked: number }[];
    };
  const kl = (result: ReturnType<typeof run>, method: string) =>
    result.rows.find((row) => row.method === method)!.kl;
  const [still, lowered] = [run('0'), run('16')];
  const leaked = (result: ReturnType<typeof run>) =>
    result.leaks.reduce((sum, layer) => sum + layer.leaked, 0);
  expect(leaked(lowered)).toBeGreaterThan(100 * leaked(still));
  expect(kl(lowered, 'artifact, additive FP16 mask')).toBeGreaterThan(0.1);
  expect(kl(lowered, 'artifact, boolean mask')).toBeLessThan(0.001);
  expect(kl(lowered, 'hardware, boolean mask')).toBeLessThan(0.001);
});
