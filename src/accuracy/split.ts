import { MugiError } from '../errors.ts';
import type { Block } from './blocks.ts';

/** Calibration and test: windows are chosen on the one, results are reported on the other. */
export interface Split {
  calibration: Block[];
  test: Block[];
}

/** Share of a text that is kept for calibration when there is no separate calibration text. */
export const CALIBRATION_SHARE = 1 / 8;

/** The first eighth of the blocks calibrates, at least one; the rest is test. */
export function splitBlocks(
  blocks: readonly Block[],
  first = Math.ceil(blocks.length * CALIBRATION_SHARE),
): Split {
  if (blocks.length < 2 || first < 1 || first >= blocks.length) {
    throw new MugiError({
      code: 'invalid-value',
      message: `${blocks.length} blocks are too few to keep calibration and test apart`,
      expected: 'at least 2 blocks, or a separate --calibration text',
    });
  }
  return { calibration: blocks.slice(0, first), test: blocks.slice(first) };
}

const key = ({ ids, pixels }: Block): string => (ids ?? pixels!).join();

/** Refuses a calibration set that shares a block with the test set. */
export function assertDisjoint({ calibration, test }: Split): void {
  const seen = new Map(calibration.map((block) => [key(block), block.document]));
  const shared = test.find((block) => seen.has(key(block)));
  if (!shared) return;
  throw new MugiError({
    code: 'invalid-value',
    message: `calibration and test overlap: a block of ${shared.document} is in both`,
    path: '--calibration',
    expected: 'calibration text that is not in the test text',
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
  return Array.from({ length: count }, (_, i) => blocks[Math.floor(((i + 0.5) * blocks.length) / count)]!);
}
