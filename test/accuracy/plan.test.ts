import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readPlan } from '../../src/accuracy/plan/plan-file.ts';
import { leavesWindows, plannedAt } from '../../src/accuracy/plan/planned-functions.ts';
import { checkPlan, layerOfMatrix, plannedPrecision } from '../../src/accuracy/plan/planned-precision.ts';
import { arithmeticFor, FULL_PRECISION } from '../../src/accuracy/score/precision.ts';
import { lossIncreases } from '../../src/accuracy/score/loss-increase.ts';
import { designNamed } from '../../src/design/index.ts';
import { DEFAULT_SETTINGS, methodUnit } from '../../src/accuracy/study/methods.ts';
import { exactNonlinear } from '../../src/model/layer/nonlinear.ts';
import { openModel } from '../../src/model/load.ts';
import { generated } from '../model/doubles.ts';
import { SWIN, swinShapes } from '../model/swin-model.ts';
import { whisperFolder } from '../model/whisper-model.ts';
import { writeFolder } from '../model/write-checkpoint.ts';
import { planWriter } from './plan-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-plan-'));
const bin = fileURLToPath(new URL('../../bin/mugi.js', import.meta.url));
process.env.MUGI_CACHE = join(folder, 'cache');
const { env } = process;
const mugi = (...args: string[]) => spawnSync(process.execPath, [bin, ...args], { env, encoding: 'utf8' });

const { planFile, plan } = planWriter(folder);

const opened = await openModel('mugi-tiny');
const model = opened.load();
const IDS = Int32Array.from([0, 5, 9, 200, 31, 77, 5, 400, 12, 8]);
const hidden = (precision = FULL_PRECISION, unit = exactNonlinear) =>
  model.forward(
    { kind: 'tokens', ids: IDS, sequences: [{ rows: IDS.length }] },
    arithmeticFor(precision, unit),
  );
const withPlan = (content: object) => plannedPrecision(FULL_PRECISION, plan(content), model, 'plan.json');
const functions = (content: object) =>
  methodUnit('vlp', opened.config, { ...DEFAULT_SETTINGS, plan: plan(content).functions }).unit;

describe('functions of a plan', () => {
  it('of which a later entry wins key by key, by layer and head', () => {
    const { functions: entries } = plan({
      functions: [
        { function: 'softmax', mantissa: 2, window: { lo: -4, hi: 3 } },
        { function: 'softmax', layer: 1, mantissa: 4 },
        { function: 'softmax', layer: 1, heads: [2], method: 'exact' },
      ],
    });
    expect(plannedAt(entries, 'softmax', 0, 0)).toMatchObject({ mantissa: 2 });
    expect(plannedAt(entries, 'softmax', 1, 0)).toMatchObject({ mantissa: 4, window: { lo: -4, hi: 3 } });
    expect(plannedAt(entries, 'softmax', 1, 2)).toMatchObject({ method: 'exact', mantissa: 4 });
    expect(plannedAt(entries, 'silu', 0)).toBeUndefined();
    expect(leavesWindows(entries, opened.config)).toBe(true);
    const whole = [...entries, ...plan({ functions: [{ function: 'silu', method: 'pwl' }] }).functions];
    expect(leavesWindows(whole, opened.config)).toBe(false);
  });

  it('that are all exact, or all VLP, give the bits of exact and of VLP', () => {
    const exact = functions({
      functions: [
        { function: 'softmax', method: 'exact' },
        { function: 'silu', method: 'exact' },
      ],
    });
    expect(hidden(FULL_PRECISION, exact)).toEqual(hidden());
    const vlp = functions({
      functions: [
        { function: 'softmax', layer: 0, window: { lo: -4, hi: 3 } },
        { function: 'silu', mantissa: 3, window: { lo: -6, hi: 4 } },
      ],
    });
    const { unit } = methodUnit('vlp', opened.config, {
      ...DEFAULT_SETTINGS,
      windows: [
        { function: 'softmax', layer: 0, lo: -4, hi: 3, anchor: 'max' },
        { function: 'silu', lo: -6, hi: 4, anchor: 'max' },
      ],
    });
    expect(hidden(FULL_PRECISION, vlp)).toEqual(hidden(FULL_PRECISION, unit));
  });

  it('of one layer and head alone change the result, each otherwise', () => {
    const rest = [
      { function: 'softmax', method: 'exact' },
      { function: 'silu', method: 'exact' },
    ];
    const results = [
      { function: 'softmax', layer: 2, heads: [1], method: 'vlp', mantissa: 1 },
      { function: 'softmax', layer: 2, method: 'vlp', mantissa: 1 },
      { function: 'silu', layer: 1, method: 'pwl' },
      { function: 'silu', layer: 1, method: 'pa' },
    ].map((entry) => hidden(FULL_PRECISION, functions({ functions: [...rest, entry] })));
    expect(new Set([hidden(), ...results].map((x) => String(x))).size).toBe(5);
  });
});

