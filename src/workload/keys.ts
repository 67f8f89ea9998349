import type { Attention } from './model.ts';
import type { Extent, Phase } from './operator.ts';

/** Products of queries and keys of one shape: `positions` queries see `keys`, in `products` a sequence, `times` over. */
export interface KeyExtent {
  keys: Extent;
  positions: number;
  products: number;
  times: number;
}

/** The most keys that a query sees, whatever chooses them: a sliding window, or an indexer. */
export const keyLimit = ({ window, indexer }: Attention): number | undefined =>
  indexer === undefined ? window : Math.min(window ?? Infinity, indexer.selected);

/**
 * How many keys the queries of a phase see, and how often. Decode sees one more key a step until a sliding window
 * (or what an indexer selects) is full, and as many from then on; in chunked attention it starts again with every
 * chunk.
 */
export function keyExtents(
  attention: Attention,
  phase: Phase,
  prefill: number,
  context: number,
): KeyExtent[] {
  const { crossSequence, chunk } = attention;
  const decoded = Math.max(0, context - prefill);
  const at = { positions: 1, products: 1 };
  if (crossSequence !== undefined) {
    return phase === 'prefill'
      ? [{ keys: crossSequence, positions: prefill, products: 1, times: 1 }]
      : [{ ...at, keys: crossSequence, times: decoded }];
  }
  if (phase === 'prefill') return promptExtents(prefill, chunk ?? Infinity);
  if (decoded === 0) return [];
  if (chunk !== undefined) return chunkExtents(prefill, context, chunk).map((one) => ({ ...at, ...one }));
  const limit = keyLimit(attention);
  const full = limit === undefined ? context : Math.min(limit, context);
  const growing = prefill + 1 <= full ? [{ ...at, keys: { from: prefill + 1, to: full }, times: 1 }] : [];
  const saturated = context - Math.max(full, prefill);
  return saturated > 0 ? [...growing, { ...at, keys: full, times: saturated }] : growing;
}

/** The prompt in one product, or in one a chunk. */
function promptExtents(prefill: number, chunk: number): KeyExtent[] {
  if (prefill <= chunk) return [{ keys: prefill, positions: prefill, products: 1, times: 1 }];
  const rest = prefill % chunk;
  const whole = { keys: chunk, positions: chunk, products: Math.floor(prefill / chunk), times: 1 };
  return rest === 0 ? [whole] : [whole, { keys: rest, positions: rest, products: 1, times: 1 }];
}

/** Keys of the decoded positions: those of the chunk that the position lies in, itself included. */
function chunkExtents(prefill: number, context: number, chunk: number): { keys: Extent; times: number }[] {
  const start = prefill % chunk;
  const end = (context - 1) % chunk;
  const between = Math.floor((context - 1) / chunk) - Math.floor(prefill / chunk);
  if (between === 0) return [{ keys: { from: start + 1, to: end + 1 }, times: 1 }];
  return [
    { keys: { from: start + 1, to: chunk }, times: 1 },
    ...(between > 1 ? [{ keys: { from: 1, to: chunk }, times: between - 1 }] : []),
    { keys: { from: 1, to: end + 1 }, times: 1 },
  ];
}

/** Share of a P × P score matrix that causality (and a sliding window) leaves: position p sees min(p+1, w) keys. */
export function causalShare(positions: number, window = positions): number {
  const w = Math.min(window, positions);
  return ((w * (w + 1)) / 2 + (positions - w) * w) / (positions * positions);
}
