import { fromBits, hex } from '../number/bf16.ts';
import type { Lut } from './lut.ts';
import { showWindow, sizeOf } from './window.ts';

/** One row of a LUT as the array reads it, a row a cycle: all exponents of one sign and mantissa. */
export interface LutRow {
  sign: '+' | '-';
  mantissa: number;
  /** Patterns by ascending exponent. */
  bits: number[];
}

/** Rows in the order in which they are read: positive half first, mantissas ascending. */
export function lutRows(lut: Lut): LutRow[] {
  const size = sizeOf(lut.window);
  return lut.halves.flatMap((half, negative) =>
    half === undefined
      ? []
      : Array.from({ length: 2 ** lut.mantissaBits }, (_, mantissa) => ({
          sign: negative === 1 ? ('-' as const) : ('+' as const),
          mantissa,
          bits: [...half.subarray(mantissa * size, (mantissa + 1) * size)],
        })),
  );
}

export const LUT_FORMATS = ['mem', 'json', 'h'] as const;
export type LutFormat = (typeof LUT_FORMATS)[number];

/** The LUT as text: Verilog memory image ($readmemh), JSON, or a C header. */
export function lutText(lut: Lut, format: LutFormat): string {
  if (format === 'json') return `${JSON.stringify(lutRecord(lut), null, 2)}\n`;
  return format === 'mem' ? lutImage(lut) : header(lut);
}

/** The LUT as plain data: parameters, and one record a row. */
export function lutRecord(lut: Lut): object {
  const { fn, window, mantissaBits, entries } = lut;
  return {
    format: 'mugi-lut/1',
    function: fn.name,
    window: { lo: window.lo, hi: window.hi },
    mantissa_bits: mantissaBits,
    entries,
    zero: fn.zero,
    rows: lutRows(lut).map(({ sign, mantissa, bits }) => ({
      sign,
      mantissa,
      bits: bits.map((pattern) => `0x${hex(pattern)}`),
      values: bits.map(fromBits),
    })),
  };
}

/** What the file holds, a line each. */
function description({ fn, window, mantissaBits, entries }: Lut): string[] {
  return [
    `${fn.title}: BF16 entries, IEEE exponents ${showWindow(window)}, ${mantissaBits}-bit mantissa`,
    `entry (s, m, e) = ${entries === 'mean' ? 'mean of f over the inputs that round to' : 'f of'} s(1 + m/${2 ** mantissaBits})2^e`,
  ];
}

/**
 * A file for `$readmemh`: comment lines, then one word a line, each with what `notes` says of it.
 * @param rows patterns by ascending exponent; the lowest exponent lies in the lowest bits
 * @param width entries of a word; rows with fewer are filled with zeros at the high end
 */
export function memoryImage(
  comments: readonly string[],
  rows: readonly (readonly number[])[],
  width: number,
  notes: readonly string[] = [],
): string {
  const words = rows.map((row, i) => {
    const word = Array.from({ length: width }, (_, e) => hex(row[width - 1 - e] ?? 0)).join('');
    return notes[i] === undefined ? word : `${word} // ${notes[i]}`;
  });
  return `${[...comments.map((line) => `// ${line}`), ...words].join('\n')}\n`;
}

function lutImage(lut: Lut): string {
  const rows = lutRows(lut);
  const order = `One word a row; bits [16i+15:16i] hold exponent ${lut.window.lo} + i.`;
  return memoryImage(
    [...description(lut), order],
    rows.map(({ bits }) => bits),
    sizeOf(lut.window),
    rows.map(({ sign, mantissa }) => `${sign} m=${mantissa}`),
  );
}

function header(lut: Lut): string {
  const name = lut.fn.name.replaceAll(/\W/g, '_');
  const upper = `MUGI_LUT_${name.toUpperCase()}`;
  const rows = lutRows(lut);
  const size = sizeOf(lut.window);
  const lines = rows.map(
    ({ sign, mantissa, bits }) =>
      `  {${bits.map((pattern) => `0x${hex(pattern)}`).join(', ')}}, /* ${sign} m=${mantissa} */`,
  );
  return [
    `/* ${description(lut).join('\n * ')}`,
    ` * ${rows.length === 2 ** lut.mantissaBits ? 'One half' : 'Positive half, then negative half'}; rows by mantissa, columns by exponent. */`,
    `#ifndef ${upper}_H`,
    `#define ${upper}_H`,
    '#include <stdint.h>',
    `#define ${upper}_LO (${lut.window.lo})`,
    `#define ${upper}_HI (${lut.window.hi})`,
    `#define ${upper}_MANTISSA_BITS ${lut.mantissaBits}`,
    `static const uint16_t mugi_lut_${name}[${rows.length}][${size}] = {`,
    ...lines,
    '};',
    '#endif',
    '',
  ].join('\n');
}
