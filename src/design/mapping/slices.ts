import type { GemmMapping } from './gemm.ts';

/**
 * Weights wider than the array's code, as slices of it.
 *
 * A VLP array takes a sign and a 3-bit magnitude (Mugi §4.2): −7 … 7, fifteen values. A wider whole number is a
 * sum of digits of that range, w = d₀ + 15·d₁ + 15²·d₂ …, which `ceil(bits / 4)` digits write: two cover −112 … 112
 * of INT8's −127 … 127, so that a group of 8-bit weights has 225 levels. Each digit is a product of its own, with
 * the group's scale times a power of 15, and their results add up in the output SRAM. The array, its activations,
 * its accumulation and its dequantisation work once a slice; weights are stored and moved in their own bits; inputs
 * and results cross the chip's edge once. Floating-point weights run as whole numbers of their width.
 *
 * A fractional width (EXL2's average) is a mixture of the whole widths around it.
 */
export function slicesOf(bits: number, codeBits: number): number {
  const low = Math.floor(bits);
  const share = bits - low;
  return (
    (1 - share) * Math.max(1, Math.ceil(low / codeBits)) +
    (share > 0 ? share * Math.ceil((low + 1) / codeBits) : 0)
  );
}

/** Values of one digit: −7 … 7 for a code of 4 bits. */
const radix = (codeBits: number): number => 2 ** codeBits - 1;

/**
 * Digits of a whole number, least first, each within the code's range; the definition that `slicesOf` counts.
 * @throws RangeError when so many digits cannot write it
 */
export function digits(value: number, slices: number, codeBits = 4): number[] {
  const base = radix(codeBits);
  const most = (base - 1) / 2;
  let rest = value;
  const found: number[] = [];
  for (let i = 0; i < slices; i++) {
    const digit = ((((rest + most) % base) + base) % base) - most;
    found.push(digit);
    rest = (rest - digit) / base;
  }
  if (rest !== 0) throw new RangeError(`${value} has no ${slices} digits of ${codeBits} bits`);
  return found;
}

/** What a mapping of one slice becomes when every step is taken `slices` times. */
export function sliced(mapping: GemmMapping, slices: number): GemmMapping {
  if (slices === 1) return mapping;
  const { counts } = mapping;
  const perSlice = [
    'steps',
    'stepsColumns',
    'stepsRows',
    'stepsCells',
    'arrayCycles',
    'weightTiles',
    'weightTilesRows',
    'scaling',
    'scalingSteps',
    'inputReads',
    'outputReads',
    'outputWrites',
  ] as const satisfies readonly (keyof typeof counts)[];
  const repeated = { ...counts };
  for (const key of perSlice) repeated[key] *= slices;
  return { ...mapping, counts: repeated, issuedMacs: mapping.issuedMacs * slices };
}
