/**
 * Sums over arithmetic series in closed form. Decode repeats one mapping at every context length; these sums make
 * its cost independent of how many lengths there are.
 */

/** Σ floor((a·i + b) / m) for i = 0…count−1; whole numbers, m > 0, a and b ≥ 0. Euclid's scheme, O(log m). */
export function sumFloor(count: number, m: number, a: number, b: number): number {
  let total = 0;
  let n = count;
  for (;;) {
    if (n <= 0) return total;
    if (a >= m) {
      const q = Math.floor(a / m);
      total += (n * (n - 1) * q) / 2;
      a -= q * m;
    }
    if (b >= m) {
      const q = Math.floor(b / m);
      total += n * q;
      b -= q * m;
    }
    const last = a * n + b;
    if (last < m) return total;
    n = Math.floor(last / m);
    b = last - n * m;
    const swap = m;
    m = a;
    a = swap;
  }
}

/** Σ ceil(bits·i / word) for i = 1…last: words that i items of `bits` take, summed. */
export function sumCeil(last: number, bits: number, word: number): number {
  return last <= 0 ? 0 : sumFloor(last, word, bits, bits + word - 1);
}

/** Σ i for i = 1…last. */
export const sumOf = (last: number): number => (last <= 0 ? 0 : (last * (last + 1)) / 2);
