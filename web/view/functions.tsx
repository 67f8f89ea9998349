import { useDeferredValue, useMemo } from 'react';
import { APPROXIMATIONS } from '../../src/approximation/index.ts';
import { curves, labels, rangeErrors } from '../../src/compare/approximation-errors.ts';
import { answerPlot, type ErrorRow, errorPlot } from '../../src/compare/approximation-plot.ts';
import type { ErrorFigure } from '../../src/compare/error-parts.ts';
import { readable } from '../../src/present/readable.ts';
import { FUNCTION_NAMES } from '../../src/vlp/function.ts';
import { lutBits } from '../../src/vlp/lut.ts';
import { Figure } from '../figure/figure.tsx';
import { Command } from '../part/copy.tsx';
import { ErrorNote } from '../part/error-note.tsx';
import { Num } from '../part/number.tsx';
import { Panel } from '../part/panel.tsx';
import { Slider } from '../part/slider.tsx';
import { attempt } from '../state/compared.ts';
import { detail, useExperiment } from '../state/store.ts';
import { InputFigures, InputSource } from './functions/inputs.tsx';
import { percent, Points } from './functions/points.tsx';
import { LutTable } from './functions/table.tsx';
import {
  type Bench,
  benchOf,
  commandOf,
  EXPONENTS,
  lutCommand,
  lutOf,
  SCORES,
  SOFTMAX,
} from './functions-bench.ts';

