import { exponentOf } from '../figna/figna-align.ts';
import { INFINITY, NAN, toBits } from '../../number/bf16.ts';
import { type Bits, concat, constant, mux } from '../../hardware/bits.ts';
import { firstOf, oneOf } from '../../hardware/choice.ts';
import { addWithCarry } from '../../hardware/units/shift.ts';
import { ODD, signAndSize } from './integer-products.ts';
import { flush, multiply } from '../part/float.ts';
import { int4ToBf16 } from '../part/int4-to-bf16.ts';
import { unit, widePin } from '../unit.ts';

/** BF16 with subnormals as zeros. */
export const flushed = (x: Bits): Bits => concat(x.msb, x.low(15).gate(x.slice(14, 7).any()));

/**
 * Exponent and mantissa of a BF16 value times 0 to 7, rounded to nearest even; `product` is that of its significand, eleven
 * bits. A value that is no number, and infinity times zero, give NaN, whose sign every sum drops.
 */
function rounded(a: Bits, product: Bits): Bits {
  const exponent = a.slice(14, 7);
  const shift = firstOf(
    [
      [product.bit(10), constant(3, 2)],
      [product.bit(9), constant(2, 2)],
      [product.bit(8), constant(1, 2)],
    ],
    constant(0, 2),
  );
  const wide = concat(product, constant(0, 3)).shiftRight(shift);
  const up = wide.bit(2).and(wide.low(2).any().or(wide.bit(3)));
  // The hidden bit adds one to the exponent field, and so does a carry out of the rounding.
  const field = exponent.extend(9).add(shift.extend(9)).sub(1);
  const packed = addWithCarry(concat(field, constant(0, 7)), wide.slice(10, 3).extend(16), up);
  const special = exponent.all();
  return firstOf(
    [
      [special.and(a.low(7).any().or(product.isZero())), constant(NAN, 15)],
      [exponent.isZero().or(product.isZero()), constant(0, 15)],
      [special.or(packed.high(9).ge(255)), constant(INFINITY, 15)],
    ],
    packed.low(15),
  );
}

const significand = (a: Bits): Bits => concat(constant(1, 1), a.low(7));

/** Product of a BF16 value and an INT4, as units give it: NaN has a sign. */
function productOf(value: number, weight: number): number {
  const product = multiply(value, int4ToBf16(weight));
  return product === NAN ? product | ((value ^ (weight << 12)) & 0x8000) : product;
}

/** Multiplies a BF16 value with an INT4 weight; subnormals of the value are zero. Rounded once, in a register. */
export const floatMultiplier = unit({
  name: 'float_multiplier',
  doc: 'BF16 value times INT4 weight, rounded to nearest even, subnormals as zero, in a register.',
  inputs: { bus: 16, weight: 4, work: 1 },
  hardware: (m, { bus, weight, work }) => {
    const { negative, size } = signAndSize(weight);
    const product = m.wire('significands', significand(bus).mul(m.wire('weight_size', size)));
    const fields = m.wire('fields', rounded(bus, product));
    return { product: m.delay('product', concat(bus.msb.xor(negative), fields), { enable: work }) };
  },
  behaviour() {
    let product: number | undefined;
    return {
      shown: (): Record<string, number> => (product === undefined ? {} : { product }),
      clock({ bus, weight, work }) {
        if (work === 0) return;
        product = productOf(bus, weight);
      },
    };
  },
  work: (draw) => () => ({ bus: flush(draw.bf16()), weight: (draw.below(15) - 7) & 15, work: draw.bit(0.8) }),
  events: { work: { when: ({ work }) => work === 1 } },
});

/** Whether the value is infinite or no number, its sign, then exponent and mantissa of 1a, 3a, 5a and 7a. */
export const FLOAT_BUS = 2 + 15 * ODD.length;

/** The bus of a value. */
const multiplesOf = (value: number): bigint =>
  ODD.reduce(
    (bus, factor) => (bus << 15n) | BigInt(multiply(value, toBits(factor)) & 0x7fff),
    BigInt((exponentOf(value) === 255 ? 2 : 0) | (value >>> 15)),
  );

/** The value of a bus. */
const valueOf = (bus: bigint): number => Number((bus >> BigInt(FLOAT_BUS - 17)) & 0xffffn);

/** The odd multiples of a BF16 value, each rounded once. */
export const floatMultiples = unit({
  name: 'float_multiples',
  doc: 'Odd multiples of a BF16 value up to seven, each rounded to nearest even, subnormals as zero.',
  inputs: { value: 16 },
  hardware: (m, { value }) => {
    const s = significand(value).extend(11);
    const by = (places: number): Bits => concat(s.low(11 - places), constant(0, places));
    const products = [s, s.add(by(1)), s.add(by(2)), by(3).sub(s)];
    const fields = products.map((product, i) =>
      m.wire(`fields_${ODD[i]}`, rounded(value, m.wire(`significand_${ODD[i]}`, product))),
    );
    return { bus: concat(value.slice(14, 7).all(), value.msb, ...fields) };
  },
  behaviour: () => ({ shown: ({ value }) => ({ bus: multiplesOf(value) }) }),
  work: (draw) => () => ({ value: flush(draw.flag() ? draw.bf16() : draw.below(65536)) }),
  events: {},
});

/** Picks a multiple by an INT4 weight: an odd one, or its double or quadruple, by its exponent. */
export const floatPicker = unit({
  name: 'float_picker',
  doc: 'The multiple of a BF16 value that an INT4 weight names, out of the odd ones, in a register.',
  inputs: { bus: widePin(FLOAT_BUS), weight: 4, work: 1 },
  hardware: (m, { bus, weight, work }) => {
    const { negative, size } = signAndSize(weight);
    const w = m.wire('weight_size', size);
    const special = bus.msb;
    const odd = ODD.map((_, i) => bus.slice(FLOAT_BUS - 3 - 15 * i, FLOAT_BUS - 17 - 15 * i));
    const [two, four, six] = [w.eq(2), w.eq(4), w.eq(6)];
    const chosen = m.wire(
      'odd_multiple',
      oneOf([w.eq(1).or(two).or(four), w.eq(3).or(six), w.eq(5), w.eq(7)], odd),
    );
    const exponent = chosen.high(8);
    // Zero stays zero; infinity and no number stay themselves.
    const moves = exponent.any().and(exponent.all().not());
    const field = m.wire('field', exponent.extend(9).add(concat(four, two.or(six)).gate(moves).extend(9)));
    const over = moves.and(field.ge(255));
    const fields = firstOf(
      [
        [special.and(w.isZero()), constant(NAN, 15)],
        [over, constant(INFINITY, 15)],
      ],
      concat(field.low(8), chosen.low(7)),
    );
    return {
      product: m.delay('product', concat(bus.bit(FLOAT_BUS - 2).xor(negative), fields), { enable: work }),
    };
  },
  behaviour() {
    let product: number | undefined;
    return {
      shown: (): Record<string, number> => (product === undefined ? {} : { product }),
      clock({ bus, weight, work }) {
        if (work === 1) product = productOf(valueOf(bus), weight);
      },
    };
  },
  work: (draw) => () => ({
    bus: multiplesOf(flush(draw.flag() ? draw.bf16() : draw.below(65536))),
    weight: (draw.below(15) - 7) & 15,
    work: draw.bit(0.8),
  }),
  events: { work: { when: ({ work }) => work === 1 } },
});

/** A BF16 value with its sign turned where `negative` is high. */
export const turned = (x: Bits, negative: Bits): Bits => mux(negative, concat(x.msb.not(), x.low(15)), x);
