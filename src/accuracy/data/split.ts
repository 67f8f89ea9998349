import { MugiError } from '../../errors.ts';
import type { Block } from './blocks.ts';
import { type Overlap, overlap } from './overlap.ts';

/** Calibration and test: windows are chosen on the one, results are reported on the other. */
export interface Split {
  calibration: Block[];
  test: Block[];
}

/** Share of a text that is kept for calibration when there is no separate calibration text. */
const CALIBRATION_SHARE = 1 / 8;

/**
 * The first eighth of the blocks calibrates, at least one; the rest is test.
 * @throws MugiError for fewer than two blocks
 */
export function splitBlocks(
  blocks: readonly Block[],
  first = Math.ceil(blocks.length * CALIBRATION_SHARE),
): Split {
  if (blocks.length < 2 || first < 1 || first >= blocks.length) {
    throw new MugiError({
      code: 'invalid-value',
      message: `${blocks.length} blocks are too few to keep calibration and test apart`,
      expected: 'at least 2 blocks, or a separate `calibration` text',
    });
  }
  return { calibration: blocks.slice(0, first), test: blocks.slice(first) };
}

/** Shingles that test and calibration may share: a boilerplate sentence, not a passage. */
const FEW_SHINGLES = 8;

const isFew = ({ shared, shingles }: Overlap): boolean => shared <= Math.min(FEW_SHINGLES, shingles / 2);

/** Refuses calibration text that holds passages of the test text, wherever its blocks begin. */
export function assertDisjoint({ calibration, test }: Split): void {
  const found = overlap(calibration, test);
  if (isFew(found)) return;
  throw new MugiError({
    code: 'invalid-value',
    message: `calibration and test overlap: text of ${found.document} is in both`,
    path: 'calibration',
    expected: 'calibration text that is not in the test text',
  });
}

/**
 * For a split made by default: leaves out calibration blocks whose text or image the test set repeats.
 * @throws MugiError when nothing is left to calibrate on
 */
export function withoutRepeats({ calibration, test }: Split, path: string): Split {
  const found = overlap(calibration, test);
  if (isFew(found)) return { calibration, test };
  const left = calibration.filter((block) => !found.touched.has(block));
  if (left.length > 0) return { calibration: left, test };
  throw new MugiError({
    code: 'invalid-value',
    message: 'the calibration part repeats in the rest of the text, so nothing is left to choose windows on',
    path,
    expected: 'data that repeat less, a separate `calibration` text, or `windows` default',
  });
}

/**
 * Blocks spread evenly over a set until `targets` are scored; all of them for `Infinity`. The choice depends on
 * the set and the number only.
 */
export function choose(blocks: readonly Block[], targets: number): Block[] {
  const total = blocks.reduce((sum, { scored }) => sum + scored, 0);
  if (targets >= total) return [...blocks];
  const count = Math.max(1, Math.min(blocks.length, Math.round((targets / total) * blocks.length)));
  return Array.from({ length: count }, (_, i) => blocks[Math.floor(((i + 0.5) * blocks.length) / count)]);
}
