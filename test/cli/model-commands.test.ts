import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';

const bin = fileURLToPath(new URL('../../bin/mugi.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'mugi-cli-'));
const env = { ...process.env, MUGI_CACHE: join(folder, 'cache') };

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
    const rows = JSON.parse(stdout) as Record<string, unknown>[];
    expect(rows.map((row) => row['method'])).toEqual(['vlp', 'pwl', 'taylor', 'pa', 'exact']);
    for (const row of rows) {
      expect(row).toMatchObject({ weights: 'int4', kv: 'int4', group: 64, tokens: 256 });
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
    const { existsSync, readdirSync } = await import('node:fs');
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
    const good = mugi(
      'accuracy',
      '--model',
      'vit-mnist-gelu',
      '--images',
      images,
      '--json',
      '--method',
      'vlp,exact',
    );
    expect(good.stderr).toBe('');
    expect((JSON.parse(good.stdout) as { tokens: number }[])[0]!.tokens).toBe(7);
    writeFileSync(
      join(images, '0', 'small.png'),
      encode({ width: 4, height: 4, data: new Uint8Array(16), channels: 1, depth: 8 }),
    );
    const wrong = mugi('accuracy', '--model', 'vit-mnist-gelu', '--images', images);
    expect(wrong.status).toBe(1);
    expect(wrong.stderr).toMatch(/small\.png: the images do not have the size.*\n.*28 × 28/);
    expect(mugi('accuracy', '--model', 'vit-mnist-gelu').stderr).toMatch(/needs images/);
  });

  it.each([
    [['--method', 'vpl'], /unknown method "vpl"[^]*did you mean: vlp/],
    [['--weights', 'int8'], /unknown value of --weights "int8"/],
    [['--tokens', '-3'], /--tokens must be a whole number/],
    [['--model', 'mugi-tinny'], /no such model[^]*did you mean: mugi-tiny/],
    [['--text', 'nowhere.txt'], /no such text file/],
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

it('mugi generate repeats itself, and VLP with full windows writes nearly what the exact functions write', () => {
  const text = (...args: string[]) =>
    (
      JSON.parse(
        mugi('generate', '--prompt', 'The whale', '--max-tokens', '12', '--json', ...args).stdout,
      ) as { ids: number[] }
    ).ids;
  const exact = text('--method', 'exact');
  expect(exact).toHaveLength(12);
  expect(text('--method', 'exact')).toEqual(exact);
  expect(text('--windows', 'default').slice(0, 3)).toEqual(exact.slice(0, 3));
  expect(text('--method', 'exact', '--temperature', '1', '--seed', '5')).not.toEqual(exact);
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
