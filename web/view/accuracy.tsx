import { useMemo, useState } from 'react';
import { COMPARISON_TARGETS } from '../../src/accuracy/score/comparison-targets.ts';
import { comparison } from '../../src/compare/comparison.ts';
import { measuredHead } from '../../src/compare/loss-of.ts';
import { lossCosts, lossEnergyPlot } from '../../src/compare/loss-energy-plot.ts';
import { measuredOn } from '../../src/compare/loss-text.ts';
import { MugiError, wholeNumber, unknownName } from '../../src/errors.ts';
import { STUDIO_MODELS } from '../../src/model/embedded.ts';
import { question } from '../../src/question/question.ts';
import { wordsOf } from '../../src/question/shell.ts';
import { line } from '../../src/shown.ts';
import { Figure } from '../figure/figure.tsx';
import { useWorker } from '../measure/use-worker.ts';
import { Choice } from '../part/choice.tsx';
import { Command } from '../part/copy.tsx';
import { ErrorNote } from '../part/error-note.tsx';
import { OpenFile } from '../part/open-file.tsx';
import { Panel } from '../part/panel.tsx';
import { RunModel } from '../part/run-model.tsx';
import { Slider } from '../part/slider.tsx';
import { askedBy } from '../state/asked-by.ts';
import { attempt, compared, type Compared } from '../state/compared.ts';
import { measurementOf } from '../state/measurement.ts';
import { ask, change, detail, experimentNow, useExperiment } from '../state/store.ts';
import { lossCommand } from './accuracy/loss-command.ts';
import { LossTable } from './accuracy/loss-table.tsx';
import { Designs } from './compare/designs.tsx';
import { modelTitle } from './compare/model-title.ts';

const TARGETS = [128, 256, 512, 1024, 2048, 4096, 8192];
const MOST_TARGETS = 100_000;

/** Designs of one array whose nonlinear functions are computed in three ways, beside Mugi. */
const METHODS_APART = ['mugi-256', 'sa-16', 'sa-16-pwl', 'sa-16-taylor'];

/** What the arithmetic of designs costs a real model, against the energy that they spend. */
export default function Accuracy() {
  const { experiment } = useExperiment();
  const { asked, detail: words } = experiment;
  const outcome = useMemo(() => compared(asked), [asked]);
  const measured = useMemo(
    () =>
      attempt(() => (words.measured === undefined ? undefined : measurementOf(words.measured, 'address'))),
    [words.measured],
  );
  const chosen = useMemo(
    () =>
      attempt(() => ({
        model: modelOf(words.model),
        tokens: wholeNumber('tokens', Number(words.tokens ?? COMPARISON_TARGETS), 1, MOST_TARGETS),
      })),
    [words.model, words.tokens],
  );
  const error = outcome.error ?? measured.error ?? chosen.error;
  return (
    <div className="split">
      <Setting shown={outcome.value} chosen={chosen.value ?? { model: STUDIO_MODELS[0], tokens: 1024 }} />
      <div className="page">
        <h1>Accuracy</h1>
        <p className="lead">
          What the arithmetic of a design costs a real model, against the energy that it spends on{' '}
          {outcome.value === undefined ? 'a token' : `a token of ${modelTitle(outcome.value.asked.model)}`}.
        </p>
        {error && <ErrorNote error={error} />}
        {error === undefined && measured.value === undefined && (
          <div className="empty">
            <h2>Nothing is measured yet</h2>
            <p>
              Choose “Measure here” to run the embedded model in this page, which takes about a minute, or
              open a file that mugi accuracy --json or mugi compare --accuracy --json wrote.
            </p>
            <p>
              Then each design is a dot: its loss with a 95 % interval against its energy per token. Those
              that tie with the stored model are grey.
            </p>
          </div>
        )}
        {outcome.value !== undefined && measured.value !== undefined && (
          <Answer shown={outcome.value} measurement={measured.value.measurement} />
        )}
      </div>
    </div>
  );
}

function modelOf(name: string = STUDIO_MODELS[0]): (typeof STUDIO_MODELS)[number] {
  const found = STUDIO_MODELS.find((known) => known === name);
  if (found === undefined) throw unknownName('model of this page', name, STUDIO_MODELS, 'model');
  return found;
}

interface SettingProps {
  shown: Compared | undefined;
  chosen: { model: string; tokens: number };
}

