import type { OpenedModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import { type Block, keyOfBlocks } from '../data/blocks.ts';
import { calibrate, type Piece, piecesOf } from './calibrate.ts';
import type { Calibration } from './histogram.ts';
import { type Passes, rowsOf } from '../score/estimate.ts';
import { fingerprint } from '../score/fingerprint.ts';
import type { NonlinearSettings } from '../study/methods.ts';
import { choose } from '../data/split.ts';
import { keyOf, type OnProgress, WorkState } from '../../files/state.ts';
import { type Look, lookAt, type Settled, settledBy } from './settling.ts';
import type { StoredCalibration } from './stored-calibration.ts';
import type { WindowEntry } from './window-file.ts';
import { chooseWindows, type Granularity } from './window-search.ts';

/** Targets behind which the choice of windows is looked at for the first time; then behind twice as many, and so on. */
const FIRST_LOOK = 512;
/** Targets of the second look, behind which a choice ends at the earliest. */
const LEAST = 2 * FIRST_LOOK;
/** Targets that are read at the most where the choice does not settle. */
const MOST = 65_536;
/** The same of models whose passes take minutes: more looks than one, in no more time than the losses take. */
const MOST_WITHIN = 2048;

export interface WindowsForOptions {
  opened: OpenedModel;
  model: LoadedModel;
  calibration: readonly Block[];
  settings: Pick<NonlinearSettings, 'groupRows' | 'mantissaBits' | 'lutSize'>;
  granularity?: Granularity;
  /** Targets to calibrate on; as many as it needs when left out. */
  targets?: number;
  /** The choice is looked at within blocks, too, and ends early: of models whose passes take minutes. */
  within?: boolean;
  fresh?: boolean;
  onProgress?: OnProgress;
}

export interface ChosenWindows {
  windows: WindowEntry[];
  /** Targets that they were chosen on. */
  targets: number;
  /** Whether half as many would have given the same, or as good ones; undefined where their number was given. */
  settled: Settled | false | undefined;
}

/** What an interrupted calibration keeps: histograms, the last look, or the result. */
interface Kept {
  calibration?: StoredCalibration;
  look?: Look;
  chosen?: ChosenWindows;
}

/**
 * Automatic windows for a model: one exact pass over calibration blocks, then closed forms. Blocks are taken so that those
 * read so far are spread over all of them, and the pass ends when twice as many targets give the same windows, or as good ones. It is kept
 * on the way, and the windows until the process ends well, so that interrupted work does not calibrate twice.
 */
export async function chosenWindows(options: WindowsForOptions): Promise<ChosenWindows> {
  const { opened, model, settings, granularity = 'layer', targets } = options;
  const within = options.within === true && targets === undefined;
  const most = within ? FIRST_LOOK : Infinity;
  const blocks =
    targets === undefined
      ? spread(choose(options.calibration, within ? MOST_WITHIN : MOST))
      : choose(options.calibration, targets);
  const { groupRows, mantissaBits, lutSize } = settings;
  const key = [
    'windows',
    fingerprint(opened),
    groupRows,
    mantissaBits,
    lutSize,
    granularity,
    targets ?? 'settle, same or near',
    ...(most === Infinity ? [] : [most]),
  ];
  const state = new WorkState<Kept>(keyOf([...key, keyOfBlocks(blocks)]), options.fresh);
  const kept = state.get('kept') ?? {};
  if (kept.chosen === undefined) {
    const from = (calibration: Calibration) =>
      chooseWindows(calibration, opened.config.activation, lutSize, granularity);
    const pieces = blocks.flatMap((block) => piecesOf(block, model.config, most));
    const behind = cumulated(pieces);
    const looks = targets === undefined ? looksAt(behind) : new Set<number>();
    let { look } = kept;
    const end: { settled: ChosenWindows['settled']; read: number } = {
      settled: targets === undefined ? false : undefined,
      read: pieces.length,
    };
    const histograms = await calibrate(
      model,
      blocks,
      settings,
      options.onProgress,
      { stored: kept.calibration, store: (calibration) => state.set('kept', { calibration, look }) },
      (calibration, done) => {
        if (!looks.has(done)) return false;
        const now = lookAt(calibration, lutSize, from(calibration));
        const settled = look && settledBy(look, now, opened.config.activation);
        look = now;
        if (settled !== undefined) Object.assign(end, { settled, read: done });
        return settled !== undefined;
      },
      most,
    );
    kept.chosen = { windows: from(histograms), targets: behind[end.read - 1], settled: end.settled };
    state.set('kept', { chosen: kept.chosen });
  }
  state.finish();
  return kept.chosen;
}

/** Passes of a calibration: the earliest end of one that takes as many targets as it needs. */
export const calibrationPasses = (calibration: readonly Block[], targets = LEAST): Passes => ({
  rows: rowsOf(choose(calibration, targets)),
  runs: 1,
  apart: true,
});

export const windowsFor = async (options: WindowsForOptions): Promise<WindowEntry[]> =>
  (await chosenWindows(options)).windows;

/** Targets in the first pieces, for each number of them. */
function cumulated(pieces: readonly Piece[]): number[] {
  let sum = 0;
  return pieces.map(({ scored }) => (sum += scored));
}

/** Numbers of pieces behind which the choice is looked at: where the first look, and each doubling of it, is reached. */
function looksAt(behind: readonly number[]): Set<number> {
  const looks = new Set<number>();
  let next = FIRST_LOOK;
  for (const [i, targets] of behind.entries()) {
    if (targets < next) continue;
    looks.add(i + 1);
    next = 2 * targets;
  }
  return looks;
}

/** Blocks in an order of which every beginning is spread over all of them: by the golden ratio. */
function spread<T>(blocks: readonly T[]): T[] {
  const place = (i: number): number => (i * 0.618_033_988_749_894_9) % 1;
  const ordered = [...blocks];
  for (const [rank, i] of [...blocks.keys()].sort((a, b) => place(a + 1) - place(b + 1)).entries()) {
    ordered[i] = blocks[rank];
  }
  return ordered;
}
