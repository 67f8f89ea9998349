import { INFINITY, NAN, toBits } from '../../number/bf16.ts';
import { concat, constant, mux } from '../../hardware/bits.ts';
import { firstOf } from '../../hardware/choice.ts';
import { addWithCarry, leadingZeros } from '../../hardware/units/shift.ts';
import { GUARD_BITS } from '../figna/figna-align.ts';
import { SUM_BITS } from '../figna/figna-pe.ts';
import { unit } from '../unit.ts';

/** Exponent field of an integer whose leading one is its top bit, less the shared exponent: 127 cancels. */
const TOP = SUM_BITS - 1 - 7 - GUARD_BITS;
/** Places of a signed 32-bit number that a sum does not use. */
const SPARE = 32 - SUM_BITS;

/**
 * BF16 of an integer partial sum (signed) over activations that shared the biased exponent `shared`; rounded to
 * nearest even, then subnormals to zero. An exponent of 255 says that an activation was no finite number: NaN.
 */
export function integerToBf16(sum: number, shared: number): number {
  if (shared === 255) return NAN;
  const whole = toBits(sum);
  const field = ((whole >>> 7) & 0xff) + shared - 127 - 7 - GUARD_BITS;
  const sign = whole & 0x8000;
  if (sum === 0 || field <= 0) return sign;
  return field >= 255 ? sign | INFINITY : sign | (field << 7) | (whole & 0x7f);
}

/** The shared exponent on its way to the results: held one cycle more, and moved to the integer's top bit. */
export const exponentRestore = unit({
  name: 'exponent_restore',
  doc: 'Shared exponent, registered: exponent field of the top bit of a partial sum, and whether it is special.',
  inputs: { shared: 8 },
  hardware: (m, { shared }) => {
    const held = m.delay('held', shared);
    return { held, base: held.extend(9).add(TOP), special: held.all() };
  },
  behaviour() {
    let held: number | undefined;
    return {
      shown: (): Record<string, number> =>
        held === undefined ? {} : { held, base: held + TOP, special: held === 255 ? 1 : 0 },
      clock({ shared }) {
        held = shared;
      },
    };
  },
  work: (draw) => () => ({ shared: draw.flag(0.1) ? 255 : draw.below(256) }),
  events: { special: { when: ({ shared }) => shared === 255 } },
});

/** Ends of the range, of which the least has no negative, and sums about powers of two and ties. */
const CORNER_SUMS = [0, 1, -1, 255, 257, 2 ** (SUM_BITS - 1) - 1, -(2 ** (SUM_BITS - 1)), 0x17f, 0x181];

export const integerConverter = unit({
  name: 'integer_to_bf16',
  doc: `BF16 of a ${SUM_BITS}-bit two's complement integer with the exponent of its top bit; registered.`,
  inputs: { sum: SUM_BITS, base: 9, special: 1 },
  hardware: (m, { sum, base, special }) => {
    const magnitude = m.wire('magnitude', mux(sum.msb, sum.negate(), sum));
    const zeros = m.wire('zeros', leadingZeros(magnitude));
    const normal = m.wire('normal', magnitude.shiftLeft(zeros.low(5)));
    const up = normal.bit(SUM_BITS - 9).and(
      normal
        .low(SUM_BITS - 9)
        .any()
        .or(normal.bit(SUM_BITS - 8)),
    );
    // Minus one, because the hidden bit adds one to the exponent field again.
    const field = m.wire('field', base.extend(10).sub(zeros.extend(10)).sub(1));
    const packed = m.wire(
      'rounded',
      addWithCarry(concat(field, constant(0, 7)), normal.high(8).extend(17), up),
    );
    const exponent = packed.high(10);
    const small = magnitude.isZero().or(exponent.msb).or(exponent.isZero());
    const infinite = exponent.ge(255);
    const fields = firstOf(
      [
        [special, constant(NAN, 15)],
        [small, constant(0, 15)],
        [infinite, constant(0x7f80, 15)],
      ],
      packed.low(15),
    );
    return { value: m.delay('value', concat(sum.msb.and(special.not()), fields)) };
  },
  behaviour() {
    let value: number | undefined;
    return {
      shown: (): Record<string, number> => (value === undefined ? {} : { value }),
      clock({ sum, base }) {
        value = integerToBf16((sum << SPARE) >> SPARE, base - TOP);
      },
    };
  },
  /** Sums of all sizes, with corners, and exponents at both ends of their range. */
  work: (draw) => () => {
    const sum = draw.flag(0.25)
      ? CORNER_SUMS[draw.below(CORNER_SUMS.length)]
      : (draw.below(2 ** SUM_BITS) << SPARE) >> (SPARE + draw.below(SUM_BITS));
    const shared = [draw.below(256), draw.below(16), 240 + draw.below(16), 255][draw.below(4)];
    return { sum: sum & (2 ** SUM_BITS - 1), base: shared + TOP, special: shared === 255 ? 1 : 0 };
  },
  events: {
    special: { when: ({ special }) => special === 1 },
    zero: { when: ({ sum }) => sum === 0 },
    least: { when: ({ sum }) => sum === 2 ** (SUM_BITS - 1) },
  },
});
