import type { WindowEntry } from './window-file.ts';
import type { AnchoredWindow } from './window-search.ts';

export interface GreedyStep {
  layer: number;
  window: AnchoredWindow;
  /** Loss after the layer has its best window; later layers still have the default. */
  loss: number;
}

export interface GreedyResult {
  windows: WindowEntry[];
  steps: GreedyStep[];
  /** Evaluations of the whole model. */
  evaluations: number;
}

/**
 * The paper's per-layer tuning (Fig. 7): layer by layer, every candidate window is tried with a full evaluation, the
 * best is kept, later layers hold the default.
 * @param lossOf loss of the model with the given windows
 */
export async function greedyWindows(
  name: string,
  layers: number,
  candidates: readonly AnchoredWindow[],
  start: AnchoredWindow,
  lossOf: (windows: readonly WindowEntry[]) => Promise<number>,
): Promise<GreedyResult> {
  const windows: WindowEntry[] = Array.from({ length: layers }, (_, layer) => ({
    function: name,
    layer,
    ...start,
  }));
  let loss = await lossOf(windows);
  let evaluations = 1;
  const steps: GreedyStep[] = [];
  for (let layer = 0; layer < layers; layer++) {
    let best: AnchoredWindow = start;
    for (const candidate of candidates) {
      if (candidate.lo === start.lo && candidate.hi === start.hi && candidate.anchor === start.anchor)
        continue;
      const trial = windows.with(layer, { function: name, layer, ...candidate });
      const value = await lossOf(trial);
      evaluations += 1;
      if (value < loss) {
        loss = value;
        best = candidate;
      }
    }
    windows[layer] = { function: name, layer, lo: best.lo, hi: best.hi, anchor: best.anchor };
    steps.push({ layer, window: best, loss });
  }
  return { windows, steps, evaluations };
}
