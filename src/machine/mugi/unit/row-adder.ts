import { type Bits, concat, constant, mux } from '../../../hardware/bits.ts';
import { effectiveExponent, significand } from '../../../hardware/units/bf16-adder.ts';
import { addWithCarry, leadingZeros, shiftRightSticky } from '../../../hardware/units/shift.ts';
import { add } from '../proof/arithmetic.ts';
import { unit } from '../../unit.ts';

/**
 * BF16 sum, rounded to nearest even, with gradual underflow, infinities and the one NaN 0x7fc0; one register stage,
 * behind the alignment, which holds where nothing is added. More than half of a row's energy is here and its second half
 * is the longest path of the node, so that half is laid out for it: the complement is taken before the register, and
 * while the sum is normalised both exponents that rounding may leave are made.
 */
export const rowAdder = unit({
  name: 'row_adder',
  doc: 'BF16 sum, nearest even, gradual underflow; one register stage, which holds where `enable` is low.',
  inputs: { a: 16, b: 16, enable: 1 },
  hardware: (m, { a, b, enable }) => {
    const kept = (name: string, value: Bits) => m.delay(`${name}_kept`, value, { enable });

    // Order by magnitude, so that the difference below is never negative.
    const swap = m.wire('swap', a.low(15).lt(b.low(15)));
    const big = m.wire('larger', mux(swap, b, a));
    const small = m.wire('smaller', mux(swap, a, b));
    const bigExponent = m.wire('big_exponent', effectiveExponent(big));
    const distance = m.wire('distance', bigExponent.sub(effectiveExponent(small)));
    // Three more bits (guard, round, sticky) are enough for a correctly rounded difference.
    const addend = concat(significand(small, 'gradual'), constant(0, 3));
    const near = shiftRightSticky(addend, distance.low(4));
    const aligned = mux(distance.high(4).any(), addend.any().extend(11), near);
    const differs = m.wire('differs', a.msb.xor(b.msb));
    const isSpecial = m.wire('is_special', big.slice(14, 7).all());
    const isInvalid = isSpecial.and(
      big
        .low(7)
        .any()
        .or(differs.and(small.slice(14, 7).all())),
    );

    const augend = kept('augend', significand(big, 'gradual'));
    const term = kept('term', aligned.extend(12).xor(differs.repeat(12)));
    const subtract = kept('subtract', differs);
    const exponent = kept('exponent', bigExponent);
    const special = kept('special', isSpecial);
    const invalid = kept('invalid', isInvalid);
    const negative = kept('sign', big.msb);
    const bothNegative = kept('both_negative', a.msb.and(b.msb));

    const total = m.wire(
      'total',
      addWithCarry(concat(constant(0, 1), augend, constant(0, 3)), term, subtract),
    );
    // The exponent limits how far a difference may be normalised: a one at that place stops the count there.
    const limit = constant(0x800, 12).shiftRight(exponent.low(4)).gate(exponent.high(4).any().not());
    const count = m.wire('count', leadingZeros(total.or(limit)).low(4));
    const normal = m.wire('normal', total.shiftLeft(count));
    // Without its leading one the sum is subnormal, or zero, and its exponent field zero.
    const leading = normal.msb;
    const plain = m.wire('plain', exponent.add(1).sub(count.extend(8)));
    const full = m.wire('full', plain.all());
    const raised = m.wire('raised', mux(full, plain, plain.add(1)));

    const up = m.wire('round_up', normal.bit(3).and(normal.low(3).any().or(normal.bit(4))));
    const mantissa = normal.slice(10, 4);
    const carries: Bits[] = [up];
    for (let i = 1; i <= 7; i++) carries.push(up.and(mantissa.low(i).all()));
    const rounded = mantissa.xor(concat(...carries.slice(0, 7).reverse()));
    const field = mux(carries[7], raised, plain).gate(leading);

    const finite = special.not();
    const mantissaField = concat(
      rounded.bit(6).and(full.not()).and(finite).or(invalid),
      rounded.low(6).gate(full.not().and(finite)),
    );
    const zero = total.isZero().and(finite);
    const sign = mux(zero, bothNegative, negative).and(invalid.not());
    return { sum: concat(sign, field.or(special.repeat(8)), mantissaField) };
  },
  behaviour() {
    let sum: number | undefined;
    return {
      shown: (): Record<string, number> => (sum === undefined ? {} : { sum }),
      clock({ a, b, enable }) {
        if (enable === 1) sum = add(a, b);
      },
    };
  },
  work: (draw) => () => ({ ...draw.summands(), enable: draw.bit(0.8) }),
  events: {
    add: {
      when: ({ enable }) => enable === 1,
      counted: ({ accumulate, sum, rows }) => accumulate + sum * rows,
    },
  },
});