function Setting({ shown, chosen: { model, tokens } }: SettingProps) {
  const { experiment } = useExperiment();
  const asked = attempt(() => question(experiment.asked)).value;
  const [said, say] = useState<string | MugiError>();
  const { running, error, start, stop } = useWorker((answer) => {
    if (answer.kind === 'losses') detail({ measured: JSON.stringify(answer.measurement) });
  });
  const measure = (): void => {
    if (shown === undefined) return;
    say(undefined);
    const designs = shown.result.evaluations.map(({ priced: { design } }) => ({
      method: design.method,
      arithmetic: design.arithmetic,
      array: design.array,
    }));
    const head = measuredHead(shown.result.evaluations[0].workload);
    start({ kind: 'losses', model, tokens, designs, ...head });
  };
  const open = async (file: File): Promise<void> => {
    try {
      if (file.size > MOST_BYTES) throw tooLarge(file);
      const { measurement, command } = measurementOf(await file.text(), file.name);
      const own = command === undefined ? undefined : attempt(() => askedBy(questionWords(command)));
      change({
        ...(own?.value === undefined ? {} : { asked: own.value }),
        detail: { ...experimentNow().detail, measured: JSON.stringify(measurement) },
      });
      const designs = own?.error === undefined ? '' : ' Its designs are files, so the present ones stay.';
      say(`Read ${line(file.name, 100)}: ${line(measurement.model, 60)}.${designs}`);
    } catch (fault) {
      if (!(fault instanceof MugiError)) throw fault;
      say(fault);
    }
  };
  return (
    <Panel label="Measurement" wanted={experiment.detail.measured === undefined}>
      <fieldset>
        <legend>Measured model</legend>
        <Choice
          label="Embedded model"
          names={STUDIO_MODELS}
          value={model}
          onChoose={(next) => detail({ model: next })}
        />
        <Slider
          label="Targets"
          unit="tokens"
          value={tokens}
          stops={TARGETS}
          min={1}
          max={MOST_TARGETS}
          onChange={(next, of) => detail({ tokens: String(next) }, of)}
        />
        <RunModel label="Measure here" running={running} onStart={measure} onStop={stop} />
        {error && <ErrorNote error={error} />}
      </fieldset>
      <fieldset>
        <legend>From a file</legend>
        <OpenFile
          label="Open or drop a file"
          field="Measurement to open"
          note={
            <>
              Of <code>mugi accuracy --json</code> or <code>mugi compare --accuracy --json</code>.
            </>
          }
          onFile={open}
        >
          <div aria-live="polite">{typeof said === 'string' && <p className="note">{said}</p>}</div>
          {said instanceof MugiError && <ErrorNote error={said} />}
        </OpenFile>
      </fieldset>
      {asked !== undefined && (
        <>
          <Designs designs={asked.designs} baseline={asked.baseline} />
          <button type="button" className="quiet" onClick={() => ask({ designs: METHODS_APART })}>
            One array, three methods
          </button>
        </>
      )}
    </Panel>
  );
}

const MOST_BYTES = 16 * 2 ** 20;
const tooLarge = ({ name, size }: File): MugiError =>
  new MugiError({
    code: 'invalid-file',
    message: 'the file is too large to hold measured losses',
    path: name,
    received: `${size} bytes`,
  });

/** A command that compare prints, without the flags of its measurement. */
function questionWords(command: string): string[] {
  const words = wordsOf(command);
  const at = words.indexOf('--accuracy');
  return at < 0 ? words : words.slice(0, at);
}

function Answer({
  shown,
  measurement,
}: {
  shown: Compared;
  measurement: Parameters<typeof measurementNote>[0];
}) {
  const { result, asked } = shown;
  const whole = useMemo(
    () => comparison(result.evaluations, result.baseline, { ...measurement, own: false }),
    [result, measurement],
  );
  const costs = useMemo(() => lossCosts(whole), [whole]);
  const { model, targets } = measurement;
  const command = lossCommand(asked, measurement);
  return (
    <>
      <p className="note">{measurementNote(measurement)}</p>
      {costs.length === 0 ? (
        <p className="empty">None of the designs computes its functions by a method that was measured.</p>
      ) : (
        <div className="figures one">
          <Figure heading="h2" plot={lossEnergyPlot(costs, line(model, 60), targets)} />
        </div>
      )}
      <LossTable costs={costs} comparison={whole} />
      {command !== undefined && (
        <section aria-labelledby="repeat">
          <h2 id="repeat">Repeat it</h2>
          <Command command={command} />
        </section>
      )}
      <section aria-labelledby="care">
        <h2 id="care">Read with care</h2>
        <ul className="notes">
          {whole.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      </section>
    </>
  );
}

const measurementNote = (measurement: ReturnType<typeof measurementOf>['measurement']): string =>
  `Measured on ${line(measurement.model, 60)}, ${measuredOn(measurement)}; losses in nats per target above the stored model.`;
