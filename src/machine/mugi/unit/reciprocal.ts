import { concat, constant } from '../../../hardware/bits.ts';
import { firstOf, select } from '../../../hardware/choice.ts';
import { BF16_NAN, fromBits, toBits } from '../proof/arithmetic.ts';
import { unit } from '../../unit.ts';

/**
 * 1/x correctly rounded to BF16, as a table of the 128 mantissas gives it. Zero gives zero, so that a softmax row
 * with every key masked stays zero; results below the normal range are zero (a sum would have to pass 2^126).
 */
export function reciprocal(x: number): number {
  const exponent = (x >>> 7) & 0xff;
  if (exponent === 0) return 0;
  if ((x & 0x7fff) > 0x7f80) return BF16_NAN;
  const value = toBits(1 / fromBits(x));
  return (value & 0x7f80) === 0 ? value & 0x8000 : value;
}

/** Mantissas of the reciprocals of 1.f for f = 1/128 … 127/128; the first entry, 1/1.0, is never used. */
const RECIPROCAL_MANTISSA = Array.from({ length: 128 }, (_, f) => toBits(1 / (1 + f / 128)) & 0x7f);

/** 1/x from a table of 128 mantissas; zero for zero, as `reciprocal` defines it. */
export const reciprocalUnit = unit({
  name: 'reciprocal',
  doc: '1/x rounded to nearest even; zero for zero and for results below the normal range.',
  inputs: { x: 16 },
  hardware: (m, { x }) => {
    const exponent = x.slice(14, 7);
    const mantissa = x.low(7);
    const one = m.wire('one', mantissa.isZero());
    const table = select(
      mantissa,
      RECIPROCAL_MANTISSA.map((value) => constant(value, 7)),
    );
    // 254 - e for a power of two, 253 - e otherwise.
    const raised = m.wire('raised', constant(253, 9).add(one.extend(9)).sub(exponent.extend(9)));
    const tiny = raised.msb.or(raised.low(8).isZero());
    const special = exponent.all();
    const magnitude = firstOf(
      [
        [special.and(one.not()), constant(BF16_NAN, 15)],
        [special.or(exponent.isZero()).or(tiny), constant(0, 15)],
      ],
      concat(raised.low(8), table),
    );
    const signed = exponent.any().and(special.and(one.not()).not());
    return { y: concat(x.msb.and(signed), magnitude) };
  },
  behaviour: () => ({ shown: ({ x }) => ({ y: reciprocal(x) }) }),
  work: (draw) => () => ({ x: draw.bf16() }),
  events: {},
});
