/** What one block yields for one way of computing, summed over its targets. */
export interface BlockScore {
  /** −Σ log p(target), in nats. */
  loss: number;
  /** Σ KL(reference ‖ this) of the output distributions, in nats. */
  kl: number;
  /** Targets where the most likely output is the reference's. */
  top1: number;
  /** Targets where the most likely output is the target. */
  correct: number;
}

/** A reference's distribution over the outputs of one row, prepared for comparisons. */
interface Reference {
  probabilities: Float32Array;
  /** Σ p·log p */
  negativeEntropy: number;
  best: number;
}

const logSumExp = (logits: Float32Array, at: number, size: number, max: number): number => {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += Math.exp(logits[at + i]! - max);
  return max + Math.log(sum);
};

function argmax(logits: Float32Array, at: number, size: number): number {
  let best = 0;
  for (let i = 1; i < size; i++) if (logits[at + i]! > logits[at + best]!) best = i;
  return best;
}

/**
 * Scores `runs` against `reference`, row by row.
 * @param runs logits [targets × outputs] of every way of computing
 * @returns per run, per row: the sums are the caller's
 */
export function scoreRows(
  reference: Float32Array,
  runs: readonly Float32Array[],
  targets: Int32Array,
  outputs: number,
  add: (run: number, row: number, score: BlockScore) => void,
): void {
  const probabilities = new Float32Array(outputs);
  for (let row = 0; row < targets.length; row++) {
    const at = row * outputs;
    const ref = prepare(reference, at, outputs, probabilities);
    for (const [run, logits] of runs.entries()) {
      const best = argmax(logits, at, outputs);
      const lse = logSumExp(logits, at, outputs, logits[at + best]!);
      let cross = 0;
      for (let i = 0; i < outputs; i++) {
        const p = ref.probabilities[i]!;
        if (p > 0) cross += p * logits[at + i]!;
      }
      add(run, row, {
        loss: lse - logits[at + targets[row]!]!,
        kl: Math.max(0, ref.negativeEntropy - cross + lse),
        top1: best === ref.best ? 1 : 0,
        correct: best === targets[row] ? 1 : 0,
      });
    }
  }
}

function prepare(logits: Float32Array, at: number, size: number, probabilities: Float32Array): Reference {
  const best = argmax(logits, at, size);
  const lse = logSumExp(logits, at, size, logits[at + best]!);
  let sum = 0;
  let entropy = 0;
  for (let i = 0; i < size; i++) {
    const p = Math.exp(logits[at + i]! - lse);
    probabilities[i] = p;
    sum += probabilities[i]!;
    entropy += probabilities[i]! * logits[at + i]!;
  }
  // Σp differs from 1 by float32 rounding; scaling keeps KL(x ‖ x) at rounding level.
  for (let i = 0; i < size; i++) probabilities[i]! /= sum;
  return { probabilities, negativeEntropy: entropy / sum - lse, best };
}
