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
  probabilities: Float64Array;
  /** log Σ exp of the logits. */
  lse: number;
  best: number;
}

const logSumExp = (logits: Float32Array, at: number, size: number, max: number): number => {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += Math.exp(logits[at + i] - max);
  return max + Math.log(sum);
};

function argmax(logits: Float32Array, at: number, size: number): number {
  let best = 0;
  for (let i = 1; i < size; i++) if (logits[at + i] > logits[at + best]) best = i;
  return best;
}

/**
 * Scores `runs` against `reference`, row by row; without one their losses alone.
 * @param runs logits [targets × outputs] of every way of computing
 * @returns per run, per row: the sums are the caller's
 */
export function scoreRows(
  reference: Float32Array | undefined,
  runs: readonly Float32Array[],
  targets: Int32Array,
  outputs: number,
  add: (run: number, row: number, score: BlockScore) => void,
): void {
  const probabilities = new Float64Array(outputs);
  for (let row = 0; row < targets.length; row++) {
    const at = row * outputs;
    const ref = reference && prepare(reference, at, outputs, probabilities);
    for (const [run, logits] of runs.entries()) {
      const best = argmax(logits, at, outputs);
      const lse = logSumExp(logits, at, outputs, logits[at + best]);
      add(run, row, {
        loss: lse - logits[at + targets[row]]!,
        kl: ref && reference ? divergence(ref, reference, logits, at, outputs, lse) : 0,
        top1: best === ref?.best ? 1 : 0,
        correct: best === targets[row] ? 1 : 0,
      });
    }
  }
}

/** Σ p·(log p − log q), term by term, so that equal logits give exactly 0; a clamp at 0 would only push the mean up. */
function divergence(
  ref: Reference,
  reference: Float32Array,
  logits: Float32Array,
  at: number,
  outputs: number,
  lse: number,
): number {
  const shift = lse - ref.lse;
  let kl = 0;
  for (let i = 0; i < outputs; i++) {
    const p = ref.probabilities[i];
    if (p > 0) kl += p * (reference[at + i] - logits[at + i] + shift);
  }
  return kl;
}

function prepare(logits: Float32Array, at: number, size: number, probabilities: Float64Array): Reference {
  const best = argmax(logits, at, size);
  const lse = logSumExp(logits, at, size, logits[at + best]);
  for (let i = 0; i < size; i++) probabilities[i] = Math.exp(logits[at + i] - lse);
  return { probabilities, lse, best };
}
