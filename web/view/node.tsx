import { useCallback, useDeferredValue, useMemo } from 'react';
import { HEIGHTS } from '../../src/machine/mugi/configuration.ts';
import { activeIn, kindOf } from '../../src/machine/mugi/view/film.ts';
import { PRESETS } from '../../src/published/preset.ts';
import { OPERATIONS } from '../../src/simulate/asked.ts';
import { filmed } from '../../src/simulate/filmed.ts';
import { Choice } from '../part/choice.tsx';
import { Command } from '../part/copy.tsx';
import { ErrorNote } from '../part/error-note.tsx';
import { Panel } from '../part/panel.tsx';
import { Slider } from '../part/slider.tsx';
import { attempt } from '../state/compared.ts';
import { detail, useExperiment } from '../state/store.ts';
import { ArrayPicture } from './node/array.tsx';
import { commandOf, type Shown, shownOf, SIZES, usual } from './node/asked.ts';
import { Moments } from './node/moments.tsx';
import { Results } from './node/results.tsx';
import { Rival } from './node/rival.tsx';
import { RIVALS } from './node/rivals.ts';
import { TOUR } from './node/tour.ts';
import { Transport } from './node/transport.tsx';
import { Units } from './node/units.tsx';

/** Cycles on the picture. */
const ZOOMS = [8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];

/** The Mugi node cycle by cycle: spikes, results, values, Verilog. */
export default function NodeView() {
  const { experiment } = useExperiment();
  const words = experiment.detail;
  const { op = 'gemm', rows = '8', m, k, n, seed, preset, values } = words;
  const run = useMemo(
    () =>
      attempt(() => {
        const given = Object.entries({ op, rows, m, k, n, seed, preset, values });
        const shown = shownOf(Object.fromEntries(given.filter(([, word]) => word !== undefined)));
        return { shown, ...filmed(shown.asked) };
      }),
    [op, rows, m, k, n, seed, preset, values],
  );
  const late = useDeferredValue(run);
  return (
    <div className="split">
      <Choices words={words} />
      <div className="page">
        <h1>The node, cycle by cycle</h1>
        <p className="lead">
          Rows of the array over time. A coloured cell is a spike that selects a column, numbered; its two
          colours are two mappings in flight; a frame around a cell is a result that is taken.
        </p>
        {run.error && <ErrorNote error={run.error} />}
        {late.value !== undefined && <Run {...late.value} words={words} />}
      </div>
    </div>
  );
}

type Words = Readonly<Record<string, string>>;

function Choices({ words }: { words: Words }) {
  const { op = 'gemm', rows = '8', seed = '1', preset = 'corrected', values } = words;
  const size = (key: keyof typeof SIZES): number => {
    const value = Number(words[key] ?? usual(op)[key]);
    return Number.isFinite(value) ? value : usual(op)[key];
  };
  const sizes = op === 'gemm' ? (['m', 'k', 'n'] as const) : (['m', 'n'] as const);
  const again = { cycle: undefined, row: undefined, step: undefined };
  return (
    <Panel label="Run">
      <Choice
        label="Operation"
        names={OPERATIONS}
        value={op}
        onChoose={(next) =>
          detail({ ...again, op: next, m: undefined, k: undefined, n: undefined, values: undefined })
        }
      />
      <Choice
        label="Rows"
        names={HEIGHTS.map(String)}
        value={rows}
        onChoose={(next) => detail({ ...again, rows: next })}
      />
      {(op === 'gemm' || op === 'softmax') && (
        <Choice
          label="Sums"
          names={Object.keys(PRESETS).toReversed()}
          value={preset}
          onChoose={(next) => detail({ preset: next })}
        />
      )}
      {values === undefined && (
        <fieldset>
          <legend>Seeded values</legend>
          {sizes.map((key) => (
            <Slider
              key={key}
              label={op === 'gemm' ? key : key === 'm' ? 'tensor rows' : 'elements a row'}
              value={size(key)}
              stops={[1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 128, 256].filter((stop) => stop <= SIZES[key])}
              min={1}
              max={SIZES[key]}
              onChange={(next, of) => detail({ ...again, [key]: String(next) }, of)}
            />
          ))}
          <label className="choice">
            Seed
            <input
              type="number"
              min={0}
              max={2 ** 32 - 1}
              value={seed}
              onChange={({ currentTarget }) => detail({ seed: currentTarget.value }, 'seed')}
            />
          </label>
        </fieldset>
      )}
      <fieldset>
        <legend>Your own values</legend>
        {values === undefined ? (
          <button
            type="button"
            className="quiet"
            onClick={() => detail({ ...again, values: op === 'gemm' ? GEMM_VALUES : TENSOR_VALUES })}
          >
            Write values
          </button>
        ) : (
          <>
            <label className="choice">
              JSON, as a file of mugi simulate
              <textarea
                className="code"
                rows={8}
                maxLength={20_000}
                value={values}
                spellCheck={false}
                onChange={({ currentTarget }) => detail({ values: currentTarget.value }, 'values')}
              />
            </label>
            <button type="button" className="quiet" onClick={() => detail({ ...again, values: undefined })}>
              Back to seeded values
            </button>
          </>
        )}
      </fieldset>
    </Panel>
  );
}

