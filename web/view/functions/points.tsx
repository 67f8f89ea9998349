import { points } from '../../../src/compare/approximation-errors.ts';
import { readable } from '../../../src/present/readable.ts';
import type { Bench } from '../functions-bench.ts';

/** A share as a percentage; a dash where there is none. */
export const percent = (share: number): string =>
  Number.isFinite(share) ? `${readable(100 * share)} %` : '–';

/** Answers of every method to inputs of one's own, which form one row. */
export function Points({ bench: { asked, scores }, input }: { bench: Bench; input: string }) {
  const rows = points(asked, scores);
  const of = (method: string) => rows.filter((row) => row.method === method);
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label="Answers to your inputs">
      <table className="points">
        <thead>
          <tr>
            <th scope="col">{input}</th>
            <th scope="col">exact</th>
            {asked.methods.map((method) => (
              <th scope="col" key={method}>
                {method}
              </th>
            ))}
            {asked.methods.map((method) => (
              <th scope="col" key={method}>
                error of {method}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {of(asked.methods[0]).map(({ x, exact }, i) => (
            // An input may stand there twice: its place is its identity.
            <tr key={`${i} ${x}`}>
              <th scope="row">{x}</th>
              <td>{readable(exact)}</td>
              {asked.methods.map((method) => (
                <td key={method}>
                  <data value={of(method)[i].y}>{readable(of(method)[i].y)}</data>
                </td>
              ))}
              {asked.methods.map((method) => (
                <td key={method}>{percent(of(method)[i].rel_error)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
