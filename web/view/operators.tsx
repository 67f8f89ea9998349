import { useDeferredValue, useMemo } from 'react';
import { operatorShape } from '../../src/compare/operator-shape.ts';
import { rooflinePlot, roofOf } from '../../src/compare/roofline-plot.ts';
import type { OperatorEvaluation } from '../../src/evaluate/evaluation.ts';
import { designName } from '../../src/evaluate/metrics.ts';
import { readable } from '../../src/present/readable.ts';
import { toCommand } from '../../src/question/command.ts';
import { Figure } from '../figure/figure.tsx';
import { Choice } from '../part/choice.tsx';
import { Command } from '../part/copy.tsx';
import { ErrorNote } from '../part/error-note.tsx';
import { compared } from '../state/compared.ts';
import { detail, useExperiment } from '../state/store.ts';
import { Controls } from './compare/controls.tsx';
import { modelTitle } from './compare/model-title.ts';

/** The operators of the model on two designs: roofline, and what each waits for. */
export default function Operators() {
  const { experiment } = useExperiment();
  const outcome = useMemo(() => compared(experiment.asked), [experiment.asked]);
  return (
    <div className="split">
      <Controls shown={outcome.value} />
      <div className="page">
        {outcome.error ? (
          <>
            <h1>Operators</h1>
            <ErrorNote error={outcome.error} />
          </>
        ) : (
          <Both shown={outcome.value} />
        )}
      </div>
    </div>
  );
}

type Shown = NonNullable<ReturnType<typeof compared>['value']>;

function Both({ shown }: { shown: Shown }) {
  const { experiment } = useExperiment();
  const { evaluations, sources } = shown.answers;
  const names = evaluations.map(designName);
  const at = (word: string | undefined, otherwise: number): number => {
    const found = names.indexOf(word ?? '');
    return found < 0 ? Math.min(otherwise, names.length - 1) : found;
  };
  const first = at(experiment.detail.one, names.includes('mugi-256') ? names.indexOf('mugi-256') : 0);
  const second = at(experiment.detail.two, names.indexOf(shown.result.baseline));
  const chosen = [...new Set([first, second])].map((i) => evaluations[i]);
  const late = useDeferredValue(chosen);
  const plot = useMemo(() => rooflinePlot(late), [late]);
  const { baseline: _, ...rest } = shown.asked;
  return (
    <>
      <h1>Operators of {modelTitle(shown.asked.model)}</h1>
      <p className="lead">What every operator of the inference takes, and what it waits for.</p>
      <div className="row choices">
        <Choice label="Design" names={names} value={names[first]} onChoose={(one) => detail({ one })} />
        <Choice label="Beside it" names={names} value={names[second]} onChoose={(two) => detail({ two })} />
      </div>
      <section aria-label="Roofline">
        <Figure plot={plot} heading="h2" />
        <ul className="notes note">
          {chosen.map((evaluation) => (
            <li key={designName(evaluation)}>
              {designName(evaluation)}: {readable(roofOf(evaluation).rate / 1e9)} GMAC/s at most,{' '}
              {readable(roofOf(evaluation).bytes / 1e9)} GB/s.
            </li>
          ))}
        </ul>
      </section>
      {chosen.map((evaluation) => (
        <section key={designName(evaluation)} aria-label={designName(evaluation)}>
          <h2>{designName(evaluation)}</h2>
          <Table
            operators={evaluation.operators}
            total={evaluation.total.time}
            name={designName(evaluation)}
          />
        </section>
      ))}
      <section aria-label="Repeat it">
        <h2>Repeat it</h2>
        <p className="note">Prints the operators of the first design as CSV.</p>
        <Command command={`npx ${toCommand({ ...rest, designs: [sources[first]] }, ['--csv'])}`} />
      </section>
    </>
  );
}

function Table({
  operators,
  total,
  name,
}: {
  operators: readonly OperatorEvaluation[];
  total: number;
  name: string;
}) {
  const rows = operators
    .filter(({ time, energy }) => time > 0 || energy > 0)
    .toSorted((a, b) => b.time - a.time);
  return (
    <div className="scroll tall" tabIndex={0} role="region" aria-label={`Operators on ${name}`}>
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
          {rows.map(({ operator, bound, time, energy, utilisation, work }, i) => {
            const { input, weight, output } = work.dram;
            return (
              // Layers of several kinds have operators of the same names.
              <tr key={`${operator.name} ${operator.phase} ${i}`}>
                <th scope="row">
                  <span className={`swatch ${operator.group}`} aria-hidden="true" />
                  {operator.name} <span className="note">{operator.phase}</span>
                </th>
                <td className="words">{operatorShape(operator)}</td>
                <td>{operator.layers}</td>
                <td>{((100 * time) / total).toFixed(1)} %</td>
                <td>
                  <data value={time}>{readable(time)}</data>
                </td>
                <td className="words">{bound}</td>
                <td>{operator.kind === 'gemm' ? `${(100 * utilisation).toFixed(1)} %` : '–'}</td>
                <td>
                  <data value={energy}>{readable(energy)}</data>
                </td>
                <td>{readable((input + weight + output) / 8e9)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
