import { type Bits, concat, constant, mux } from '../bits.ts';
import { firstOf } from '../choice.ts';
import { module, type ModuleBuilder } from '../module.ts';
import { addWithCarry, leadingZeros, shiftRightSticky } from './shift.ts';

/** What becomes of values below 2^-126: kept (IEEE 754) or read and written as zero. */
export type Subnormals = 'gradual' | 'flush';

export interface FloatOptions {
  subnormals?: Subnormals;
  /** Pipeline registers inside: the result appears this many cycles after the operands. */
  stages?: 0 | 1 | 2 | 3;
}

/**
 * BF16 sum, rounded to nearest even, with infinities and the one NaN 0x7fc0. One path: order by magnitude, align,
 * add, normalise, round. With one stage the cut is behind the alignment, with two also behind the addition, with
 * three also behind the normalisation.
 */
export const bf16Adder = (options: FloatOptions = {}) =>
  module({ ...adderHeader(options), inputs: { a: 16, b: 16 } }, (m, { a, b }) => ({
    sum: sumOf(m, a, b, options),
  }));

/** The same with an enable for the registers of each stage, the first one in bit 0: they hold where nothing is added. */
export const gatedBf16Adder = (options: FloatOptions & { stages: 1 | 2 | 3 }) => {
  const { name, doc } = adderHeader(options);
  return module(
    { name: `${name}_gated`, doc, inputs: { a: 16, b: 16, enable: options.stages } },
    (m, { a, b, enable }) => ({ sum: sumOf(m, a, b, options, enable) }),
  );
};

const adderHeader = ({ subnormals = 'gradual', stages = 0 }: FloatOptions) => ({
  name: `bf16_adder${subnormals === 'flush' ? '_ftz' : ''}${stages > 0 ? `_p${stages}` : ''}`,
  doc: `BF16 sum, nearest even, ${subnormals === 'flush' ? 'subnormals read and written as zero' : 'gradual underflow'}; latency ${stages}.`,
});

function sumOf(
  m: ModuleBuilder,
  a: Bits,
  b: Bits,
  { subnormals = 'gradual', stages = 0 }: FloatOptions,
  enable?: Bits,
): Bits {
  const cut = (stage: number, name: string, value: Bits) =>
    stage <= stages ? m.delay(`${name}_p${stage}`, value, { enable: enable?.bit(stage - 1) }) : value;

  // Order by magnitude, so that the difference below is never negative.
  const swap = m.wire('swap', a.low(15).lt(b.low(15)));
  const big = m.wire('larger', mux(swap, b, a));
  const small = m.wire('smaller', mux(swap, a, b));
  const exponent = m.wire('exponent', effectiveExponent(big));
  const distance = m.wire('distance', exponent.sub(effectiveExponent(small)));
  const beyond = distance.high(4).any();
  // Three more bits (guard, round, sticky) are enough for a correctly rounded difference.
  const addend = concat(significand(small, subnormals), constant(0, 3));
  const near = shiftRightSticky(addend, distance.low(4));
  const aligned = m.wire('aligned', mux(beyond, addend.any().extend(11), near));

  const subtract = m.wire('subtract', a.msb.xor(b.msb));
  const special = big.slice(14, 7).all();
  const invalid = special.and(
    big
      .low(7)
      .any()
      .or(subtract.and(small.slice(14, 7).all())),
  );

  const subtract1 = cut(1, 'subtract', subtract);
  // Between registers of its own the sum is the longer half: there the complement is taken before the first cut.
  const complement = (value: Bits, of: Bits) => value.xor(of.repeat(value.width));
  const augend = cut(1, 'augend', concat(significand(big, subnormals), constant(0, 3))).extend(12);
  const term =
    enable === undefined
      ? complement(cut(1, 'addend', aligned).extend(12), subtract1)
      : cut(1, 'addend', complement(aligned.extend(12), subtract));
  const sum = m.wire('total', addWithCarry(augend, term, subtract1));
  // The exponent limits how far a difference may be normalised: a one at that place stops the count there.
  const exponent1 = cut(1, 'exponent', exponent);
  const limit = mux(
    exponent1.high(4).any(),
    constant(0, 12),
    constant(0x800, 12).shiftRight(exponent1.low(4)),
  );
  const sum2 = cut(2, 'total', sum);
  const count = leadingZeros(subnormals === 'gradual' ? cut(2, 'scan', sum.or(limit)) : sum2).low(4);
  const normal = cut(3, 'normal', m.wire('normal', sum2.shiftLeft(count)));
  const exponent2 = cut(2, 'exponent', exponent1);
  const base = cut(3, 'base', m.wire('base', exponent2.extend(9).sub(count.extend(9))));

  const up = m.wire('round_up', normal.bit(3).and(normal.low(3).any().or(normal.bit(4))));
  // The hidden bit adds one to the exponent field, and so does a carry out of the rounding.
  const packed = m.wire(
    'rounded',
    addWithCarry(concat(base.low(8), constant(0, 7)), normal.high(8).extend(15), up),
  );
  const late = (name: string, value: Bits) => cut(3, name, cut(2, name, cut(1, name, value)));
  const lateSpecial = late('special', special);
  const lateInvalid = late('invalid', invalid);
  const zero = normal.isZero();
  const tiny = subnormals === 'flush' ? zero.or(base.msb) : zero;
  const magnitude = firstOf(
    [
      [lateInvalid, constant(0x7fc0, 15)],
      [lateSpecial, constant(0x7f80, 15)],
      [tiny, constant(0, 15)],
      [packed.high(8).all(), constant(0x7f80, 15)],
    ],
    packed,
  );
  const exactZero = zero.and(lateSpecial.not());
  const bothNegative = late('both_negative', a.msb.and(b.msb));
  const sign = mux(exactZero, bothNegative, late('sign', big.msb)).and(lateInvalid.not());
  return concat(sign, magnitude);
}

/** Biased exponent, where subnormals have that of the smallest normal. */
export function effectiveExponent(x: Bits): Bits {
  const field = x.slice(14, 7);
  return concat(field.high(7), field.bit(0).or(field.isZero()));
}

/** The eight significant bits. */
export function significand(x: Bits, subnormals: Subnormals): Bits {
  const normal = x.slice(14, 7).any();
  return subnormals === 'gradual' ? concat(normal, x.low(7)) : concat(normal, x.low(7).gate(normal));
}
