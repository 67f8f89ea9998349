import type { ReactNode } from 'react';
import { operatorShape } from '../../../src/compare/operator-shape.ts';
import { RESOURCES } from '../../../src/design/design.ts';
import type { Evaluation, OperatorEvaluation } from '../../../src/evaluate/evaluation.ts';
import { designName } from '../../../src/evaluate/metrics.ts';
import { gemmFolds } from '../../../src/evaluate/parts/gemm.ts';
import { timeShare } from '../../../src/evaluate/share.ts';
import { percent, readable } from '../../../src/present/readable.ts';
import { OperatorFigure, OperatorNumber } from './operator-number.tsx';

interface FactsProps {
  operator: string;
  places: ReadonlySet<number>;
  evaluations: readonly Evaluation[];
}

/** What each design makes of the chosen operator: its shape, folds, cycles, time, energy and bytes. */
export function ChosenFacts({ operator, places, evaluations }: FactsProps) {
  const columns = evaluations.map((evaluation) => ({
    evaluation,
    all: [...places].map((at) => evaluation.operators[at]).filter((one) => one.time > 0 || one.energy > 0),
  }));
  const [{ all }] = columns;
  if (all.length === 0) return <p className="empty">{operator} takes no time and no energy.</p>;
  return (
    <>
      <p className="note">
        {all[0].operator.phase}, {all[0].operator.layers} layer{all[0].operator.layers === 1 ? '' : 's'}
        {all.length > 1 ? '; its sizes grow with the context until they are full, one line each' : ''}
      </p>
      <div className="scroll" tabIndex={0} role="region" aria-label={`Numbers of ${operator}`}>
        <table className="chosen">
          <thead>
            <tr>
              <th scope="col">number</th>
              {columns.map(({ evaluation }) => (
                <th key={designName(evaluation)} scope="col">
                  {designName(evaluation)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {FACTS.map(({ title, of }) => (
              <tr key={title}>
                <th scope="row">{title}</th>
                {columns.map(({ evaluation, all: ones }) => (
                  <td key={designName(evaluation)}>
                    {ones.map((one) => (
                      <span key={evaluation.operators.indexOf(one)} className="line">
                        {of(one, evaluation)}
                      </span>
                    ))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

interface Fact {
  title: string;
  of(one: OperatorEvaluation, evaluation: Evaluation): ReactNode;
}

const bytes = (title: string, operand: 'input' | 'weight' | 'output'): Fact => ({
  title,
  of: (one, evaluation) => (
    <OperatorFigure
      figure={operand}
      value={one.work.dram[operand]}
      text={readable(one.work.dram[operand] / 8e6)}
      {...{ one, evaluation }}
    />
  ),
});

const FACTS: readonly Fact[] = [
  { title: 'shape', of: ({ operator }) => operatorShape(operator) },
  { title: 'executions in a layer', of: ({ operator }) => readable(operator.repeat) },
  {
    title: 'folds M · K · N',
    of({ operator }, { priced }) {
      if (operator.kind !== 'gemm') return '–';
      const { m, k, n } = gemmFolds(operator, priced.design);
      return [m, k, n].map((axis) => (
        <span key={axis.name} title={axis.source}>
          {axis === m ? '' : ' · '}
          {readable(axis.value)}
        </span>
      ));
    },
  },
  {
    title: 'time, s',
    of: (one, evaluation) => <OperatorNumber metric="time" one={one} evaluation={evaluation} />,
  },
  {
    title: 'share of the time',
    of: (one, evaluation) => (
      <OperatorFigure
        figure="share"
        value={timeShare(one.time, evaluation)}
        text={percent(one.time, evaluation.total.time)}
        {...{ one, evaluation }}
      />
    ),
  },
  { title: 'waits for', of: ({ bound }) => bound },
  ...RESOURCES.map(
    (resource, i): Fact => ({
      title: `cycles of ${resource}`,
      of: (one, evaluation) => (
        <OperatorFigure figure={resource} value={one.work.load[i]} {...{ one, evaluation }} />
      ),
    }),
  ),
  {
    title: 'utilisation',
    of: (one, evaluation) =>
      one.operator.kind === 'gemm' ? (
        <OperatorFigure
          figure="utilisation"
          value={one.utilisation}
          text={percent(one.utilisation, 1)}
          {...{ one, evaluation }}
        />
      ) : (
        '–'
      ),
  },
  {
    title: 'energy, J',
    of: (one, evaluation) => <OperatorNumber metric="energy" one={one} evaluation={evaluation} />,
  },
  bytes('inputs from off the chip, MB', 'input'),
  bytes('weights, keys and values, MB', 'weight'),
  bytes('results, MB', 'output'),
];
