import { type Bits, concat, constant, mux } from '../../hardware/bits.ts';
import type { ModuleBuilder } from '../../hardware/module.ts';
import { unit } from '../unit.ts';

/**
 * The FP-INT front end after FIGNA (HPCA 2024): the BF16 activations of a vector are aligned to their largest
 * exponent, so that multiplication by INT4 weights and the sum over the vector are integer.
 */

/** Bits kept below the eight significant ones; what alignment shifts further out is dropped. Our choice. */
export const GUARD_BITS = 4;
/** Magnitude of an aligned activation; its sign is stored beside it. */
export const ALIGNED_BITS = 8 + GUARD_BITS;

export const exponentOf = (x: number): number => (x >>> 7) & 0xff;

/** The exponent that a vector of BF16 patterns shares. */
export const sharedExponent = (values: ArrayLike<number>): number =>
  Math.max(...Array.from(values, exponentOf));

/** Places by which the significand of an exponent is shifted right; sixteen and more empty it alike. */
export const alignmentDistance = (shared: number, exponent: number): number =>
  Math.min(shared - exponent, 15);

/** Aligned magnitude, with the sign above it: [ALIGNED_BITS] sign, below it the magnitude. Subnormals are zero. */
export function align(x: number, distance: number): number {
  const significand = exponentOf(x) === 0 ? 0 : 0x80 | (x & 0x7f);
  return ((x >>> 15) << ALIGNED_BITS) | ((significand << GUARD_BITS) >>> distance);
}

/** What an aligned significand counts, with its sign. */
export function alignedValue(aligned: number): number {
  const magnitude = aligned & ((1 << ALIGNED_BITS) - 1);
  return aligned === magnitude ? magnitude : -magnitude;
}

/** What the significand of a BF16 pattern counts once it is aligned to an exponent, with its sign. */
export const alignedTo = (shared: number, x: number): number =>
  alignedValue(align(x, alignmentDistance(shared, exponentOf(x))));

/** Aligned significands of a vector of BF16 patterns with their signs, and the exponent that they share. */
export function signedSignificands(vector: ArrayLike<number>): { aligned: Int32Array; shared: number } {
  const shared = sharedExponent(vector);
  const aligned = Int32Array.from(vector, (x) => alignedTo(shared, x));
  return { aligned, shared };
}

/** The hardware of `alignmentDistance`: four bits, all ones where the exponent is far below. */
export function distanceTo(m: ModuleBuilder, shared: Bits, exponent: Bits): Bits {
  const difference = m.wire('difference', shared.sub(exponent));
  return difference.low(4).or(difference.high(4).any().repeat(4));
}

/**
 * A lane's share in finding the exponent: one node of the maximum tree, registered, and the lane's distance to the
 * shared exponent once that is known.
 */
export const exponentAllocation = unit({
  name: 'exponent_allocation',
  doc: 'A node of the exponent maximum tree (registered), and the distance of an exponent to the shared one.',
  inputs: { left: 8, right: 8, shared: 8, exponent: 8 },
  hardware: (m, { left, right, shared, exponent }) => {
    const larger = m.delay('larger', mux(left.lt(right), right, left));
    return { larger, distance: distanceTo(m, shared, exponent) };
  },
  behaviour() {
    let larger: number | undefined;
    return {
      shown: ({ shared, exponent }): Record<string, number> => ({
        distance: alignmentDistance(shared, exponent),
        ...(larger === undefined ? {} : { larger }),
      }),
      clock({ left, right }) {
        larger = Math.max(left, right);
      },
    };
  },
  /** The shared exponent is the largest. */
  work: (draw) => () => {
    const [left, right, shared] = draw.list(3, () => exponentOf(draw.bf16()));
    return {
      left,
      right,
      shared,
      exponent: draw.flag() ? draw.below(shared + 1) : Math.max(0, shared - draw.below(20)),
    };
  },
  events: {
    far: { when: ({ shared, exponent }) => shared - exponent > 15 },
    near: { when: ({ shared, exponent }) => shared - exponent <= 15 },
  },
});

export const prealigner = unit({
  name: 'prealigner',
  doc: 'Shifts the significand of a BF16 value to the shared exponent; sign and magnitude.',
  inputs: { x: 16, distance: 4 },
  hardware: (m, { x, distance }) => {
    const normal = x.slice(14, 7).any();
    const significand = m.wire('significand', concat(normal, x.low(7).gate(normal), constant(0, GUARD_BITS)));
    return { aligned: concat(x.msb, significand.shiftRight(distance)) };
  },
  behaviour: () => ({ shown: ({ x, distance }) => ({ aligned: align(x, distance) }) }),
  work: (draw) => () => ({ x: draw.bf16(), distance: draw.below(16) }),
  events: {},
});

/** Cycles from a vector of so many activations to its aligned significands; the shared exponent is there one earlier. */
export const alignmentLatency = (lanes: number): number => Math.log2(lanes) + 1;

/**
 * The left edge of an integer array: finds the exponent that a vector shares, a level of the tree a cycle, and aligns.
 * `lanes` is a power of two. Lane i holds node i of the tree (lanes 0 to N − 2) and its own distance. Registers hold where
 * the enable of their cycle is low, if there are enables.
 */
export function alignVector(
  m: ModuleBuilder,
  activation: readonly Bits[],
  enables: readonly Bits[] = [],
): { aligned: Bits[]; shared: Bits } {
  const levels = Math.log2(activation.length);
  const waited = activation.map((x, row) => {
    let value = x;
    for (let level = 0; level < levels; level++)
      value = m.delay(`searched_${row}_${level}`, value, { enable: enables[level] });
    return value;
  });
  const root = m.declare('shared', 8);
  let exponents: Bits[] = activation.map((x) => x.slice(14, 7));
  const distances: Bits[] = [];
  const lane = (left: Bits, right: Bits): Bits => {
    const row = distances.length;
    const exponent = waited[row].slice(14, 7);
    const allocation = m.instance(`allocate_${row}`, exponentAllocation.module, {
      left,
      right,
      shared: root,
      exponent,
    });
    distances.push(allocation.distance);
    return allocation.larger;
  };
  while (exponents.length > 1) {
    const above: Bits[] = [];
    for (let i = 0; i < exponents.length; i += 2) above.push(lane(exponents[i], exponents[i + 1]));
    exponents = above;
  }
  root.drive(exponents[0]);
  lane(constant(0, 8), constant(0, 8));
  const aligned = waited.map((x, row) => {
    const one = m.instance(`prealigner_${row}`, prealigner.module, { x, distance: distances[row] });
    const enable = enables[levels];
    return m.delay(`aligned_${row}`, one.aligned, enable === undefined ? { reset: 0 } : { enable });
  });
  return { aligned, shared: root };
}
