import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Block } from '../../src/accuracy/data/blocks.ts';
import { prepareData } from '../../src/accuracy/data/data.ts';
import { choose } from '../../src/accuracy/data/split.ts';
import { DEFAULT_SETTINGS } from '../../src/accuracy/study/methods.ts';
import { calibrate } from '../../src/accuracy/windows/calibrate.ts';
import { addHistogram, type Calibration, emptyHistogram } from '../../src/accuracy/windows/histogram.ts';
import { EXPONENTS, exponentIndex } from '../../src/accuracy/windows/rounded-input.ts';
import { lookAt, regret, settledBy } from '../../src/accuracy/windows/settling.ts';
import { chooseWindows } from '../../src/accuracy/windows/window-search.ts';
import { storeCalibration } from '../../src/accuracy/windows/stored-calibration.ts';
import { chosenWindows } from '../../src/accuracy/windows/windows-for.ts';
import { openModel } from '../../src/model/load.ts';
import type { LoadedModel } from '../../src/model/model.ts';

process.env.MUGI_CACHE = mkdtempSync(join(tmpdir(), 'mugi-settle-'));
const opened = await openModel('mugi-tiny');
const { layers, heads } = opened.config;

/** Blocks of `scored` targets that are told apart by their only token. */
const blocks = (count: number, scored: number): Block[] =>
  Array.from({ length: count }, (_, i) => ({
    document: 'd',
    ids: Int32Array.of(i),
    targets: Int32Array.of(i),
    scored,
  }));

/** A model whose functions see inputs of the size that `sizeOf` gives the n-th block that it is given. */
function modelThatSees(
  sizeOf: (n: number, id: number) => number,
  upTo = Infinity,
): LoadedModel & { seen: number[] } {
  const seen: number[] = [];
  const forward: LoadedModel['forward'] = (batch, { nonlinear }) => {
    if (batch.kind !== 'tokens') throw new Error('not text');
    if (seen.length === upTo) throw new Error('interrupted');
    const size = sizeOf(seen.length, batch.ids[0]);
    seen.push(batch.ids[0]);
    for (let layer = 0; layer < layers; layer++) {
      const scores = new Float32Array(heads * 4).map((_, i) => -(i % 4) * size);
      const lengths = new Int32Array(heads).fill(4);
      nonlinear.softmax({ layer, firstHead: 0, heads, scores, rows: heads, columns: 4, lengths });
      const values = Float32Array.of(size, -size, size / 3, 0);
      nonlinear.activation({ layer, name: 'silu', values, rows: 1, width: 4 });
    }
    return new Float32Array();
  };
  return {
    config: opened.config,
    linears: new Map(),
    outputs: 1,
    weightBytes: () => 0,
    logits: forward as never,
    forward,
    seen,
  };
}

const chosen = (model: LoadedModel, calibration: Block[], targets?: number, fresh = true) =>
  chosenWindows({
    opened,
    model,
    calibration,
    settings: DEFAULT_SETTINGS,
    fresh,
    ...(targets === undefined ? {} : { targets }),
  });

it('reads until twice as many targets choose the same windows, spread over the text', async () => {
  const steady = modelThatSees(() => 1);
  const result = await chosen(steady, blocks(64, 256));
  // Looks behind 2 and 4 blocks.
  expect(result).toMatchObject({ targets: 1024, settled: 'same' });
  expect(steady.seen).toHaveLength(4);
  expect(Math.max(...steady.seen) - Math.min(...steady.seen)).toBeGreaterThan(32);
  const all = await chosen(
    modelThatSees(() => 1),
    blocks(64, 256),
    64 * 256,
  );
  expect(all).toMatchObject({ targets: 64 * 256, settled: undefined });
  expect(all.windows).toEqual(result.windows);
});

it('goes on while the choice changes, and says where it did not settle', async () => {
  const growing = (n: number) => (n < 3 ? 0.1 : 6);
  expect(await chosen(modelThatSees(growing), blocks(64, 256))).toMatchObject({
    targets: 2048,
    settled: 'same',
  });
  const restless = await chosen(
    modelThatSees((n) => 0.02 * 8 ** Math.log2(n + 1)),
    blocks(8, 256),
  );
  expect(restless).toMatchObject({ targets: 2048, settled: false });
});

/**
 * A calibration of one layer and head in which a window of 8 exponents must leave something out: [−4, 3] what lies below it,
 * at this cost, those further down what lies above, at a cost of 1.
 */
