import { NAN } from '../../number/bf16.ts';
import { E4M3, toBits as toFp8 } from '../../number/fp8.ts';
import { concat, constant } from '../../hardware/bits.ts';
import { firstOf, select } from '../../hardware/choice.ts';
import { unit } from '../unit.ts';

/** E4M3 pattern of an INT4 in two's complement; exact. The FP8 path by which Carat takes INT4 weights. */
export const int4ToFp8 = (nibble: number): number => toFp8(nibble < 8 ? nibble : nibble - 16, E4M3);

export const fp8Converter = unit({
  name: 'int4_to_fp8',
  doc: "E4M3 of a two's complement INT4, exact.",
  inputs: { nibble: 4 },
  hardware: (_, { nibble }) => ({
    value: select(
      nibble,
      Array.from({ length: 16 }, (__, i) => constant(int4ToFp8(i), 8)),
    ),
  }),
  behaviour: () => ({ shown: ({ nibble }) => ({ value: int4ToFp8(nibble) }) }),
  work: (draw) => () => ({ nibble: draw.below(16) }),
  events: {},
});

/** Bias of E4M3, and the three places by which 8 + m stands above 1.m. */
const OFFSET = 7 + 3;

/**
 * The product of an E4M3 weight and an activation from `value` = (8 + m)·a: the weight's exponent is added to the
 * value's, the signs are multiplied. Weights below the smallest normal are zero; S.1111.111 is NaN.
 */
export function caratProduct(value: number, weight: number): number {
  const exponent = (value >>> 7) & 0xff;
  const scale = (weight >>> 3) & 15;
  const sign = (value ^ (weight << 8)) & 0x8000;
  const nan = (weight & 0x7f) === 0x7f || (value & 0x7fff) > 0x7f80;
  if (nan || (exponent === 255 && scale === 0)) return NAN;
  if (exponent === 255) return sign | 0x7f80;
  const field = exponent + scale - OFFSET;
  if (scale === 0 || exponent === 0 || field <= 0) return sign;
  return field >= 255 ? sign | 0x7f80 : sign | (field << 7) | (value & 0x7f);
}

export const caratScaling = unit({
  name: 'carat_product',
  doc: 'Exponent shift and sign of a Carat row: (8 + m) a and an E4M3 weight to their product.',
  inputs: { value: 16, weight: 8 },
  hardware: (m, { value, weight }) => {
    const exponent = value.slice(14, 7);
    const scale = weight.slice(6, 3);
    const zero = m.wire('zero_flag', scale.isZero());
    const nanFlag = m.wire('nan_flag', weight.low(7).all());
    const special = m.wire('special', exponent.all());
    const invalid = nanFlag.or(special.and(value.low(7).any().or(zero)));
    // Ten bits in two's complement: at least 0 + 0 − 10, at most 254 + 15 − 10.
    const field = m.wire('field', exponent.extend(10).add(scale.extend(10)).sub(OFFSET));
    const small = zero.or(exponent.isZero()).or(field.msb).or(field.isZero());
    const fields = firstOf(
      [
        [invalid, constant(NAN, 15)],
        [special, constant(0x7f80, 15)],
        [small, constant(0, 15)],
        [field.ge(255), constant(0x7f80, 15)],
      ],
      concat(field.low(8), value.low(7)),
    );
    return { product: concat(value.msb.xor(weight.msb).and(invalid.not()), fields) };
  },
  behaviour: () => ({ shown: ({ value, weight }) => ({ product: caratProduct(value, weight) }) }),
  work: (draw) => () => ({ value: draw.flag() ? draw.bf16() : draw.below(65536), weight: draw.below(256) }),
  events: {
    zero: { when: (_, { product }) => product === 0 || product === 0x8000 },
    invalid: { when: (_, { product }) => product === NAN },
  },
});
