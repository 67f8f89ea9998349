import { MugiError } from '../../errors.ts';

/** What a row of scores sees, where that is not simply the first so many keys. */
export interface RowShape {
  /** Keys [from, to) of each row. */
  from: Int32Array;
  to: Int32Array;
  /** A learned score before each row's first one, which takes its share and leaves (GPT-OSS). */
  sinks?: Float32Array | undefined;
}

/**
 * Softmax of rows that begin behind the first key (sliding windows) or have a sink. What a row sees is moved to its
 * beginning, as a unit gets it that is given nothing masked: rows are as long as their windows, and the functions of the
 * arithmetic need not know of either. scores [rows × columns], replaced by probabilities, 0 outside.
 */
export function softmaxRows(
  scores: Float32Array,
  columns: number,
  { from, to, sinks }: RowShape,
  softmax: (scores: Float32Array, columns: number, lengths: Int32Array) => void,
): void {
  const before = sinks === undefined ? 0 : 1;
  const lengths = to.map((end, i) => end - from[i] + before);
  const width = lengths.reduce((a, b) => Math.max(a, b), 0);
  const rows = lengths.length;
  const close = new Float32Array(rows * width);
  for (let r = 0; r < rows; r++) {
    if (sinks !== undefined) close[r * width] = sinks[r];
    close.set(scores.subarray(r * columns + from[r], r * columns + to[r]), r * width + before);
  }
  softmax(close, width, lengths);
  scores.fill(0);
  for (let r = 0; r < rows; r++) {
    scores.set(close.subarray(r * width + before, r * width + lengths[r]), r * columns + from[r]);
  }
}

/**
 * The same of rows that see the keys of their own region: those are moved to their beginning, and back.
 * @param own region of each row
 * @param regions region of each key
 */
export function softmaxWithin(
  scores: Float32Array,
  columns: number,
  own: Int32Array,
  regions: Int32Array,
  softmax: (scores: Float32Array, columns: number, lengths: Int32Array) => void,
): void {
  const keys = new Map<number, number[]>();
  for (const [key, region] of regions.entries()) keys.set(region, [...(keys.get(region) ?? []), key]);
  const seen = Array.from(own, (region) => keys.get(region)!);
  const width = seen.reduce((most, { length }) => Math.max(most, length), 0);
  const close = new Float32Array(own.length * width);
  for (const [r, visible] of seen.entries()) {
    for (const [i, key] of visible.entries()) close[r * width + i] = scores[r * columns + key];
  }
  softmax(
    close,
    width,
    Int32Array.from(seen, ({ length }) => length),
  );
  scores.fill(0);
  for (const [r, visible] of seen.entries()) {
    for (const [i, key] of visible.entries()) scores[r * columns + key] = close[r * width + i];
  }
}

/** Experiments with masks that are added need every masked score, which rows that are moved do not have. */
export function refuseMaskedScores(): never {
  throw new MugiError({
    code: 'unsupported',
    message: 'masks that are added to scores are not defined here for models with sliding windows or sinks',
    path: 'model',
    expected: 'a model whose every layer sees the whole context',
  });
}
