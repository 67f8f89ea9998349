import type { SramRow, Technology } from '../technology/technology.ts';
import { BANKS, type MemoryName, type Sram } from './design.ts';
import { type Locate, type Path, problem } from './problem.ts';

const kibOf = ({ wordBits, depthPerBank }: SramRow): number => (wordBits * depthPerBank * BANKS) / 8192;

/**
 * The SRAM of `kib` KiB with words of `wordBits`, if the technology prices it; else an error with the nearest.
 * @throws MugiError when the technology has no such SRAM, with the nearest
 */
export function offeredSram(
  locate: Locate,
  path: Path,
  memory: MemoryName,
  technology: Technology,
  kib: number,
  wordBits: number,
): Sram {
  const rows = technology.srams.filter(({ banks }) => banks === BANKS);
  const row = rows.find((candidate) => candidate.wordBits === wordBits && kibOf(candidate) === kib);
  if (row !== undefined) return { wordBits, depthPerBank: row.depthPerBank };
  // A factor of two in the word counts as much as a factor of two in the size.
  const distance = (candidate: SramRow): number =>
    Math.abs(Math.log2(candidate.wordBits / wordBits)) + Math.abs(Math.log2(kibOf(candidate) / kib));
  const closest = rows.toSorted((a, b) => distance(a) - distance(b))[0];
  const list = (values: readonly number[]): string => [...new Set(values)].sort((a, b) => a - b).join(', ');
  throw problem(locate, path, {
    code: 'invalid-value',
    message: `technology "${technology.name}" has no ${memory} SRAM of ${kib} KiB with words of ${wordBits} bits`,
    expected: `kib of ${list(rows.map(kibOf))} with word_bits of ${list(rows.map((r) => r.wordBits))}, 4 banks of at least 32 words`,
    received: `{kib: ${kib}, word_bits: ${wordBits}}`,
    ...(closest === undefined ? {} : { nearest: `{kib: ${kibOf(closest)}, word_bits: ${closest.wordBits}}` }),
  });
}
