import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { prepareData } from '../../src/accuracy/data/data.ts';
import { scoreRuns, type BatchScores } from '../../src/accuracy/score/score-runs.ts';
import { measure } from '../../src/accuracy/score/measure.ts';
import { FULL_PRECISION, arithmeticFor } from '../../src/accuracy/score/precision.ts';
import { DEFAULT_SETTINGS } from '../../src/accuracy/study/methods.ts';
import { exactNonlinear } from '../../src/model/layer/nonlinear.ts';
import { assertDisjoint, choose, splitBlocks } from '../../src/accuracy/data/split.ts';
import { WorkState } from '../../src/files/state.ts';
import { windowsFor } from '../../src/accuracy/windows/windows-for.ts';
import { openModel } from '../../src/model/load.ts';

beforeAll(() => {
  process.env['MUGI_CACHE'] = mkdtempSync(join(tmpdir(), 'mugi-cache-'));
});

async function prepared(name: string) {
  const opened = await openModel(name);
  const data = prepareData(opened, {});
  return { opened, data, model: opened.load() };
}

it('VLP for softmax and SiLU with automatic windows keeps perplexity within 0.3 % of exact, on part of the text', async () => {
  const { opened, data, model } = await prepared('mugi-tiny');
  const { calibration } = data;
  const windows = await windowsFor({ opened, model, calibration, settings: DEFAULT_SETTINGS, targets: 512 });
  const [vlp, exact] = await measure({
    opened,
    model,
    methods: ['vlp', 'exact'],
    precision: FULL_PRECISION,
    settings: { ...DEFAULT_SETTINGS, windows },
    blocks: choose(data.test, 1024),
    data: 'test',
  });
  expect(Math.abs(vlp!.perplexity / exact!.perplexity - 1)).toBeLessThan(0.003);
  expect(vlp!.kl).toBeGreaterThan(0);
  expect(vlp!.kl).toBeLessThan(0.005);
  expect(vlp!.clamped_share).toBeGreaterThan(0);
  expect(exact!.kl).toBe(0);
  expect(exact!.loss_increase).toBe(0);
});

it('goes on after an interruption without repeating finished batches, and gives the same result', async () => {
  const { data, model } = await prepared('mugi-tiny');
  const blocks = choose(data.test, 1100);
  const folder = mkdtempSync(join(tmpdir(), 'mugi-state-'));
  let passes = 0;
  const counted = {
    ...model,
    forward: (...args: Parameters<typeof model.forward>) => {
      passes += 1;
      return model.forward(...args);
    },
  };
  const reference = arithmeticFor(FULL_PRECISION, exactNonlinear);
  const go = (key: string, stopAfter = Infinity) => {
    const state = new WorkState<BatchScores>(key, false, folder);
    let batches = 0;
    return scoreRuns({
      model: counted,
      reference,
      runs: [{ arithmetic: reference, ranges: () => ({ inputs: 0, clamped: 0 }) }],
      blocks,
      state,
      batchRows: 256,
      onProgress: () => {
        if (++batches === stopAfter) throw new Error('interrupted');
      },
    });
  };
  const whole = await go('whole');
  const all = passes;
  expect(all).toBeGreaterThan(3);
  await expect(go('cut', 2)).rejects.toThrow('interrupted');
  // A kill while the state is written leaves a neighbour, never a torn file.
  writeFileSync(join(folder, 'cut.json.999.tmp'), '{"key":"cut","uni');
  passes = 0;
  expect(new WorkState('cut', false, folder).resumed).toBe(2);
  expect(await go('cut')).toEqual(whole);
  expect(passes).toBe(all - 2);
  writeFileSync(join(folder, 'torn.json'), '{"key":"torn","uni');
  expect(new WorkState('torn', false, folder).resumed).toBe(0);
});

describe('calibration and test', () => {
  it('share no block: embedded text, a user’s text, and images', async () => {
    const opened = await openModel('mugi-tiny');
    const { calibration, test } = prepareData(opened, {});
    expect(() => assertDisjoint({ calibration, test })).not.toThrow();
    const names = new Set(test.map(({ document }) => document));
    expect(calibration.filter(({ document }) => names.has(document))).toEqual([]);
    const folder = mkdtempSync(join(tmpdir(), 'mugi-text-'));
    const text = join(folder, 'text.txt');
    writeFileSync(
      text,
      'It was a bright cold day. The whale rose and the sea was calm again. '.repeat(3) +
        Array.from({ length: 3000 }, (_, i) => `word${(i * 7919) % 2999} `).join(''),
    );
    const own = prepareData(opened, { text });
    expect(own.calibration.length).toBeGreaterThan(0);
    expect(() => prepareData(opened, { text, calibration: text })).toThrow(/overlap/);
  });

  it('are refused when there is too little to divide', () => {
    const block = { document: 'a', ids: Int32Array.of(1), targets: Int32Array.of(1), scored: 1 };
    expect(() => splitBlocks([block])).toThrow(/too few/);
    expect(() => assertDisjoint({ calibration: [block], test: [block] })).toThrow(/overlap/);
  });

  it('choose the same blocks for the same number, spread over the text', async () => {
    const { test } = prepareData(await openModel('mugi-tiny'), {});
    const some = choose(test, 2048);
    expect(choose(test, 2048)).toEqual(some);
    expect(new Set(some.map(({ document }) => document)).size).toBeGreaterThan(4);
    expect(choose(test, Infinity)).toHaveLength(test.length);
  });
});
