import { setImmediate } from 'node:timers/promises';
import { isDecoder, type ModelConfig } from '../../model/config/config.ts';
import { placesOf } from '../../model/config/places.ts';
import { KvCache } from '../../model/layer/kv-cache.ts';
import type { OnProgress } from '../../files/state.ts';
import { type Batch, type LoadedModel, told } from '../../model/model.ts';
import { batchOf, type Block } from '../data/blocks.ts';
import { arithmeticFor, FULL_PRECISION } from '../score/precision.ts';
import { type Calibration, calibratingEvaluator } from './histogram.ts';
import { restoreCalibration, type StoredCalibration, storeCalibration } from './stored-calibration.ts';

/** Milliseconds of work between two moments at which an accumulated pass is kept. */
export const KEEP_EVERY_MS = 200;

/** Where a calibration is kept that may be interrupted. */
export interface KeptCalibration {
  stored: StoredCalibration | undefined;
  store(calibration: StoredCalibration): void;
}

/** What goes through the model at once: a block, or so many rows of it behind those before. */
export interface Piece {
  rows: number;
  scored: number;
}

/**
 * Blocks of a decoder in pieces of so many rows, which see all of their block before them: the pass is the same, and can be
 * looked at in between. Other blocks are one piece.
 */
export const piecesOf = (block: Block, config: ModelConfig, most: number): Piece[] => {
  const { ids, scored } = block;
  if (ids === undefined || !isDecoder(config) || ids.length <= most)
    return [{ rows: ids?.length ?? 0, scored }];
  return Array.from({ length: Math.ceil(ids.length / most) }, (_, i) => {
    const rows = Math.min(most, ids.length - i * most);
    return { rows, scored: rows };
  });
};

function* batchesOf(block: Block, pieces: readonly Piece[], config: ModelConfig): Generator<Batch> {
  if (pieces.length === 1 || !isDecoder(config)) return yield batchOf([block]);
  const cache = new KvCache(config);
  let from = 0;
  for (const { rows } of pieces) {
    yield { kind: 'tokens', ids: block.ids!.subarray(from, from + rows), sequences: [{ rows, cache }] };
    from += rows;
  }
}

/**
 * One exact pass of the model over `blocks` that fills the exponent histograms of every layer and head.
 * @param enough asked behind each piece, of how many in all; the pass ends where it says so
 * @param most rows of a piece
 */
export async function calibrate(
  model: LoadedModel,
  blocks: readonly Block[],
  { groupRows, mantissaBits }: { groupRows: number; mantissaBits: number },
  onProgress?: OnProgress,
  kept?: KeptCalibration,
  enough: (calibration: Calibration, pieces: number) => boolean = () => false,
  most = Infinity,
): Promise<Calibration> {
  const { unit, calibration } = calibratingEvaluator(placesOf(model.config), groupRows, mantissaBits);
  if (kept?.stored) restoreCalibration(calibration, kept.stored);
  const done = kept?.stored?.blocks ?? 0;
  // What was kept had not been asked about.
  if (done > 0 && enough(calibration, done)) return calibration;
  let last = performance.now();
  let [read, skipped] = [0, 0];
  for (const [i, block] of blocks.entries()) {
    const pieces = piecesOf(block, model.config, most);
    if (read < done) {
      read += pieces.length;
      skipped += 1;
      continue;
    }
    const end = read + pieces.length;
    for (const batch of batchesOf(block, pieces, model.config)) {
      const before = i + (read - (end - pieces.length)) / pieces.length;
      const telling = told(batch, (layer, layers) =>
        onProgress?.(before + layer / layers / pieces.length, blocks.length, skipped),
      );
      model.forward(telling, arithmeticFor(FULL_PRECISION, unit));
      read += 1;
      // Where a block ends, since a piece goes on from those before it.
      if (kept && read === end && performance.now() - last > KEEP_EVERY_MS) {
        kept.store(storeCalibration(calibration, read));
        last = performance.now();
      }
      onProgress?.(i + 1 - (end - read) / pieces.length, blocks.length, skipped);
      if (enough(calibration, read)) return calibration;
      await setImmediate();
    }
  }
  return calibration;
}
