import { type Bits, concat, constant, mux } from '../../hardware/bits.ts';
import { firstOf } from '../../hardware/choice.ts';
import { module } from '../../hardware/module.ts';
import { addWithCarry, leadingZeros, shiftRightSticky } from '../../hardware/units/shift.ts';

/** Exponent bits of BF16, FP32 and everything between. */
const EXPONENT = 8;

/**
 * Sum of two floating-point numbers with eight exponent bits and `mantissa` mantissa bits (7 is BF16, 23 FP32), rounded to
 * nearest even, with gradual underflow, infinities and one NaN; one register stage, behind the alignment, which holds
 * where `enable` is low, as in the adder of a row.
 */
export const floatAdder = (mantissa: number) =>
  module(
    {
      name: `float_adder_m${mantissa}`,
      doc: `Sum with ${mantissa} mantissa bits, nearest even, gradual underflow; one register stage with an enable.`,
      inputs: { a: 1 + EXPONENT + mantissa, b: 1 + EXPONENT + mantissa, enable: 1 },
    },
    (m, { a, b, enable }) => {
      const size = EXPONENT + mantissa;
      // Significand, guard, round and sticky; one more bit for the carry.
      const width = mantissa + 5;
      const places = Math.ceil(Math.log2(width));
      const kept = (name: string, value: Bits) => m.delay(`${name}_kept`, value, { enable });
      const exponentOf = (x: Bits): Bits => {
        const field = x.slice(size - 1, mantissa);
        return concat(field.high(EXPONENT - 1), field.bit(0).or(field.isZero()));
      };
      const significandOf = (x: Bits): Bits => concat(x.slice(size - 1, mantissa).any(), x.low(mantissa));

      const swap = m.wire('swap', a.low(size).lt(b.low(size)));
      const big = m.wire('larger', mux(swap, b, a));
      const small = m.wire('smaller', mux(swap, a, b));
      const bigExponent = m.wire('big_exponent', exponentOf(big));
      const distance = m.wire('distance', bigExponent.sub(exponentOf(small)));
      const addend = concat(significandOf(small), constant(0, 3));
      const near = shiftRightSticky(addend, distance.low(places));
      const far = places < EXPONENT ? distance.high(EXPONENT - places).any() : constant(0, 1);
      const aligned = mux(far, addend.any().extend(width - 1), near);
      const differs = m.wire('differs', a.msb.xor(b.msb));
      const isSpecial = m.wire('is_special', big.slice(size - 1, mantissa).all());
      const isInvalid = isSpecial.and(
        big
          .low(mantissa)
          .any()
          .or(differs.and(small.slice(size - 1, mantissa).all())),
      );

      const augend = kept('augend', concat(significandOf(big), constant(0, 3)).extend(width));
      const term = kept('term', aligned.extend(width).xor(differs.repeat(width)));
      const subtract = kept('subtract', differs);
      const exponent = kept('exponent', bigExponent);
      const special = kept('special', isSpecial);
      const invalid = kept('invalid', isInvalid);
      const negative = kept('sign', big.msb);
      const bothNegative = kept('both_negative', a.msb.and(b.msb));

      const total = m.wire('total', addWithCarry(augend, term, subtract));
      // The exponent limits how far a difference may be normalised: a one at that place stops the count there.
      const top = 2 ** (width - 1);
      const limit = constant(top, width)
        .shiftRight(exponent.low(places))
        .gate(
          exponent
            .high(EXPONENT - places)
            .any()
            .not(),
        );
      const count = m.wire('count', leadingZeros(total.or(limit)).low(places));
      const normal = m.wire('normal', total.shiftLeft(count));
      const base = m.wire('base', exponent.extend(EXPONENT + 1).sub(count.extend(EXPONENT + 1)));
      const up = m.wire('round_up', normal.bit(3).and(normal.low(3).any().or(normal.bit(4))));
      // The hidden bit adds one to the exponent field, and so does a carry out of the rounding.
      const packed = m.wire(
        'rounded',
        addWithCarry(
          concat(base.low(EXPONENT), constant(0, mantissa)),
          normal.high(mantissa + 1).extend(size),
          up,
        ),
      );
      const infinity = concat(constant(255, EXPONENT), constant(0, mantissa));
      const magnitude = firstOf(
        [
          [invalid, concat(constant(511, EXPONENT + 1), constant(0, mantissa - 1))],
          [special, infinity],
          [normal.isZero(), constant(0, size)],
          [packed.high(EXPONENT).all(), infinity],
        ],
        packed,
      );
      const zero = normal.isZero().and(special.not());
      const sign = mux(zero, bothNegative, negative).and(invalid.not());
      return { sum: concat(sign, magnitude) };
    },
  );
