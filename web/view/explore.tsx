import { useEffect, useMemo, useState } from 'react';
import { MugiError } from '../../src/errors.ts';
import { type Source, useCloud } from '../explore/use-cloud.ts';
import { ErrorNote } from '../part/error-note.tsx';
import { OpenFile } from '../part/open-file.tsx';
import { Panel } from '../part/panel.tsx';
import { Save } from '../part/save.tsx';
import { line } from '../../src/shown.ts';
import { attempt } from '../state/compared.ts';
import { detail, useExperiment } from '../state/store.ts';
import { Shown } from './explore/shown.tsx';
import { EXAMPLE, FILE, limitsIn, planIn } from './explore/space-text.ts';

/** What a page can hold of a file. */
const MOST_BYTES = 2 ** 30;
const tooLarge = ({ name, size }: File): MugiError =>
  new MugiError({
    code: 'invalid-file',
    message: 'the file is too large for a page',
    path: line(name, 100),
    expected: `at most ${MOST_BYTES} bytes; mugi explore show takes more`,
    received: `${size} bytes`,
  });

/** A pause in typing behind which a space is evaluated. */
const REST_MS = 400;

/** A space of designs, every point evaluated in the page: the cloud, the front, limits, and what points are made of. */
export default function Explore() {
  const { experiment } = useExperiment();
  const words = experiment.detail;
  const { space: written = EXAMPLE } = words;
  const [typed, type] = useState({ over: written, text: written });
  // What is typed stands until the address says something else, be it the same.
  if (typed.over !== written) type({ over: written, text: written });
  const { text } = typed;
  const [opened, open] = useState<{ name: string; bytes: ArrayBuffer }>();
  const write = (): void => {
    if (text !== written) detail({ space: text === EXAMPLE ? undefined : text }, 'space');
  };
  useEffect(() => {
    const timer = setTimeout(write, REST_MS);
    return () => clearTimeout(timer);
  }, [text, written]);
  const planned = useMemo(() => attempt(() => planIn(written)), [written]);
  const limits = useMemo(() => attempt(() => limitsIn(words.limits)), [words.limits]);
  const bounds = useMemo(() => limits.value ?? [], [limits]);
  const source = useMemo(
    (): Source | undefined => opened ?? (planned.value === undefined ? undefined : { plan: planned.value }),
    [opened, planned],
  );
  const { cloud, error } = useCloud(source, bounds);
  return (
    <div className="split wide">
      <Panel label="Space" wanted={planned.error !== undefined}>
        {opened === undefined ? (
          <>
            <label className="choice">
              Space in YAML
              <textarea
                className="code"
                rows={18}
                maxLength={20_000}
                spellCheck={false}
                value={text}
                // Whoever leaves at once leaves nothing behind.
                onBlur={write}
                onChange={({ currentTarget }) => type({ over: written, text: currentTarget.value })}
              />
            </label>
            <span className="row">
              <Save name={FILE} label="Save the space" type="text/yaml" make={() => text} />
              {text !== EXAMPLE && (
                <button
                  type="button"
                  className="quiet"
                  onClick={() => {
                    type({ over: EXAMPLE, text: EXAMPLE });
                    detail({ space: undefined });
                  }}
                >
                  Back to the example
                </button>
              )}
            </span>
            {planned.error && <ErrorNote error={planned.error} />}
          </>
        ) : (
          <p>
            Points of the file {line(opened.name, 100)}.{' '}
            <button type="button" className="quiet" onClick={() => open(undefined)}>
              Close it
            </button>
          </p>
        )}
        <OpenFile
          label="Open or drop a Parquet file"
          field="File of points"
          note={
            <>
              Points that <code>mugi explore --parquet</code> wrote.
            </>
          }
          onFile={async (file) => {
            if (file.size > MOST_BYTES) throw tooLarge(file);
            open({ name: file.name, bytes: await file.arrayBuffer() });
          }}
        />
      </Panel>
      <div className="page">
        <h1>Explore</h1>
        <p className="lead">
          Every design of a space for one use, evaluated in the page. Rings are the front: designs that none
          beats in all objectives.
        </p>
        {(error ?? limits.error) && <ErrorNote error={(error ?? limits.error) as MugiError} />}
        {cloud !== undefined && (
          <Shown
            cloud={cloud}
            limits={bounds}
            words={words}
            text={opened === undefined && planned.value !== undefined ? written : undefined}
          />
        )}
        {cloud === undefined && planned.value !== undefined && !error && (
          <p className="loading" role="status">
            Evaluating…
          </p>
        )}
      </div>
    </div>
  );
}