const GEMM_VALUES = `{"activations": [[1.5, -2, 0.25], [3, 1, -1]],
 "weights": [[7, -3, 2], [0, 5, -6], [1, 1, 4]]}`;
const TENSOR_VALUES = '{"input": [[-3, -1.25, -0.5, 0, 0.5, 1.25, 3, 9]]}';

interface RunProps extends ReturnType<typeof filmed> {
  shown: Shown;
  words: Words;
}

function Run({ shown, outcome, film, words }: RunProps) {
  const { rows, cycles } = film;
  const firstSpike = useMemo(
    () =>
      Math.max(
        0,
        film.spikes.findIndex((all) => all.some((bits) => bits !== 0)),
      ),
    [film],
  );
  const within = (word: string | undefined, otherwise: number, most: number): number => {
    const value = Number(word ?? otherwise);
    return Number.isInteger(value) ? Math.max(0, Math.min(most, value)) : otherwise;
  };
  const cycle = within(words.cycle, firstSpike, cycles - 1);
  const row = within(
    words.row,
    Math.max(
      0,
      film.spikes[firstSpike].findIndex((bits) => bits !== 0),
    ),
    rows - 1,
  );
  const zoom = Math.max(ZOOMS[0], within(words.zoom, 32, ZOOMS[ZOOMS.length - 1]));
  const wide = Math.min(zoom, cycles);
  // The picture turns pages of whole frames, so that it rests while the reader moves on it.
  const page = Math.max(8, Math.floor((wide * 3) / 32) * 8);
  const from = Math.min(Math.floor(cycle / page) * page, Math.max(0, cycles - wide));
  const step = words.step === undefined ? undefined : within(words.step, 0, TOUR.length - 1);
  const go = useCallback((to: number) => detail({ cycle: String(to) }, 'cycle'), []);
  const active = activeIn(cycle);
  const spiking = film.spikes[cycle].reduce((count, bits) => count + (bits === 0 ? 0 : 1), 0);
  return (
    <>
      <Tour step={step} />
      <Transport cycle={cycle} cycles={cycles} onGo={go} />
      <ArrayPicture
        film={film}
        from={from}
        shown={wide}
        cycle={cycle}
        row={row}
        sentence={`Rows 0 to ${rows - 1} in cycles ${from} to ${Math.min(from + wide, cycles) - 1}. In cycle ${cycle} ${spiking} of ${rows} rows spike; ${active < 0 ? 'no frame' : `frame ${active}, ${kindOf(film.words[active] ?? 0) || 'idle'},`} is active.`}
        onPoint={(cell) => detail({ cycle: String(cell.cycle), row: String(cell.row) }, 'cell')}
      />
      <div className="row choices">
        <div className="choice">
          <Slider
            label="Row"
            value={row}
            stops={Array.from({ length: rows }, (_, i) => i)}
            min={0}
            max={rows - 1}
            onChange={(next, of) => detail({ row: String(next) }, of)}
          />
        </div>
        <div className="choice">
          <Slider
            label="Cycles shown"
            value={zoom}
            stops={ZOOMS}
            min={ZOOMS[0]}
            max={ZOOMS[ZOOMS.length - 1]}
            onChange={(next, of) => detail({ zoom: String(next) }, of)}
          />
        </div>
      </div>
      <Moments film={film} cycle={cycle} row={row} onGo={go} />
      <Results outcome={outcome} />
      <section aria-label="Repeat it">
        <h2>Repeat it</h2>
        <Command command={commandOf(shown)} />
      </section>
      {shown.asked.operation === 'gemm' && (
        <Rival shown={shown} name={words.rival ?? RIVALS[0]} cycle={cycle} cycles={cycles} />
      )}
      <Units design={shown.asked.design} rows={rows} unit={words.unit ?? ''} />
    </>
  );
}

/** Ten steps, each of which takes the reader to a cycle. */
function Tour({ step }: { step: number | undefined }) {
  const show = (next: number): void => detail({ values: undefined, ...TOUR[next].words, step: String(next) });
  if (step === undefined) {
    return (
      <p>
        <button type="button" onClick={() => show(0)}>
          Take the tour
        </button>
      </p>
    );
  }
  const { title, text } = TOUR[step];
  return (
    <section className="tour" aria-label="Tour" aria-live="polite">
      <h2>
        <span className="count">
          {step + 1} of {TOUR.length}
        </span>{' '}
        {title}
      </h2>
      <p>{text}</p>
      <p className="row">
        <button type="button" className="quiet" disabled={step === 0} onClick={() => show(step - 1)}>
          Back
        </button>
        <button type="button" disabled={step === TOUR.length - 1} onClick={() => show(step + 1)}>
          Next
        </button>
        <button type="button" className="quiet" onClick={() => detail({ step: undefined })}>
          End the tour
        </button>
      </p>
    </section>
  );
}
