import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { textBlocks } from '../../src/accuracy/data/blocks.ts';
import { arithmeticFor, FULL_PRECISION } from '../../src/accuracy/score/precision.ts';
import { type BatchScores, scoreRuns } from '../../src/accuracy/score/score-runs.ts';
import { askedItems, chooseAnswers } from '../../src/accuracy/study/choices.ts';
import { DEFAULT_SETTINGS, noRanges } from '../../src/accuracy/study/methods.ts';
import { transcriptions } from '../../src/accuracy/study/transcription.ts';
import { calibrate } from '../../src/accuracy/windows/calibrate.ts';
import { greedySoftmax } from '../../src/accuracy/windows/greedy-softmax.ts';
import { profileModel, type StoredProfile } from '../../src/accuracy/windows/profile.ts';
import { storeCalibration } from '../../src/accuracy/windows/stored-calibration.ts';
import { lossMeter } from '../../src/cli/source/loss.ts';
import { designNamed } from '../../src/design/index.ts';
import { computedBy } from '../../src/design/computed.ts';
import type { Plan } from '../../src/explore/space/plan.ts';
import type { Tally } from '../../src/explore/tally.ts';
import { type OnProgress, WorkState } from '../../src/files/state.ts';
import { exactNonlinear } from '../../src/model/layer/nonlinear.ts';
import { openModel } from '../../src/model/load.ts';
import { whisperFolder } from '../model/whisper-model.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-kept-'));
process.env.MUGI_CACHE = folder;

/** What bars are told of, in the place of their lines. */
const reports: [string, number, number, number | undefined][] = [];
vi.mock(import('../../src/present/progress.ts'), async (original) => ({
  ...(await original()),
  withStages: (_stages, work) => Promise.resolve(work((...told) => reports.push(told.slice(0, 4) as never))),
}));

const opened = await openModel('mugi-tiny');
const model = opened.load();
const text = 'It was a bright cold day. The whale rose and the sea was calm again. '.repeat(2);
const blocks = textBlocks(opened.config, opened.tokenizer(), [{ name: 'text', text }], 8).slice(0, 4);
const exact = arithmeticFor(FULL_PRECISION, exactNonlinear);
const writers = ['stored', 'exact'].map((name) => ({ name, settings: name, arithmetic: exact }));

/** A model that hears nothing, and says so at once. */
const whisper = await openModel(whisperFolder());
const { config } = whisper;
if (config.family !== 'whisper') throw new Error('no Whisper');
const silent = Float32Array.from({ length: config.vocab }, (_, id) => Number(config.eos.includes(id)));
const hearing = {
  opened: { ...whisper, tokenizer: () => ({ encode: () => [], decode: () => '', id: () => 1 }) },
  model: { ...whisper.load(), listen: () => ({ next: () => silent, dispose: () => {} }) },
};

const finished = (blocks: number): WorkState<StoredProfile> =>
  ({ get: () => ({ blocks, counts: [] }), set: () => {}, finish: () => {} }) as never;

const WORKS: Record<string, (onProgress: OnProgress, resumed: boolean) => Promise<unknown>> = {
  batches: (onProgress) =>
    scoreRuns({
      model,
      reference: exact,
      runs: [{ arithmetic: exact, ranges: noRanges }],
      blocks,
      state: new WorkState<BatchScores>('batches'),
      batchRows: 8,
      onProgress,
      onPart: onProgress,
    }),
  questions: (onProgress) =>
    chooseAnswers({
      opened,
      model,
      items: askedItems(opened, [
        { at: 'a', context: 'Call me', choices: ['Ishmael', 'you'], answer: 0 },
        { at: 'b', context: 'My fellow', choices: ['Americans', 'you'], answer: 0 },
      ]),
      writers,
      onProgress,
    }),
  sounds: (onProgress) =>
    transcriptions({
      ...hearing,
      blocks: [1, 2].map((n) => ({
        document: String(n),
        mel: Float32Array.of(n),
        said: 'word',
        targets: Int32Array.of(1),
        scored: 1,
      })),
      language: 'en',
      writers,
      onProgress,
    }),
  'passes of a sweep': (onProgress) =>
    greedySoftmax({
      opened,
      model,
      calibration: blocks.slice(0, 1),
      settings: DEFAULT_SETTINGS,
      tops: [1, 2, 3],
      onProgress,
    }),
  'blocks of a profile': (onProgress, resumed) =>
    profileModel(model, blocks, onProgress, finished(resumed ? 2 : 0)),
  'blocks of a calibration': async (onProgress, resumed) => {
    const before = await calibrate(model, blocks.slice(0, 2), DEFAULT_SETTINGS);
    const stored = resumed ? storeCalibration(before, 2) : undefined;
    return calibrate(model, blocks, DEFAULT_SETTINGS, onProgress, { stored, store: () => {} });
  },
};

it.each(Object.entries(WORKS))('%s of an interrupted run are told of apart', async (_, work) => {
  const told: Parameters<OnProgress>[] = [];
  let cut = 0;
  const stopped: OnProgress = (done, total) => {
    cut = done;
    if (2 * done >= total) throw new Error('interrupted');
  };
  await expect(work(stopped, false)).rejects.toThrow('interrupted');
  await work((...one) => told.push(one), true);
  const last = told.at(-1)!;
  expect(last[0]).toBe(last[1]);
  expect(last[2]).toBeGreaterThan(0);
  expect(last[2]).toBeLessThanOrEqual(cut);
  for (const [done, , kept = 0] of told) expect(kept).toBeLessThanOrEqual(done);
});

it('losses that a race has from an earlier run, too', async () => {
  const [first, second] = ['mugi-256', 'carat-256'].map((name) =>
    JSON.stringify({ ...computedBy(designNamed(name)), windows: 'default' }),
  );
  const front = [first, second].map((arithmetic, index) => ({
    index,
    costs: [index],
    arithmetic: arithmetic!,
  }));
  const race = async (arithmetics: typeof front) => {
    reports.length = 0;
    const meter = await lossMeter({
      models: [],
      loss: { objective: true, bounds: [], tokens: 1200, seed: 1 },
    } as unknown as Plan);
    await meter!.race({ front: arithmetics } as unknown as Tally);
    return reports.filter(([stage]) => stage === 'race').map(([, done, , kept = 0]) => ({ done, kept }));
  };
  expect((await race([front[0]!])).every(({ kept }) => kept === 0)).toBe(true);
  const again = await race([front[0]!]);
  expect(again.at(-1)!.done).toBeGreaterThan(0);
  for (const { done, kept } of again) expect(kept).toBe(done);
  // The stored model and one of the two are there: two of three.
  const other = (await race(front)).at(-1)!;
  expect(other.kept / other.done).toBeCloseTo(2 / 3, 6);
});