describe('bits of a plan', () => {
  const int4 = { ...FULL_PRECISION, weights: 'int4', kv: 'int4' } as const;

  it('for everything are those of the flags', () => {
    const all = withPlan({ matrices: [{ bits: 4, group: 128 }], kv: [{ bits: 4 }] });
    expect(all).toMatchObject({ weights: 'planned', kv: 'planned' });
    expect(hidden(all)).toEqual(hidden(int4));
    const none = plannedPrecision(
      int4,
      plan({ matrices: [{ bits: 'stored' }], kv: [{ bits: 'computed' }] }),
      model,
      'plan.json',
    );
    expect(hidden(none)).toEqual(hidden());
  });

  it('by matrix and by layer change those alone', () => {
    const one = withPlan({ matrices: [{ layer: 3, matrix: 'mlp.down_proj', bits: 4, group: 32 }] });
    const changed = Object.entries(one.plan!.weights).filter(([, use]) => use.type === 'int4');
    expect(changed).toEqual([['model.layers.3.mlp.down_proj', { type: 'int4', group: 32 }]]);
    const kv = withPlan({ kv: [{ bits: 'computed' }, { layer: 1, bits: 4 }] });
    expect(kv.plan!.kv).toEqual(['fp32', 'int4', 'fp32', 'fp32']);
    const results = [hidden(), hidden(one), hidden(kv)].map((x) => String(x));
    expect(new Set(results).size).toBe(3);
  });

  it('know the layers of Whisper and SwinV2', async () => {
    const whisper = (await openModel(whisperFolder())).config;
    expect(layerOfMatrix('model.encoder.layers.1.fc1', whisper)).toBe(1);
    expect(layerOfMatrix('model.decoder.layers.1.fc1', whisper)).toBe(3);
    const swin = (await openModel(writeFolder(SWIN, generated(swinShapes())))).config;
    expect(layerOfMatrix('swinv2.encoder.layers.2.blocks.0.output.dense', swin)).toBe(4);
    expect(layerOfMatrix('swinv2.encoder.layers.0.downsample.reduction', swin)).toBeUndefined();
  });
});

it.each([
  ['a key', { functions: [{ function: 'softmax', mantisa: 3 }] }, 'functions[0]', 'mantissa'],
  [
    'a key of a window',
    { functions: [{ function: 'softmax', window: { low: 1 } }] },
    'functions[0].window',
    'lo',
  ],
  ['a key of a matrix', { matrices: [{ bits: 4, groups: 3 }] }, 'matrices[0]', 'group'],
  [
    'a narrow window',
    { functions: [{ function: 'silu', window: { lo: 0, hi: 3 } }] },
    'functions[0].window',
    undefined,
  ],
  ['bits', { kv: [{ bits: 8 }] }, 'kv[0].bits', undefined],
])('refuses %s by its place and the nearest', (_, content, key, nearest) => {
  const path = planFile('bad', content);
  try {
    readPlan(path);
  } catch (error) {
    const { details } = error as { details: { path: string; nearest?: string } };
    expect(details.path).toBe(`${path}: ${key}`);
    expect(details.nearest).toBe(nearest);
    return;
  }
  throw new Error('was read');
});

