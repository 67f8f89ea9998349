import { useDeferredValue, useMemo } from 'react';
import { rooflinePlot } from '../../src/compare/roofline-plot.ts';
import type { Evaluation } from '../../src/evaluate/evaluation.ts';
import { designName } from '../../src/evaluate/metrics.ts';
import { roofFigure } from '../../src/evaluate/parts/figure.ts';
import { readable } from '../../src/present/readable.ts';
import { toCommand } from '../../src/question/command.ts';
import { sourceText } from '../../src/question/text.ts';
import type { Phase } from '../../src/workload/operator.ts';
import { Figure } from '../figure/figure.tsx';
import { Choice } from '../part/choice.tsx';
import { Command } from '../part/copy.tsx';
import { ErrorNote } from '../part/error-note.tsx';
import { Num } from '../part/number.tsx';
import { compared } from '../state/compared.ts';
import { SOURCES } from '../state/sources.ts';
import { detail, useExperiment } from '../state/store.ts';
import { Controls } from './compare/controls.tsx';
import { modelTitle } from './compare/model-title.ts';
import {
  blockTime,
  type Chosen,
  chosenIn,
  type Graph,
  graphOf,
  placesOf,
  wordsOf,
} from './operators/chosen.ts';
import { ChosenFacts } from './operators/chosen-facts.tsx';
import { ModelGraph } from './operators/model-graph.tsx';
import { OperatorTable } from './operators/table.tsx';

/** The operators of the model on two designs: the graph, the roofline, and what each operator waits for. */
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

/** Which pass and block are open: those of the address, or where most of the time goes. */
function opened(
  { phases, blocks }: Graph,
  evaluation: Evaluation,
  { pass, block }: Readonly<Record<string, string | undefined>>,
): { phase: Phase; open: number } {
  const times = (phase: Phase): number[] => blocks[phase].map((one) => blockTime(one, evaluation));
  const sum = (phase: Phase): number => times(phase).reduce((all, time) => all + time, 0);
  const phase = phases.find((one) => one === pass) ?? phases.toSorted((a, b) => sum(b) - sum(a))[0];
  if (block === 'none') return { phase, open: -1 };
  const own = times(phase);
  return { phase, open: own[Number(block)] === undefined ? own.indexOf(Math.max(...own)) : Number(block) };
}

interface RoofProps {
  figure: 'rate' | 'bytes';
  evaluation: Evaluation;
}

const ROOFS = { rate: 'rate of the array', bytes: 'bandwidth off the chip' } as const;

const Roof = ({ figure, evaluation }: RoofProps) => {
  const { value } = roofFigure(evaluation, figure);
  return (
    <Num
      value={value}
      metric={figure}
      label={ROOFS[figure]}
      design={designName(evaluation)}
      from="roof"
      text={readable(figure === 'rate' ? value / 1e9 : value)}
    />
  );
};

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
  const pair = [...new Set([first, second])].map((i) => evaluations[i]);
  const late = useDeferredValue(pair);
  const graph = useMemo(
    () => graphOf(SOURCES.model(sourceText(shown.asked.model)), late[0]),
    [shown.asked, late],
  );
  const chosen = chosenIn(graph, experiment.detail);
  const places = placesOf(graph, chosen);
  const plot = useMemo(
    () => rooflinePlot(late, placesOf(graph, chosenIn(graph, experiment.detail))),
    [late, graph, experiment.detail],
  );
  const { phase, open } = opened(graph, late[0], experiment.detail);
  const choose = (one: Chosen | undefined): void => {
    if (one !== undefined) detail(wordsOf(one));
  };
  const { baseline: _, ...rest } = shown.asked;
  return (
    <>
      <h1>Operators of {modelTitle(shown.asked.model)}</h1>
      <p className="lead">What every operator of the inference takes, and what it waits for.</p>
      <div className="row choices">
        <Choice label="Design" names={names} value={names[first]} onChoose={(one) => detail({ one })} />
        <Choice label="Beside it" names={names} value={names[second]} onChoose={(two) => detail({ two })} />
        {graph.phases.length > 1 && (
          <Choice
            label="Pass"
            names={graph.phases}
            value={phase}
            onChoose={(pass) => detail({ pass, block: undefined, op: undefined })}
          />
        )}
      </div>
      <div className="beside">
        <section aria-label="Graph">
          <h2>The model on {designName(late[0])}</h2>
          <ModelGraph
            graph={graph}
            phase={phase}
            evaluation={late[0]}
            chosen={chosen}
            open={open}
            onChoose={choose}
          />
        </section>
        <div className="along">
          <section aria-label="Chosen operator">
            <h2>{chosen === undefined ? 'An operator' : chosen.operator}</h2>
            {chosen === undefined ? (
              <p className="empty">
                Choose an operator in the graph, the roofline or a table to see its shape, its folds, its
                cycles, its bytes and its energy here.
              </p>
            ) : (
              <ChosenFacts operator={chosen.operator} places={places} evaluations={late} />
            )}
          </section>
          <section aria-label="Roofline">
            <Figure
              plot={plot}
              heading="h2"
              onPick={({ place }) => choose(typeof place === 'number' ? graph.where.get(place) : undefined)}
            />
            <ul className="notes note">
              {late.map((evaluation) => (
                <li key={designName(evaluation)}>
                  {designName(evaluation)}: <Roof figure="rate" evaluation={evaluation} /> GMAC/s at most,{' '}
                  <Roof figure="bytes" evaluation={evaluation} /> GB/s.
                </li>
              ))}
            </ul>
          </section>
        </div>
      </div>
      <div className="beside tables">
        {late.map((evaluation) => (
          <section key={designName(evaluation)} aria-label={designName(evaluation)}>
            <h2>{designName(evaluation)}</h2>
            <OperatorTable
              evaluation={evaluation}
              places={places}
              onChoose={(place) => choose(graph.where.get(place))}
            />
          </section>
        ))}
      </div>
      <section aria-label="Repeat it">
        <h2>Repeat it</h2>
        <p className="note">Prints the operators of the first design as CSV.</p>
        <Command command={`npx ${toCommand({ ...rest, designs: [sources[first]] }, ['--csv'])}`} />
      </section>
    </>
  );
}
