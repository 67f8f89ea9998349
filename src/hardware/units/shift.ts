import { Bits, concat, constant, type Operand } from '../bits.ts';

/** Number of zeros above the highest one; the width of the value, rounded up to a power of two, when it is zero. */
export function leadingZeros(value: Bits): Bits {
  const levels = Math.ceil(Math.log2(value.width));
  const padded = 2 ** levels === value.width ? value : concat(value, constant(0, 2 ** levels - value.width));
  return zeros(padded);
}

/** Count of a power-of-two width; one bit more than its logarithm, the top bit meaning "all zero". */
function zeros(value: Bits): Bits {
  if (value.width === 1) return value.not();
  const high = zeros(value.high(value.width / 2));
  const low = zeros(value.low(value.width / 2));
  const empty = high.msb;
  if (high.width === 1) return concat(empty.and(low), empty.and(low.not()));
  const rest = empty.choose(low.low(low.width - 1), high.low(high.width - 1));
  return concat(empty.and(low.msb), empty.and(low.msb.not()), rest);
}

/** Shifts right by `amount`; what falls out at the bottom is kept as a sticky one in the lowest bit. */
export function shiftRightSticky(value: Bits, amount: Bits): Bits {
  let shifted = value;
  let lost: Bits = constant(0, 1);
  for (let k = 0; k < amount.width; k++) {
    const step = 2 ** k;
    const chosen = amount.bit(k);
    if (step >= value.width) {
      lost = lost.or(chosen.and(shifted.any()));
      shifted = shifted.gate(chosen.not());
    } else {
      lost = lost.or(chosen.and(shifted.low(step).any()));
      shifted = chosen.choose(concat(constant(0, step), shifted.high(value.width - step)), shifted);
    }
  }
  return concat(shifted.high(value.width - 1), shifted.bit(0).or(lost));
}

/** Adds with a carry in, in one adder: {a, carry} + {b, carry}. */
export function addWithCarry(a: Bits, b: Operand, carry: Bits): Bits {
  const right = b instanceof Bits ? b : constant(b, a.width);
  return concat(a, carry).add(concat(right, carry)).high(a.width);
}
