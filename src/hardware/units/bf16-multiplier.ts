import { type Bits, concat, constant, mux } from '../bits.ts';
import { firstOf } from '../choice.ts';
import { module, type ModuleBuilder } from '../module.ts';
import { effectiveExponent, type FloatOptions, significand } from './bf16-adder.ts';
import { addWithCarry, leadingZeros, shiftRightSticky } from './shift.ts';

/**
 * BF16 product, rounded to nearest even, with infinities and the one NaN 0x7fc0. With one stage the cut is behind
 * the multiplication of the significands, with two also behind the normalisation, with three also in front of it.
 */
export const bf16Multiplier = (options: FloatOptions = {}) =>
  module({ ...multiplierHeader(options), inputs: { a: 16, b: 16 } }, (m, { a, b }) => ({
    product: productOf(m, a, b, options),
  }));

/** The same with an enable for the registers of each stage, the first one in bit 0: they hold where there is no work. */
export const gatedBf16Multiplier = (options: FloatOptions & { stages: 1 | 2 | 3 }) => {
  const { name, doc } = multiplierHeader(options);
  return module(
    { name: `${name}_gated`, doc, inputs: { a: 16, b: 16, enable: options.stages } },
    (m, { a, b, enable }) => ({ product: productOf(m, a, b, options, enable) }),
  );
};

const multiplierHeader = ({ subnormals = 'gradual', stages = 0 }: FloatOptions) => ({
  name: `bf16_multiplier${subnormals === 'flush' ? '_ftz' : ''}${stages > 0 ? `_p${stages}` : ''}`,
  doc: `BF16 product, nearest even, ${subnormals === 'flush' ? 'subnormals read and written as zero' : 'gradual underflow'}; latency ${stages}.`,
});

/** Places for registers, in the order in which data pass them, and how many stages it takes until each is used. */
const CUTS = [
  ['operand', 3],
  ['product', 1],
  ['normal', 2],
] as const;

function productOf(
  m: ModuleBuilder,
  a: Bits,
  b: Bits,
  { subnormals = 'gradual', stages = 0 }: FloatOptions,
  enable?: Bits,
): Bits {
  const delays = CUTS.filter(([, least]) => least <= stages).map(([place]) => place);
  const at = (place: (typeof CUTS)[number][0], name: string, value: Bits) => {
    const stage = delays.indexOf(place);
    return stage < 0 ? value : m.delay(`${name}_after_${place}`, value, { enable: enable?.bit(stage) });
  };

  const [x, y] = [at('operand', 'a', a), at('operand', 'b', b)];
  const product = at('product', 'product', significand(x, subnormals).mul(significand(y, subnormals)));
  // Ten bits hold the sum of two exponents with a sign.
  const exponents = effectiveExponent(x).extend(10).add(effectiveExponent(y).extend(10));
  // The exponent field of the product if its top bit is one; minus one, because that bit adds one again.
  const top = m.wire('top', at('product', 'exponents', exponents).sub(127));

  const negative = top.msb;
  let normal: Bits;
  let base: Bits;
  let tiny: Bits | undefined;
  if (subnormals === 'gradual') {
    // Normalise to the left as far as the exponent allows, or to the right until it is one.
    const room = mux(top.slice(8, 4).any(), constant(16, 5), top.low(5));
    const zeros = leadingZeros(product);
    const left = m.wire('left', mux(zeros.lt(room), zeros, room));
    const right = top.negate();
    const far = right.slice(8, 4).any();
    const raised = product.shiftLeft(left);
    const lowered = mux(far, product.any().extend(16), shiftRightSticky(product, right.low(4)));
    normal = mux(negative, lowered, raised);
    base = mux(negative, constant(0, 10), top.sub(left.extend(10)));
  } else {
    normal = mux(product.msb, product, concat(product.low(15), constant(0, 1)));
    base = top.sub(product.msb.not().extend(10));
  }
  normal = m.wire('normalised', at('normal', 'normal', normal));
  base = m.wire('base', at('normal', 'base', base));
  const up = m.wire('round_up', normal.bit(7).and(normal.low(7).any().or(normal.bit(8))));
  if (subnormals === 'flush') {
    // One below the smallest normal, all ones rounds up to it, as rounding on the subnormal grid would.
    const edge = base.all().and(normal.high(8).all());
    tiny = base.msb.and(edge.not());
  }
  const round = subnormals === 'flush' ? up.or(base.msb) : up;
  const packed = m.wire(
    'rounded',
    addWithCarry(concat(base, constant(0, 7)), normal.high(8).extend(17), round),
  );
  const infinite = packed.slice(15, 7).ge(255);

  const late = (name: string, value: Bits) => at('normal', name, at('product', name, value));
  const isZero = (v: Bits) => (subnormals === 'flush' ? v.slice(14, 7).isZero() : v.low(15).isZero());
  const zero = isZero(x).or(isZero(y));
  const special = isSpecial(x).or(isSpecial(y));
  const invalid = late('invalid', isNaN(x).or(isNaN(y)).or(special.and(zero)));
  const lateZero = late('zero', zero);
  const magnitude = firstOf(
    [
      [invalid, constant(0x7fc0, 15)],
      [late('special', special), constant(0x7f80, 15)],
      [tiny === undefined ? lateZero : lateZero.or(tiny), constant(0, 15)],
      [infinite, constant(0x7f80, 15)],
    ],
    packed.low(15),
  );
  const sign = late('sign', x.msb.xor(y.msb)).and(invalid.not());
  return concat(sign, magnitude);
}

const isSpecial = (v: Bits): Bits => v.slice(14, 7).all();
const isNaN = (v: Bits): Bits => isSpecial(v).and(v.low(7).any());
