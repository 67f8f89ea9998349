import type { ANSWER_FIGURES } from '../../../src/compare/answer-parts.ts';
import { points } from '../../../src/compare/approximation-errors.ts';
import { readable } from '../../../src/present/readable.ts';
import { Num } from '../../part/number.tsx';
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
              <td>
                <Of figure="exact" value={exact} method={asked.methods[0]} at={i} x={x} />
              </td>
              {asked.methods.map((method) => (
                <td key={method}>
                  <Of figure="answer" value={of(method)[i].y} {...{ method, at: i, x }} />
                </td>
              ))}
              {asked.methods.map((method) => (
                <td key={method}>
                  <Of
                    figure="error"
                    value={of(method)[i].rel_error}
                    text={percent(of(method)[i].rel_error)}
                    {...{ method, at: i, x }}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface OfProps {
  figure: (typeof ANSWER_FIGURES)[number];
  value: number;
  text?: string;
  method: string;
  /** Place of the input, and the input. */
  at: number;
  x: number;
}

/** A number of one input, which opens as a tree. */
const Of = ({ figure, value, text, method, at, x }: OfProps) => (
  <Num
    value={value}
    metric={figure}
    label={figure}
    design={new URLSearchParams({ method, at: String(at) }).toString()}
    words={figure === 'exact' ? `x = ${x}` : `${method} at x = ${x}`}
    from="answer"
    text={text}
  />
);
