import { concat, constant } from '../../hardware/bits.ts';
import { firstOf } from '../../hardware/choice.ts';
import { toBits } from '../../number/bf16.ts';
import { unit } from '../unit.ts';

/** What an INT4 in two's complement (0…15) counts. */
export const int4Value = (nibble: number): number => (nibble << 28) >> 28;

/** Its BF16 pattern; exact. Stands at the weight edge of BF16 arrays. */
export const int4ToBf16 = (nibble: number): number => toBits(int4Value(nibble));

export const int4Converter = unit({
  name: 'int4_to_bf16',
  doc: "BF16 of a two's complement INT4, exact.",
  inputs: { nibble: 4 },
  hardware: (m, { nibble }) => {
    const sign = nibble.msb;
    const magnitude = m.wire('magnitude', sign.choose(nibble.negate(), nibble));
    // The place of the leading one is the exponent; the bits behind it are the mantissa.
    const fields = firstOf(
      [
        [magnitude.bit(3), concat(constant(127 + 3, 8), magnitude.low(3), constant(0, 4))],
        [magnitude.bit(2), concat(constant(127 + 2, 8), magnitude.low(2), constant(0, 5))],
        [magnitude.bit(1), concat(constant(127 + 1, 8), magnitude.bit(0), constant(0, 6))],
        [magnitude.bit(0), concat(constant(127, 8), constant(0, 7))],
      ],
      constant(0, 15),
    );
    return { value: concat(sign, fields) };
  },
  behaviour: () => ({ shown: ({ nibble }) => ({ value: int4ToBf16(nibble) }) }),
  work: (draw) => () => ({ nibble: draw.below(16) }),
  events: {},
});
