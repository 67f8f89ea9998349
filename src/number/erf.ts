/**
 * Complementary error function to about 1e-14 relative, for GELU tables and exact references.
 * With t = 2/(2+z), erfc(z)·e^(z²)/t is smooth on t in (0, 1], so a Chebyshev series represents it for all z ≥ 0
 * (the substitution of Numerical Recipes §6.2). Its coefficients are computed once from the two classical
 * expansions (Abramowitz and Stegun 7.1.6 and 7.1.14) instead of being typed in.
 */
const TERMS = 44;

/** erfc(z)·e^(z²) for z ≥ 0, slowly. */
function scaledErfc(z: number): number {
  if (z < 1) {
    // erf(z) = 2/√π · e^(-z²) · Σ 2^n z^(2n+1) / (2n+1)!!: only positive terms, so nothing cancels inside.
    let term = z;
    let sum = z;
    for (let n = 1; term > sum * 1e-18; n++) {
      term *= (2 * z * z) / (2 * n + 1);
      sum += term;
    }
    return Math.exp(z * z) - (2 / Math.sqrt(Math.PI)) * sum;
  }
  // Continued fraction √π·e^(z²)·erfc(z) = 1/(z + ½/(z + 1/(z + 3⁄2/(z + …)))), evaluated from the far end.
  let tail = z;
  for (let n = 300; n >= 1; n--) tail = z + n / 2 / tail;
  return 1 / (Math.sqrt(Math.PI) * tail);
}

/** Coefficients of the series, the first one halved. */
export const ERFC_SERIES = new Float64Array(TERMS);
for (let j = 0; j < TERMS; j++) {
  let sum = 0;
  for (let k = 0; k < TERMS; k++) {
    const angle = (Math.PI * (k + 0.5)) / TERMS;
    const t = (Math.cos(angle) + 1) / 2;
    sum += (scaledErfc(2 / t - 2) / t) * Math.cos(j * angle);
  }
  ERFC_SERIES[j] = ((j === 0 ? 1 : 2) * sum) / TERMS;
}

/**
 * erfc(x) = 1 − erf(x) for every real x, with small relative error in the far tail too.
 * @param exp e^x for x ≤ 0
 */
export function erfc(x: number, exp: (x: number) => number = Math.exp): number {
  if (Number.isNaN(x)) return Number.NaN;
  const z = Math.abs(x);
  if (z > 28) return x > 0 ? 0 : 2;
  const t = 2 / (2 + z);
  const u = 4 * t - 2;
  let b1 = 0;
  let b2 = 0;
  for (let j = TERMS - 1; j > 0; j--) {
    const b0 = ERFC_SERIES[j] + u * b1 - b2;
    b2 = b1;
    b1 = b0;
  }
  const tail = t * exp(-z * z) * (ERFC_SERIES[0] + (u / 2) * b1 - b2);
  return x >= 0 ? tail : 2 - tail;
}
