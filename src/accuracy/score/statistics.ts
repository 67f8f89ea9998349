/** A mean over targets with the half-width of its 95 % confidence interval, over blocks as the independent units. */
export interface Estimate {
  mean: number;
  /** Half-width; infinite with fewer than two blocks. */
  ci95: number;
}

/** Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom (Abramowitz & Stegun, table 26.10). */
const T95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

/** The same of the normal distribution. */
const Z95 = 1.96;

const quantile = (freedom: number): number => T95[freedom - 1] ?? Z95 + 2.5 / freedom;

/**
 * Ratio estimate Σ sums / Σ counts with its standard error by linearisation (Cochran, Sampling Techniques, §6.3):
 * tokens of one block are not independent, blocks are taken to be.
 */
export function ratioEstimate(sums: readonly number[], counts: readonly number[]): Estimate {
  const n = sums.length;
  const total = counts.reduce((a, b) => a + b, 0);
  const mean = sums.reduce((a, b) => a + b, 0) / total;
  if (n < 2) return { mean, ci95: Infinity };
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (sums[i] - mean * counts[i]) ** 2;
  const error = Math.sqrt((squares * n) / (n - 1)) / total;
  return { mean, ci95: quantile(n - 1) * error };
}

/**
 * A share of questions, with the farther end of Wilson's score interval (J. Am. Stat. Assoc. 22, 1927): it stays within 0 and
 * 1, and is not empty where all or none are right.
 * @param right 1 or 0 a question
 */
export function shareEstimate(right: readonly number[]): Estimate {
  const n = right.length;
  const mean = right.reduce((a, b) => a + b, 0) / n;
  const widened = 1 + Z95 ** 2 / n;
  const centre = (mean + Z95 ** 2 / (2 * n)) / widened;
  const half = (Z95 / widened) * Math.sqrt((mean * (1 - mean)) / n + Z95 ** 2 / (4 * n ** 2));
  return { mean, ci95: Math.abs(mean - centre) + half };
}

/** Mean difference of two ways of computing on the same blocks: far narrower than the interval of either. */
export function pairedDifference(
  a: readonly number[],
  b: readonly number[],
  counts: readonly number[],
): Estimate {
  return ratioEstimate(
    a.map((x, i) => x - b[i]),
    counts,
  );
}

/** The same of two shares of the same questions, whose interval ends where differences of shares do. */
export function shareDifference(a: readonly number[], b: readonly number[]): Estimate {
  const { mean, ci95 } = pairedDifference(
    a,
    b,
    a.map(() => 1),
  );
  return { mean, ci95: Number.isFinite(ci95) ? Math.min(ci95, 1 + Math.abs(mean)) : ci95 };
}

/** Whether a difference is indistinguishable from 0 by its interval; null without an interval. */
export const isTie = ({ mean, ci95 }: Estimate): boolean | null =>
  Number.isFinite(ci95) ? Math.abs(mean) <= ci95 : null;
