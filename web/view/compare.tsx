import { lazy, Suspense, useEffect, useMemo, useRef } from 'react';
import { comparisonRows } from '../../src/compare/comparison-rows.ts';
import { bestOf } from '../../src/compare/comparison.ts';
import { SCOPE } from '../../src/compare/comparison-notes.ts';
import { gainText, verdict } from '../../src/evaluate/gain.ts';
import { gatesNote } from '../../src/evaluate/gates.ts';
import type { MetricName } from '../../src/evaluate/metrics.ts';
import { toCsv } from '../../src/present/csv.ts';
import { Command } from '../part/copy.tsx';
import { ErrorNote } from '../part/error-note.tsx';
import { Save } from '../part/save.tsx';
import { useNear } from '../part/use-near.ts';
import { type Compared, compared } from '../state/compared.ts';
import { change, experimentNow, useExperiment } from '../state/store.ts';
import { warmUp } from '../state/warm.ts';
import { modelTitle } from './compare/model-title.ts';
import { Controls } from './compare/controls.tsx';
import { Merits } from './compare/merits.tsx';
import { Stacks } from './compare/stacks.tsx';

const Figures = lazy(() => import('./compare/figures.tsx'));

/** What a model gains on each design: the answer of `mugi compare`, while its question changes. */
export function Compare() {
  const { experiment } = useExperiment();
  const { asked, pinned } = experiment;
  const outcome = useMemo(() => compared(asked), [asked]);
  const base = useMemo(() => (pinned === undefined ? undefined : compared(pinned).value), [pinned]);
  // While a question is wrong, the last right answer stays, greyed.
  const last = useRef<Compared>(undefined);
  if (outcome.value !== undefined) last.current = outcome.value;
  const shown = outcome.value ?? last.current;
  useEffect(() => warmUp(experimentNow().asked), []);
  return (
    <div className="split">
      <Controls shown={shown} />
      <div className="page">
        {shown === undefined && <h1>Compare</h1>}
        {outcome.error && <ErrorNote error={outcome.error} />}
        {shown && (
          <div className={outcome.error ? 'stale' : undefined} inert={outcome.error !== undefined}>
            <Answer shown={shown} base={base} />
          </div>
        )}
      </div>
    </div>
  );
}

function Answer({ shown, base }: { shown: Compared; base: Compared | undefined }) {
  const { result, command } = shown;
  const { workload, preset, priced } = result.evaluations[0];
  const [near, ref] = useNear();
  const gates = gatesNote(result.evaluations.map((one) => one.priced));
  return (
    <>
      <h1>{modelTitle(shown.asked.model)}</h1>
      <p className="lead">
        {workload.batch} × {workload.context} tokens, {workload.prefill} of them prompt. {preset.name}, costs{' '}
        {priced.technology.name}.
      </p>
      <Headline shown={shown} />
      <Pin shown={shown} base={base} />
      <Merits shown={shown} base={base} />
      {gates !== undefined && <p className="note">{gates}</p>}
      <Stacks result={result} />
      <section aria-labelledby="figures">
        <h2 id="figures">Figures</h2>
        <p className="note">
          The figures that mugi compare --html and --plots draw, from the same specifications.
        </p>
        <div ref={ref} className="figures">
          {near ? (
            <Suspense fallback={<p role="status">Loading the figures…</p>}>
              <Figures result={result} />
            </Suspense>
          ) : (
            <p role="status">The figures load when they come into view.</p>
          )}
        </div>
      </section>
      <section aria-labelledby="repeat">
        <h2 id="repeat">Repeat it</h2>
        <p className="note">Prints the same numbers on the command line.</p>
        <Command command={command} />
        <Save
          name="comparison.csv"
          label="Download CSV"
          type="text/csv"
          make={() => toCsv(comparisonRows(result))}
        />
      </section>
      <section aria-labelledby="care">
        <h2 id="care">Read with care</h2>
        <ul className="notes">
          {result.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
          {SCOPE.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      </section>
    </>
  );
}

/** The answer in one sentence: the design of least energy × delay × area, and its gains. */
function Headline({ shown: { result } }: { shown: Compared }) {
  const { baseline, designs } = result;
  const best = bestOf(result);
  if (designs.length < 2) return null;
  const gain = (metric: MetricName) => {
    const value = best.gains[metric];
    return value === undefined ? '–' : <b className={verdict(value)}>{gainText(value)}</b>;
  };
  return (
    <p className="headline">
      <strong>{best.name}</strong> has the least energy × delay × area of the others. Gains over {baseline}:{' '}
      {gain('tokens_per_s')} throughput, {gain('energy_per_token_with_dram_J')} energy with DRAM,{' '}
      {gain('area_mm2')} area.
    </p>
  );
}

function Pin({ shown, base }: { shown: Compared; base: Compared | undefined }) {
  if (base === undefined) {
    return (
      <div className="pin">
        <button
          type="button"
          onClick={() => {
            const { version: _, baseline, ...rest } = shown.asked;
            change({ pinned: { ...rest, baseline } });
          }}
        >
          Pin this state
        </button>
        <span className="note">Every number then shows its ratio to the pinned state.</span>
      </div>
    );
  }
  const { workload, preset } = base.result.evaluations[0];
  return (
    <div className="pin on">
      <span>
        Pinned: {workload.model}, {workload.batch} × {workload.context} tokens, {preset.name}
      </span>
      <button type="button" onClick={() => change({ asked: base.asked })}>
        Go back to it
      </button>
      <button type="button" onClick={() => change({ pinned: undefined })}>
        Unpin
      </button>
    </div>
  );
}
