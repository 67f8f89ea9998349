import type { Block } from './blocks.ts';

/** Consecutive tokens that count as the same text: long enough that unrelated texts share none. */
const SHINGLE = 32;

/** Two odd bases, for two independent hashes modulo 2³². */
const [BASE_LOW, BASE_HIGH] = [0x01000193, 0x5bd1e995];

/** Blocks of one document in their order, as the one sequence that they were cut from. */
interface Sequence {
  tokens: ArrayLike<number>;
  /** Per block, the index behind its last token. */
  ends: number[];
  blocks: Block[];
}

/** What two sets of blocks have in common. */
export interface Overlap {
  /** Shingles of the test set, and how many different ones of them are in the other set too. */
  shingles: number;
  shared: number;
  /** Document of the test set that the first of them is in. */
  document: string | undefined;
  /** Blocks of the other set that a shared shingle touches. */
  touched: Set<Block>;
}

/**
 * Finds text (runs of 32 tokens, at any alignment) that is in both sets; blocks of any length, because they are joined
 * to their documents first. A document or image that is shorter is compared as a whole.
 */
export function overlap(calibration: readonly Block[], test: readonly Block[]): Overlap {
  const known = sequences(calibration);
  const seen = new Set<number>();
  for (const sequence of known) shingles(sequence.tokens, (hash) => seen.add(hash));
  const found = new Set<number>();
  let count = 0;
  let document: string | undefined;
  for (const { tokens, blocks } of sequences(test)) {
    shingles(tokens, (hash) => {
      count += 1;
      if (!seen.has(hash)) return;
      found.add(hash);
      document ??= blocks[0].document;
    });
  }
  const touched = new Set<Block>();
  if (found.size > 0) {
    for (const { tokens, ends, blocks } of known) {
      let first = 0;
      shingles(tokens, (hash, from, to) => {
        while (ends[first] <= from) first += 1;
        if (!found.has(hash)) return;
        for (let i = first; i < blocks.length && (i === first || ends[i - 1] < to); i++) {
          touched.add(blocks[i]);
        }
      });
    }
  }
  return { shingles: count, shared: found.size, document, touched };
}

function sequences(blocks: readonly Block[]): Sequence[] {
  const found: Sequence[] = [];
  const joined = new Map<string, { parts: ArrayLike<number>[]; blocks: Block[] }>();
  for (const block of blocks) {
    const whole = block.pixels ?? block.mel;
    if (whole) found.push({ tokens: whole, ends: [whole.length], blocks: [block] });
    else {
      const document = joined.get(block.document) ?? { parts: [], blocks: [] };
      document.parts.push(original(block.ids!, block.targets));
      document.blocks.push(block);
      joined.set(block.document, document);
    }
  }
  for (const { parts, blocks } of joined.values()) {
    const tokens = new Int32Array(parts.reduce((n, { length }) => n + length, 0));
    const ends: number[] = [];
    for (const part of parts) {
      const at = ends.at(-1) ?? 0;
      tokens.set(part, at);
      ends.push(at + part.length);
    }
    found.push({ tokens, ends, blocks });
  }
  return found;
}

/** The text of a block: a decoder predicts it; an encoder reads it between [CLS] and [SEP], but where it predicts. */
function original(ids: Int32Array, targets: Int32Array): Int32Array {
  if (targets.every((target) => target >= 0)) return targets;
  return ids.map((id, i) => (targets[i] >= 0 ? targets[i] : id)).subarray(1, -1);
}

/** Calls `visit` with a hash of 52 bits and the range of every run of `SHINGLE` tokens, in one rolling pass. */
function shingles(tokens: ArrayLike<number>, visit: (hash: number, from: number, to: number) => void): void {
  // Pixels and features of sounds are not text: each is one run.
  const pixels = tokens instanceof Float32Array;
  const size = pixels ? tokens.length : Math.min(SHINGLE, tokens.length);
  const code = (i: number): number => (pixels ? Math.round(tokens[i] * 65536) : tokens[i]) + 1;
  let [low, high, leadLow, leadHigh] = [0, 0, 1, 1];
  for (let i = 0; i < size; i++) {
    leadLow = Math.imul(leadLow, BASE_LOW);
    leadHigh = Math.imul(leadHigh, BASE_HIGH);
  }
  for (let i = 0; i < tokens.length; i++) {
    low = (Math.imul(low, BASE_LOW) + code(i)) | 0;
    high = (Math.imul(high, BASE_HIGH) + code(i)) | 0;
    if (i >= size) {
      low = (low - Math.imul(leadLow, code(i - size))) | 0;
      high = (high - Math.imul(leadHigh, code(i - size))) | 0;
    }
    if (i >= size - 1) visit((low >>> 0) * 2 ** 20 + (high >>> 12), i - size + 1, i + 1);
  }
}
