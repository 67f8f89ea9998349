import { configurationPins } from '../node-module.ts';
import { memoryImage } from '../../../vlp/lut-file.ts';
import type { NodeFunction } from './nonlinear.ts';
import { LUT_EXPONENTS, LUT_ROWS } from '../../../vlp/array.ts';

/** One word of the LUT memory: twelve BF16 entries, the lowest exponent in the lowest bits, as the column bus takes them. */
const LUT_WORD_BITS = 16 * LUT_EXPONENTS;

/**
 * The LUT of a function as a memory file for `$readmemh`: a word per magnitude 0 to 7, of the positive half first if
 * there is one, then of the negative half. The comments name the configuration pins that belong to it.
 */
export function lutMemory(name: string, { positive, negative, window, outside }: NodeFunction): string {
  const pins = configurationPins({ rows: 8, window, outside, accumulation: 'bf16' });
  const halves = positive === undefined ? [negative] : [positive, negative];
  const rows = halves.flatMap((half) =>
    Array.from({ length: LUT_ROWS }, (_, magnitude) => [
      ...half.subarray(magnitude * LUT_EXPONENTS, (magnitude + 1) * LUT_EXPONENTS),
    ]),
  );
  const order =
    positive === undefined
      ? 'words 0-7: negative inputs, magnitude 0 to 7'
      : 'words 0-7: positive inputs, magnitude 0 to 7; words 8-15: negative inputs';
  const settings = Object.entries(pins).map(([pin, value]) => `${pin} = ${value}`);
  return memoryImage(
    [
      `LUT of ${name}, ${rows.length} words of ${LUT_WORD_BITS} bits; ${order}.`,
      `Pins: ${settings.join(', ')}.`,
    ],
    rows,
    LUT_EXPONENTS,
  );
}