it.each([
  [{ functions: [{ function: 'sofmax' }] }, /functions\[0\]\.function.*sofmax.*softmax/s],
  [{ functions: [{ function: 'silu', layer: 4 }] }, /functions\[0\]\.layer.*at most 3/s],
  [{ kv: [{ bits: 4, layer: 9 }] }, /kv\[0\]\.layer.*at most 3/s],
  [{ matrices: [{ bits: 4, matrix: 'mlp.dwn_proj' }] }, /matrices\[0\]\.matrix.*mlp\.down_proj/s],
])('refuses a plan of another model: %j', (content, message) => {
  try {
    checkPlan(plan(content), opened.config, 'plan.json');
    withPlan(content);
  } catch (error) {
    expect(JSON.stringify((error as { details: object }).details)).toMatch(message);
    return;
  }
  throw new Error('was taken');
});

it('and a file of logits are refused before a text is looked for', () => {
  const misspelt = planFile('misspelt', { matrices: [{ bits: 4, matrix: 'mlp.dwn_proj' }] });
  for (const flags of [
    ['--plan', misspelt],
    ['--reference', misspelt],
    ['--plan', misspelt, '--reference', 'none'],
  ]) {
    const { status, stderr } = mugi('accuracy', '--text', join(folder, 'no-text.txt'), ...flags);
    expect([status, stderr.includes('no-text')]).toEqual([1, false]);
    expect(stderr).toMatch(flags[0] === '--plan' ? /did you mean: mlp\.down_proj/ : /safetensors/);
  }
});

it('tune writes a plan that accuracy, generate and simulate read', () => {
  const path = join(folder, 'tuned.json');
  const windows = join(folder, 'windows.json');
  const tuned = mugi(
    'tune',
    '--block',
    '32',
    '--tokens',
    '32',
    '--calibration-tokens',
    '64',
    '--plan',
    path,
    '--out',
    windows,
  );
  expect(tuned.status).toBe(0);
  const written = readPlan(path);
  expect(written.functions).toHaveLength(8);
  expect(written.matrices).toEqual([{ bits: 4, group: 256 }]);
  expect(written.kv).toEqual([{ bits: 4 }]);
  const rows = (...flags: string[]) =>
    JSON.parse(
      mugi('accuracy', '--block', '32', '--tokens', '32', '--method', 'vlp', '--json', ...flags).stdout,
    ) as {
      loss: number;
      weights: string;
    }[];
  const [planned] = rows('--plan', path);
  const [plain] = rows('--windows', windows);
  expect(planned).toMatchObject({ weights: 'planned', kv: 'planned' });
  expect(planned.loss).toBe(plain.loss);
  const text = (...flags: string[]) =>
    mugi('generate', '--prompt', 'My fellow', '--max-tokens', '4', '--json', ...flags).stdout;
  expect(text('--plan', path)).toBe(text('--windows', windows));
  const node = (...flags: string[]) =>
    mugi('simulate', 'softmax', '--design', 'mugi-16', '--layer', '1', '--json', ...flags);
  expect((JSON.parse(node('--plan', path).stdout) as { window: object }).window).toEqual(
    (JSON.parse(node('--windows', windows).stdout) as { window: object }).window,
  );
  const other = { ...(JSON.parse(readFileSync(path, 'utf8')) as object), functions: [] };
  writeFileSync(path, JSON.stringify({ ...other, functions: [{ function: 'softmax', method: 'exact' }] }));
  expect(node('--plan', path).stderr).toMatch(/computes softmax by exact/);
});

it('a comparison measures the plan in the place of VLP', async () => {
  const exact = plan({
    functions: [
      { function: 'softmax', method: 'exact' },
      { function: 'silu', method: 'exact' },
    ],
    matrices: [{ layer: 0, bits: 4, group: 64 }],
  });
  const { increases } = await lossIncreases({
    model: 'mugi-tiny',
    designs: [designNamed('mugi-256')],
    tokens: 1,
    plan: { plan: exact, path: 'plan.json' },
  });
  expect(increases[0].functions_increase).toBe(0);
  expect(increases[0].kl).toBeGreaterThan(0);
});
