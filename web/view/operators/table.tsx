import { operatorShape } from '../../../src/compare/operator-shape.ts';
import type { Evaluation } from '../../../src/evaluate/evaluation.ts';
import { designName } from '../../../src/evaluate/metrics.ts';
import { timeShare } from '../../../src/evaluate/share.ts';
import { percent, readable } from '../../../src/present/readable.ts';
import { OperatorFigure, OperatorNumber } from './operator-number.tsx';

interface TableProps {
  evaluation: Evaluation;
  /** Places of the operators that are chosen. */
  places: ReadonlySet<number>;
  onChoose(place: number): void;
}

/** Every operator on one design, those that take longest first. */
export function OperatorTable({ evaluation, places, onChoose }: TableProps) {
  const { operators, total } = evaluation;
  const rows = operators
    .map((one, at) => ({ ...one, at }))
    .filter(({ time, energy }) => time > 0 || energy > 0)
    .toSorted((a, b) => b.time - a.time);
  return (
    <div
      className="scroll tall"
      tabIndex={0}
      role="region"
      aria-label={`Operators on ${designName(evaluation)}`}
    >
      <table>
        <thead>
          <tr>
            <th scope="col">operator</th>
            <th scope="col" className="words">
              shape
            </th>
            <th scope="col">layers</th>
            <th scope="col">time</th>
            <th scope="col">s</th>
            <th scope="col" className="words">
              waits for
            </th>
            <th scope="col">utilisation</th>
            <th scope="col">J</th>
            <th scope="col">GB off chip</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ operator, bound, time, utilisation, work, at }) => {
            const { input, weight, output } = work.dram;
            return (
              <tr key={at} className={places.has(at) ? 'chosen' : undefined}>
                <th scope="row">
                  <button
                    type="button"
                    className="number"
                    aria-pressed={places.has(at)}
                    onClick={() => onChoose(at)}
                  >
                    <span className={`swatch ${operator.group}`} aria-hidden="true" />
                    {operator.name} <span className="note">{operator.phase}</span>
                  </button>
                </th>
                <td className="words">{operatorShape(operator)}</td>
                <td>{operator.layers}</td>
                <td>
                  <OperatorFigure
                    figure="share"
                    value={timeShare(time, evaluation)}
                    text={percent(time, total.time)}
                    one={operators[at]}
                    evaluation={evaluation}
                  />
                </td>
                <td>
                  <OperatorNumber metric="time" one={operators[at]} evaluation={evaluation} />
                </td>
                <td className="words">{bound}</td>
                <td>
                  {operator.kind === 'gemm' ? (
                    <OperatorFigure
                      figure="utilisation"
                      value={utilisation}
                      text={percent(utilisation, 1)}
                      one={operators[at]}
                      evaluation={evaluation}
                    />
                  ) : (
                    '–'
                  )}
                </td>
                <td>
                  <OperatorNumber metric="energy" one={operators[at]} evaluation={evaluation} />
                </td>
                <td>
                  <OperatorFigure
                    figure="traffic"
                    value={input + weight + output}
                    text={readable((input + weight + output) / 8e9)}
                    one={operators[at]}
                    evaluation={evaluation}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
