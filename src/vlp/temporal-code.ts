/**
 * Temporal code (Mugi §2.1, Fig. 2): an up-counter runs 0, 1, …, 2^n − 1 and a value is the cycle in which it
 * equals the counter. What a shared accumulator holds in that cycle is the value's product: multiplication
 * without a multiplier, and one accumulator serves all listeners.
 */

/** Cycles an n-bit temporal code takes. */
function cyclesOf(bits: number): number {
  return 2 ** bits;
}

/** The spike train of a magnitude: 1 in the cycle that equals it. */
export function spikes(magnitude: number, bits: number): Uint8Array {
  const train = new Uint8Array(cyclesOf(bits));
  train[magnitude] = 1;
  return train;
}

/**
 * Temporal subscription: picks what the shared bus carries in the cycle of the spike. `bus[t]` is t·w in a
 * product, LUT row t in a nonlinear function.
 */
export function subscribe<T>(train: Uint8Array, bus: readonly T[]): T | undefined {
  return bus[train.indexOf(1)];
}
