import { useState } from 'react';
import { fromBits, hex } from '../../../src/number/bf16.ts';
import type { Lut } from '../../../src/vlp/lut.ts';
import { lutRows } from '../../../src/vlp/lut-file.ts';
import { Command } from '../../part/copy.tsx';
import { Num } from '../../part/number.tsx';

/** Rows that are listed; the command prints all. */
const MOST_ROWS = 64;

/** The look-up table of VLP as the array reads it: a row a significand, one a cycle; a column an exponent. */
export function LutTable({ lut, command }: { lut: Lut; command: string }) {
  const [open, setOpen] = useState(false);
  const { window, mantissaBits } = lut;
  const rows = lutRows(lut);
  return (
    <details className="lut" open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>The look-up table of VLP, entry by entry</summary>
      {open && (
        <>
          <p className="note">
            A row a significand, of which the array reads one a cycle; a column an exponent.
            {rows.length > MOST_ROWS &&
              ` The first ${MOST_ROWS} of ${rows.length} rows; the command prints all.`}
          </p>
          <div className="scroll tall" tabIndex={0} role="region" aria-label="Look-up table">
            <table className="lut">
              <thead>
                <tr>
                  <th scope="col">significand</th>
                  {Array.from({ length: window.hi - window.lo + 1 }, (_, i) => (
                    <th scope="col" key={i}>
                      2<sup>{window.lo + i}</sup>
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.slice(0, MOST_ROWS).map(({ sign, mantissa, bits }) => (
                  <tr key={`${sign} ${mantissa}`}>
                    <th scope="row">
                      {sign === '-' ? '−' : '+'}1.{mantissa.toString(2).padStart(mantissaBits, '0')}
                    </th>
                    {bits.map((pattern, i) => (
                      <td key={i}>
                        <Num
                          value={fromBits(pattern)}
                          metric="entry"
                          label={`0x${hex(pattern)}, entry`}
                          design={new URLSearchParams({
                            sign,
                            mantissa: String(mantissa),
                            exponent: String(window.lo + i),
                          }).toString()}
                          words="the table"
                          from="entry"
                        />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <Command name="Command of the table" command={command} />
        </>
      )}
    </details>
  );
}