/** Nonlinear functions by VLP and its rivals: answers, errors, the table; softmax of one's own scores. */
export default function Functions() {
  const { experiment } = useExperiment();
  const words = experiment.detail;
  const bench = useMemo(() => attempt(() => benchOf(words)), [words]);
  const late = useDeferredValue(bench);
  const { function: name = 'silu', methods = 'vlp,pwl' } = words;
  const chosen = methods.split(',');
  const toggle = (method: string): void => {
    const next = chosen.includes(method) ? chosen.filter((other) => other !== method) : [...chosen, method];
    detail({ methods: next.filter((word) => word !== '').join(',') });
  };
  const number = (word: string, usual: number): number => {
    const value = Number(words[word] ?? usual);
    return Number.isFinite(value) ? value : usual;
  };
  const [lo, hi] = [number('lo', -4), number('hi', 3)];
  return (
    <div className="split">
      <Panel label="Function">
        <label className="choice">
          Function
          <select value={name} onChange={({ currentTarget }) => detail({ function: currentTarget.value })}>
            {[...FUNCTION_NAMES, SOFTMAX].map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <fieldset>
          <legend>Look-up table of VLP</legend>
          <Slider
            label="Lowest exponent"
            value={lo}
            stops={EXPONENTS}
            min={-126}
            max={hi}
            onChange={(next, of) => detail({ lo: String(Math.min(next, hi)) }, of)}
          />
          <Slider
            label="Highest exponent"
            value={hi}
            stops={EXPONENTS}
            min={lo}
            max={127}
            onChange={(next, of) => detail({ hi: String(Math.max(next, lo)) }, of)}
          />
          <Slider
            label="Mantissa"
            unit="bits"
            value={number('mantissa', 3)}
            stops={[1, 2, 3, 4, 5, 6, 7]}
            min={1}
            max={7}
            onChange={(next, of) => detail({ mantissa: String(next) }, of)}
          />
        </fieldset>
        <fieldset>
          <legend>Methods</legend>
          <ul className="switches plain">
            {Object.keys(APPROXIMATIONS).map((method) => (
              <li key={method}>
                <label>
                  <input type="checkbox" checked={chosen.includes(method)} onChange={() => toggle(method)} />
                  <span>{method}</span>
                </label>
              </li>
            ))}
          </ul>
        </fieldset>
        <InputSource />
        <label className="choice">
          {name === SOFTMAX ? 'Scores' : 'Your own inputs'}
          <textarea
            rows={name === SOFTMAX ? 4 : 2}
            maxLength={4000}
            placeholder="-0.7, 0.25, 3"
            value={words.scores ?? (name === SOFTMAX ? SCORES : '')}
            onChange={({ currentTarget }) => detail({ scores: currentTarget.value || undefined }, 'scores')}
          />
        </label>
      </Panel>
      <div className="page">
        <h1>{name}</h1>
        {bench.error && <ErrorNote error={bench.error} />}
        {late.value !== undefined &&
          (late.value.asked.methods.length === 0 ? (
            <p className="lead">None of the chosen methods defines {name}: choose another.</p>
          ) : late.value.asked.name === SOFTMAX ? (
            <Softmax bench={late.value} />
          ) : (
            <OneFunction bench={late.value} />
          ))}
      </div>
    </div>
  );
}

interface ErrorColumn {
  figure: ErrorFigure;
  of(row: ErrorRow): number;
  show(value: number): string;
}

const ERRORS: readonly ErrorColumn[] = [
  { figure: 'mean', of: (row) => row.mean_abs_rel_error, show: percent },
  { figure: 'least', of: (row) => row.min_rel_error, show: percent },
  { figure: 'most', of: (row) => row.max_rel_error, show: percent },
  { figure: 'worst', of: (row) => row.worst_x, show: readable },
];

function OneFunction({ bench }: { bench: Bench }) {
  const { asked, scores, lo, hi, mantissa } = bench;
  const [drawn, errors] = useMemo(() => [curves(asked), rangeErrors(asked)], [asked]);
  const lut = useMemo(() => lutOf(bench), [asked.name, lo, hi, mantissa]);
  return (
    <>
      <p className="lead">
        VLP answers from a table of {readable(lutBits(lut) / 8)} bytes: exponents {lo} to {hi}, {mantissa}{' '}
        bits of mantissa.
      </p>
      <ul className="notes note">
        {Object.entries(labels(asked)).map(([method, label]) => (
          <li key={method}>
            {method}: {label}
          </li>
        ))}
      </ul>
      <div className="figures pair">
        <Figure
          heading="h2"
          plot={{
            name: `${asked.name}-answers`,
            title: 'Answers',
            caption: 'Every BF16 input beside the exact function.',
            spec: answerPlot(asked.name, drawn),
          }}
        />
        <Figure
          heading="h2"
          plot={{
            name: `${asked.name}-error`,
            title: 'Error',
            caption: 'Relative error at every BF16 input of magnitude 1/64 to 16; beyond ±100 % at the edge.',
            spec: errorPlot(asked.name, drawn),
          }}
        />
      </div>
      <InputFigures name={asked.name === 'exp' ? SOFTMAX : asked.name} lo={lo} hi={hi} />
      <section aria-label="Errors by range">
        <h2>Errors by range</h2>
        <div className="scroll tall" tabIndex={0} role="region" aria-label="Table of errors by range">
          <table>
            <thead>
              <tr>
                <th scope="col">method</th>
                <th scope="col">x from</th>
                <th scope="col">to</th>
                <th scope="col">mean error</th>
                <th scope="col">least</th>
                <th scope="col">most</th>
                <th scope="col">worst at</th>
              </tr>
            </thead>
            <tbody>
              {errors.map((row) => {
                const sign = row.negative ? -1 : 1;
                return (
                  <tr key={`${row.method} ${row.negative} ${row.near}`}>
                    <th scope="row">{row.method}</th>
                    <td>{readable(sign * row.near)}</td>
                    <td>{readable(sign * row.far)}</td>
                    {ERRORS.map(({ figure, of, show }) => (
                      <td key={figure}>
                        <Num
                          value={of(row)}
                          metric={figure}
                          label={`${figure} error`}
                          design={new URLSearchParams({
                            method: row.method,
                            from: `${row.negative ? '-' : ''}${row.near}`,
                          }).toString()}
                          words={`${row.method} from ${readable(sign * row.near)}`}
                          from="error"
                          text={show(of(row))}
                        />
                      </td>
                    ))}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      </section>
      <LutTable lut={lut} command={lutCommand(bench)} />
      <section aria-label="Repeat it">
        <h2>Repeat it</h2>
        <Command command={commandOf(bench, '')} />
      </section>
      {scores.length > 0 && (
        <section aria-label="Your own inputs">
          <h2>Answers to your inputs</h2>
          <Points bench={bench} input="x" />
          <Command name="Command of the answers" command={commandOf(bench, ` --x=${scores.join(',')}`)} />
        </section>
      )}
    </>
  );
}

function Softmax({ bench }: { bench: Bench }) {
  const { scores, lo, hi } = bench;
  return (
    <>
      <p className="lead">Probabilities of your scores, which form one row.</p>
      <Points bench={bench} input="score" />
      <InputFigures name={SOFTMAX} lo={lo} hi={hi} />
      <section aria-label="Repeat it">
        <h2>Repeat it</h2>
        <Command command={commandOf(bench, ` --x=${scores.join(',')}`)} />
      </section>
    </>
  );
}