function torn(below: number, rounding: number): Calibration {
  const histogram = emptyHistogram();
  histogram.rows = 1;
  for (const exponent of [-5, 3]) {
    const cell = exponentIndex(3) * EXPONENTS + exponentIndex(exponent);
    histogram.count[cell] = 1;
    histogram.inside[cell] = exponent === 3 ? rounding : 0;
    histogram.below[cell] = exponent === 3 ? 0 : below;
    histogram.above[cell] = rounding + 1;
  }
  return { softmax: [[histogram]], activation: [histogram] };
}

const both = (...all: Calibration[]): Calibration => {
  const [sum] = [emptyHistogram()];
  for (const { activation } of all) addHistogram(sum, activation[0]);
  return { softmax: [[sum]], activation: [sum] };
};

const looked = (calibration: Calibration) =>
  lookAt(calibration, 8, chooseWindows(calibration, 'silu', 8, 'layer'));

it('takes windows for settled that cost a per mille more at most on what was read since', () => {
  const early = torn(0.9, 10_000);
  const earlier = looked(early);
  expect(earlier.windows.map(({ hi }) => hi)).toEqual([3, 3]);
  const after = (since: Calibration) => {
    const now = looked(both(early, since));
    return [now.windows[0].hi, settledBy(earlier, now, 'silu'), regret('silu', earlier, now)] as const;
  };
  // What was read since costs 10,000.9 or less by either window: what half as much chose is as good.
  expect(after(torn(0.8, 10_000))).toEqual([3, 'same', 0]);
  const [hi, settled, share] = after(torn(6, 10_000));
  expect(hi).toBeLessThan(3);
  expect(settled).toBe('near');
  expect(share).toBeCloseTo(5 / 10_001, 12);
  // Half of it on all that was read.
  const [, far, more] = after(torn(13, 10_000));
  expect(far).toBeUndefined();
  expect(more).toBeCloseTo(12 / 10_001, 12);
});

it('chooses the same where it was interrupted, before and behind a look', async () => {
  const restless = modelThatSees((n) => 0.02 * 8 ** Math.log2(n + 1));
  await chosen(restless, blocks(8, 256));
  const order = restless.seen;
  expect(order).toHaveLength(8);
  const sizes = (_: number, id: number) => (order.indexOf(id) < 3 ? 0.1 : 6);
  const whole = await chosen(modelThatSees(sizes), blocks(8, 256));
  expect(whole).toMatchObject({ targets: 2048, settled: 'same' });
  for (const stop of [2, 3, 4]) {
    // The pass is kept now and then: behind a block that takes long.
    const slow = (n: number, id: number) => {
      const end = performance.now() + (n === stop - 1 ? 250 : 0);
      while (performance.now() < end);
      return sizes(n, id);
    };
    await expect(chosen(modelThatSees(slow, stop), blocks(8, 256))).rejects.toThrow('interrupted');
    const rest = modelThatSees(sizes);
    expect(await chosen(rest, blocks(8, 256), undefined, false)).toEqual(whole);
    expect(rest.seen).toHaveLength(8 - stop);
  }
});

it('looks within blocks where it is asked to, at the same rows as of whole ones', async () => {
  const model = opened.load();
  const [block] = choose(prepareData(opened, {}).calibration, 256);
  const whole = await calibrate(model, [block!], DEFAULT_SETTINGS);
  let looks = 0;
  const parts = await calibrate(
    model,
    [block!],
    DEFAULT_SETTINGS,
    undefined,
    undefined,
    () => ++looks < 0,
    128,
  );
  expect(looks).toBe(2);
  expect(storeCalibration(parts, 1)).toEqual(storeCalibration(whole, 1));
});

const LONG = Array.from({ length: 8 }, (_, i) => ({
  document: 'd',
  ids: new Int32Array(1024).fill(i),
  targets: new Int32Array(1024),
  scored: 1024,
}));

/** Windows chosen on long blocks. */
const asked = (model: LoadedModel, within: boolean) =>
  chosenWindows({ opened, model, calibration: LONG, settings: DEFAULT_SETTINGS, fresh: true, within });

it('ends within the first block where half of it chooses the same, and goes on where it does not', async () => {
  const steady = () => modelThatSees(() => 1);
  expect(await asked(steady(), true)).toMatchObject({ targets: 1024, settled: 'same' });
  expect(await asked(steady(), false)).toMatchObject({ targets: 2048, settled: 'same' });
  // Changes behind the first half: the second look differs from the first, the third does not.
  expect(
    await asked(
      modelThatSees((n) => (n < 1 ? 0.1 : 6)),
      true,
    ),
  ).toMatchObject({ targets: 2048, settled: 'same' });
});

it('ends behind two blocks of a long model whose choice does not settle, which it says', async () => {
  const restless = modelThatSees((n) => 0.02 * 8 ** Math.log2(n + 1));
  const result = await asked(restless, true);
  expect(result).toMatchObject({ targets: 2048, settled: false });
});
