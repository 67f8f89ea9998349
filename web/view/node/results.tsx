import { fromBits, hex } from '../../../src/number/bf16.ts';
import { readable } from '../../../src/present/readable.ts';
import { Num } from '../../part/number.tsx';
import { THE_NODE } from './asked.ts';
import type { Outcome } from '../../../src/simulate/run.ts';

/** Numbers of a run open as trees. */
const OF_RUN = { design: THE_NODE, from: 'run' } as const;

/** Most columns and rows of a table of results; the command prints all. */
const MOST = 16;

/** What the run gave, and what it did for it. */
export function Results({ outcome }: { outcome: Outcome }) {
  const { height, width, output, cycles, frames, utilization, activity, equal } = outcome;
  const [rows, columns] = [Math.min(height, MOST), Math.min(width, MOST)];
  const cut = rows < height || columns < width;
  const did = Object.entries(activity).filter(([, count]) => count > 0);
  return (
    <section aria-label="Results">
      <h2>Results</h2>
      <p>
        {equal ? 'Equal to the arithmetic in every bit' : 'NOT equal to the arithmetic'}: {height} × {width}{' '}
        results in{' '}
        <Num {...OF_RUN} value={cycles} metric="cycles" label="cycles" text={String(cycles)} of="cycles" />{' '}
        cycles ({frames} frames of 8), the array busy for{' '}
        <Num
          {...OF_RUN}
          value={utilization}
          metric="utilization"
          label="use of the array"
          text={`${readable(100 * utilization)} %`}
          of="utilization"
        />{' '}
        of them.
      </p>
      <div className="scroll" tabIndex={0} role="region" aria-label="Values">
        <table className="values">
          <thead>
            <tr>
              <th scope="col">row</th>
              {Array.from({ length: columns }, (_, column) => (
                <th scope="col" key={column}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: rows }, (_, row) => (
              <tr key={row}>
                <th scope="row">{row}</th>
                {Array.from({ length: columns }, (__, column) => {
                  const bits = output[row * width + column];
                  return (
                    <td key={column}>
                      <Num
                        {...OF_RUN}
                        value={bits}
                        metric={`result ${row} ${column}`}
                        label={`0x${hex(bits)}, result ${row} ${column}`}
                        text={readable(fromBits(bits))}
                      />
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {cut && (
        <p className="note">
          The first {rows} × {columns} of them; the command below prints all.
        </p>
      )}
      <details>
        <summary>Activity, which the energy is counted from</summary>
        <div className="scroll" tabIndex={0} role="region" aria-label="Activity">
          <table>
            <tbody>
              {did.map(([name, count]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>
                    <Num
                      {...OF_RUN}
                      value={count}
                      metric={name}
                      label={name}
                      text={String(count)}
                      of={name}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}
