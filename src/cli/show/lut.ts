import { fromBits, hex } from '../../number/bf16.ts';
import { readable } from '../../present/readable.ts';
import { textTable } from '../../present/table.ts';
import { wrapped } from '../../present/terminal.ts';
import { type Lut, lutBits } from '../../vlp/lut.ts';
import { lutRows } from '../../vlp/lut-file.ts';
import { showWindow } from '../../vlp/window.ts';

/** A look-up table for people: a row a significand, a column an exponent. */
export function lutTable(table: Lut): string {
  const { fn, window, mantissaBits } = table;
  const exponents = Array.from({ length: window.hi - window.lo + 1 }, (_, i) => `2^${window.lo + i}`);
  const rows = lutRows(table).map(({ sign, mantissa, bits }) => [
    `${sign}1.${mantissa.toString(2).padStart(mantissaBits, '0')}`,
    ...bits.map((pattern) => `${hex(pattern)} ${readable(fromBits(pattern)).padStart(9)}`),
  ]);
  return (
    `${wrapped(`${fn.title}, window ${showWindow(window)}, ${mantissaBits}-bit mantissa, ${lutBits(table) / 8} bytes`)}\n` +
    `${wrapped('rows: significand in binary, one a cycle; columns: exponent; entries: BF16 pattern and value')}\n\n${textTable(['', ...exponents], rows)}\n`
  );
}
