import { useMemo, useState } from 'react';
import { exponentPlot, inputPlot } from '../../../src/compare/input-plot.ts';
import { MugiError } from '../../../src/errors.ts';
import { STUDIO_MODELS } from '../../../src/model/embedded.ts';
import { line } from '../../../src/shown.ts';
import { Figure } from '../../figure/figure.tsx';
import { useWorker } from '../../measure/use-worker.ts';
import { Choice } from '../../part/choice.tsx';
import { Command } from '../../part/copy.tsx';
import { ErrorNote } from '../../part/error-note.tsx';
import { OpenFile } from '../../part/open-file.tsx';
import { RunModel } from '../../part/run-model.tsx';
import { attempt } from '../../state/compared.ts';
import { inputsOf, summary } from '../../state/inputs.ts';
import { detail, useExperiment } from '../../state/store.ts';
import { PROFILED } from '../functions-bench.ts';

const MOST_BYTES = 64 * 2 ** 20;

/** Counts what an embedded model puts into its functions, or opens the profile of another. */
export function InputSource() {
  const { profile } = useExperiment().experiment.detail;
  const model: string = STUDIO_MODELS.find((name) => name === profile) ?? STUDIO_MODELS[0];
  const [fault, setFault] = useState<MugiError>();
  const [said, say] = useState('');
  const { running, error, start, stop } = useWorker((answer) => {
    if (answer.kind === 'profile') detail({ inputs: JSON.stringify(summary(model, answer.distributions)) });
  });
  const open = async (file: File): Promise<void> => {
    try {
      if (file.size > MOST_BYTES) {
        throw new MugiError({
          code: 'invalid-file',
          message: 'the file is too large to be a profile',
          path: file.name,
          received: `${file.size} bytes`,
        });
      }
      const read = inputsOf(await file.text(), file.name);
      detail({ inputs: JSON.stringify(read) });
      setFault(undefined);
      say(`Read ${line(file.name, 100)}.`);
    } catch (caught) {
      if (!(caught instanceof MugiError)) throw caught;
      setFault(caught);
    }
  };
  return (
    <fieldset>
      <legend>Inputs of a real model</legend>
      <Choice
        label="Embedded model"
        names={STUDIO_MODELS}
        value={model}
        onChoose={(next) => detail({ profile: next })}
      />
      <RunModel
        label="Count its inputs here"
        running={running}
        onStart={() => start({ kind: 'profile', model, tokens: PROFILED })}
        onStop={stop}
      />
      {error && <ErrorNote error={error} />}
      <OpenFile
        label="Open or drop a profile"
        field="Profile to open"
        note={
          <>
            Of <code>mugi profile --json</code>.
          </>
        }
        onFile={open}
      >
        <div aria-live="polite">{fault === undefined && said !== '' && <p className="note">{said}</p>}</div>
        {fault && <ErrorNote error={fault} />}
      </OpenFile>
    </fieldset>
  );
}

interface InputFiguresProps {
  /** The function whose inputs are wanted: `softmax` for `exp`. */
  name: string;
  lo: number;
  hi: number;
}

/** The inputs of a real model under a function's curve; nothing where none are known. */
export function InputFigures({ name, lo, hi }: InputFiguresProps) {
  const { experiment } = useExperiment();
  const { inputs: text } = experiment.detail;
  const known = useMemo(
    () => attempt(() => (text === undefined ? undefined : inputsOf(text, 'address'))),
    [text],
  );
  if (known.error) return <ErrorNote error={known.error} />;
  if (known.value === undefined) return null;
  const { model, functions } = known.value;
  const shown = line(model, 60);
  const inputs = functions.find((one) => one.function === name);
  if (inputs === undefined) {
    return (
      <p className="note">
        {shown} has no {name}: its functions are{' '}
        {functions.map((one) => line(one.function, 30)).join(' and ')}.
      </p>
    );
  }
  return (
    <>
      <div className="figures one">
        <Figure heading="h2" plot={inputPlot(shown, inputs)} />
        <Figure heading="h2" plot={exponentPlot(shown, inputs, lo, hi)} />
      </div>
      <details>
        <summary>Exponents as a table</summary>
        <div className="scroll tall" tabIndex={0} role="region" aria-label="Inputs by exponent">
          <table>
            <thead>
              <tr>
                <th scope="col">exponent</th>
                <th scope="col">share of inputs</th>
              </tr>
            </thead>
            <tbody>
              {inputs.exponents.map(({ exponent, share }) => (
                <tr key={exponent}>
                  <th scope="row">{exponent}</th>
                  <td data-share={share}>{(100 * share).toFixed(2)} %</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
      {(STUDIO_MODELS as readonly string[]).includes(model) && (
        <Command
          name="Command of the profile"
          command={`npx mugi profile --model ${model} --tokens ${PROFILED} --json`}
        />
      )}
    </>
  );
}
