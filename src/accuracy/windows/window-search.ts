import { WINDOW_EXPONENTS } from '../../vlp/array.ts';
import { type Anchor, type ExponentWindow, slide } from '../../vlp/window.ts';
import { addHistogram, type Calibration, emptyHistogram, type InputHistogram } from './histogram.ts';
import { exponentAt, EXPONENTS, exponentIndex } from './rounded-input.ts';
import type { WindowEntry } from './window-file.ts';

/** A LUT window of exponents, with the end that the sliding window keeps to (Mugi §3.3, Fig. 6). */
export interface AnchoredWindow extends ExponentWindow {
  anchor: Anchor;
}

/** Candidate upper ends: from below every useful window to above every finite BF16 score seen in practice. */
const CANDIDATES = Array.from({ length: 12 }, (_, i) => i - 4);

/**
 * Expected cost per row of a max-anchored window [lo, hi] in closed form: for each largest exponent of a group the
 * sliding window is known; inputs below it cost `below`, those above hi `above`.
 */
export function windowCost(histogram: InputHistogram, lo: number, hi: number): number {
  let cost = 0;
  const top = exponentIndex(hi);
  for (let g = 0; g < EXPONENTS; g++) {
    const bottom = exponentIndex(slide({ lo, hi }, 'max', WINDOW_EXPONENTS, exponentAt(g)).lo);
    for (let e = 0; e < EXPONENTS; e++) {
      const cell = g * EXPONENTS + e;
      if (histogram.count[cell] === 0) continue;
      const part = e > top ? histogram.above : e < bottom ? histogram.below : histogram.inside;
      cost += part[cell];
    }
  }
  return histogram.rows > 0 ? cost / histogram.rows : 0;
}

/** What each candidate window costs all rows of a histogram together. */
export const candidateCosts = (histogram: InputHistogram, lutSize: number): number[] =>
  CANDIDATES.map((hi) => histogram.rows * windowCost(histogram, hi - (lutSize - 1), hi));

/** Which candidate a chosen window is. */
export const candidateOf = ({ hi }: ExponentWindow): number => CANDIDATES.indexOf(hi);

export interface WindowChoice extends AnchoredWindow {
  cost: number;
}

/** All candidate windows of a LUT of `lutSize` exponents, with their expected cost, cheapest first. */
export function rankWindows(histogram: InputHistogram, lutSize: number): WindowChoice[] {
  return CANDIDATES.map((hi): WindowChoice => {
    const lo = hi - (lutSize - 1);
    return { lo, hi, anchor: 'max', cost: windowCost(histogram, lo, hi) };
  }).sort((a, b) => a.cost - b.cost || a.hi - b.hi);
}

/** How finely windows are chosen. Fewer windows mean fewer LUT reloads. */
export type Granularity = 'function' | 'layer' | 'head';

export const GRANULARITIES: readonly Granularity[] = ['function', 'layer', 'head'];

/** Windows that the heads of one layer may share between them; more would reload the LUT for each head. */
const HEAD_CLUSTERS = 2;

/** The cheapest windows for a calibrated model; no pass of the model beyond the calibration. */
export function chooseWindows(
  calibration: Calibration,
  activation: string,
  lutSize: number,
  granularity: Granularity,
): WindowEntry[] {
  const best = (histogram: InputHistogram): AnchoredWindow => {
    const { lo, hi, anchor } = rankWindows(histogram, lutSize)[0];
    return { lo, hi, anchor };
  };
  if (granularity === 'function') {
    return [
      { function: 'softmax', ...best(sum(calibration.softmax.flat())) },
      { function: activation, ...best(sum(calibration.activation)) },
    ];
  }
  const softmax = calibration.softmax.flatMap((heads, layer): WindowEntry[] =>
    granularity === 'layer'
      ? [{ function: 'softmax', layer, ...best(sum(heads)) }]
      : clusterHeads(heads, lutSize).map(({ window, members }) => ({
          function: 'softmax',
          layer,
          heads: members,
          ...window,
        })),
  );
  const activations = calibration.activation.map((histogram, layer): WindowEntry => {
    return { function: activation, layer, ...best(histogram) };
  });
  return [...softmax, ...activations];
}

/**
 * Splits heads into at most `HEAD_CLUSTERS` groups, each with one window, so that the summed cost is least: all
 * sets of that many candidate windows are tried, each head taking the cheaper one.
 */
export function clusterHeads(
  heads: readonly InputHistogram[],
  lutSize: number,
): { window: AnchoredWindow; members: number[] }[] {
  const costs = heads.map((histogram) => candidateCosts(histogram, lutSize));
  let best = { cost: Infinity, chosen: [0] };
  for (const chosen of subsets(CANDIDATES.length, HEAD_CLUSTERS)) {
    const cost = costs.reduce((total, head) => total + Math.min(...chosen.map((c) => head[c])), 0);
    // A second window must earn its reload.
    if (cost < best.cost * (chosen.length > best.chosen.length ? 0.95 : 1)) best = { cost, chosen };
  }
  return best.chosen
    .map((candidate) => ({
      window: {
        lo: CANDIDATES[candidate] - (lutSize - 1),
        hi: CANDIDATES[candidate],
        anchor: 'max' as const,
      },
      members: costs.flatMap((head, h) =>
        best.chosen.toSorted((a, b) => head[a] - head[b])[0] === candidate ? [h] : [],
      ),
    }))
    .filter(({ members }) => members.length > 0);
}

/** Index sets of 1 to `size` of `count` candidates, small sets first. */
function subsets(count: number, size: number): number[][] {
  let last: number[][] = [[]];
  const all: number[][] = [];
  for (let n = 1; n <= size; n++) {
    last = last.flatMap((set) =>
      Array.from({ length: count - ((set.at(-1) ?? -1) + 1) }, (_, i) => [
        ...set,
        (set.at(-1) ?? -1) + 1 + i,
      ]),
    );
    all.push(...last);
  }
  return all;
}

function sum(histograms: readonly InputHistogram[]): InputHistogram {
  const total = emptyHistogram();
  for (const histogram of histograms) addHistogram(total, histogram);
  return total;
}
