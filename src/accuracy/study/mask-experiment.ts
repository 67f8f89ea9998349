import {
  type NonlinearEvaluator,
  exactNonlinear,
  type AttentionSoftmax,
} from '../../model/layer/nonlinear.ts';
import type { ModelConfig } from '../../model/config/config.ts';
import { FLOAT16, roundTo } from '../../number/rounding.ts';
import { vlp } from '../../vlp/vlp.ts';
import type { ExponentWindow } from '../../vlp/window.ts';
import { noRanges } from './methods.ts';
import type { NamedUnit } from '../score/accuracy-row.ts';

/** The FP16 minimum, which models that run in FP16 add to scores that must not be seen. */
const FP16_MINIMUM = -65504;

/** How often the additive mask overflows: the entries that leak in the artifact's softmax. */
export interface LeakCount {
  masked: number;
  /** Masked entries whose score is so low that −65504 + score is −∞ in FP16 (score ≤ −16). */
  leaked: number;
}

/**
 * The mask experiment: softmax by VLP on a causal model, everything else exact, differing in one thing at a time.
 * - `exact`
 * - `artifact, additive FP16 mask`: the authors' softmax, masked as their FP16 models are (−65504 is added);
 * - `artifact, boolean mask`: the same rules on the visible part of each row only, masked entries exactly 0;
 * - `hardware, boolean mask`: our default.
 * Windows hold exactly 8 exponents, so that the choice of a sliding window plays no part and rows can be computed
 * one by one.
 * @param shift subtracted from every score, seen or masked: softmax does not change by it, but the additive mask
 *   overflows the more often the larger it is
 */
export function maskVariants(
  config: ModelConfig,
  window: ExponentWindow,
  shift = 0,
): { units: NamedUnit[]; leaks: LeakCount[] } {
  const none = () => Array.from({ length: config.layers }, (): LeakCount => ({ masked: 0, leaked: 0 }));
  const leaks = none();
  // Of the batch in progress: finished batches are kept with their counts, so that they need not be computed again.
  let batch = none();
  const additive = vlp.softmax({ mode: 'artifact', window, float16: true });
  // Sums as the artifact forms them, which are no part of this comparison: mugi sums measures those.
  const hardware = vlp.softmax({ mode: 'hardware', window, accumulate: 'fp32' });
  const softmaxOnly = (method: string, label: string, softmax: NonlinearEvaluator['softmax']): NamedUnit => ({
    method,
    unit: {
      readsMasked: true,
      softmax(call) {
        if (shift !== 0) for (let i = 0; i < call.scores.length; i++) call.scores[i] -= shift;
        softmax(call);
      },
      activation: exactNonlinear.activation,
    },
    ranges: noRanges,
    label,
  });
  const units: NamedUnit[] = [
    { method: 'exact', unit: exactNonlinear, ranges: noRanges, label: 'exact' },
    {
      ...softmaxOnly('artifact, additive FP16 mask', 'masked entries get −65504 in FP16', (call) => {
        countLeaks(call, batch[call.layer]);
        apply(additive, call, 0, call.rows, call.columns, call.lengths);
      }),
      ranges() {
        const tallies = batch.flatMap(({ masked, leaked }) => [masked, leaked]);
        batch = none();
        return { ...noRanges(), tallies };
      },
      onTallies(tallies) {
        for (const [layer, leak] of leaks.entries()) {
          leak.masked = tallies[2 * layer];
          leak.leaked = tallies[2 * layer + 1];
        }
      },
    },
    softmaxOnly('artifact, boolean mask', 'masked entries are exactly 0', (call) => {
      for (let r = 0; r < call.rows; r++) {
        const length = call.lengths[r];
        apply(additive, call, r, 1, length);
        call.scores.fill(0, r * call.columns + length, (r + 1) * call.columns);
      }
    }),
    softmaxOnly('hardware, boolean mask', 'masked entries are exactly 0', (call) => {
      apply(hardware, call, 0, call.rows, call.columns, call.lengths);
    }),
  ];
  return { units, leaks };
}

function apply(
  softmax: ReturnType<typeof vlp.softmax>,
  call: AttentionSoftmax,
  row: number,
  rows: number,
  cols: number,
  lengths?: Int32Array,
): void {
  const scores = call.scores.subarray(row * call.columns, row * call.columns + rows * cols);
  softmax.apply({ scores, out: scores, rows, cols, ...(lengths ? { lengths } : {}) });
}

function countLeaks({ scores, rows, columns, lengths }: AttentionSoftmax, count: LeakCount): void {
  for (let r = 0; r < rows; r++) {
    for (let c = lengths[r]; c < columns; c++) {
      count.masked += 1;
      const sum = roundTo(roundTo(scores[r * columns + c], FLOAT16) + FP16_MINIMUM, FLOAT16);
      if (sum === -Infinity) count.leaked += 1;
    }
  }
}
