import { lazy, memo, Suspense, useId, useState } from 'react';
import { designNames } from '../../../src/design/index.ts';
import { MugiError } from '../../../src/errors.ts';
import { preset } from '../../../src/published/preset.ts';
import type { Question } from '../../../src/question/question.ts';
import { shapesLike } from '../../../src/question/searched.ts';
import { technologyNamed } from '../../../src/technology/index.ts';
import { ErrorNote } from '../../part/error-note.tsx';
import { attempt } from '../../state/compared.ts';
import { SOURCES } from '../../state/sources.ts';
import { ask } from '../../state/store.ts';
import { nameOf } from './design-name.ts';

const OwnDesign = lazy(() => import('./own-design.tsx'));

const DESIGN_OPTIONS = designNames().map((name) => <option key={name} value={name} />);

const SEARCHED = ['best:sa-16', 'best:sa-f-16'];

type DesignsProps = Pick<Question, 'designs' | 'baseline'>;

/** Another question has a list of its own, which mostly says the same. */
const alike = (a: DesignsProps, b: DesignsProps): boolean =>
  a.baseline === b.baseline &&
  a.designs.length === b.designs.length &&
  a.designs.every((design, i) => design === b.designs[i]);

/** The designs that are compared, and what they are compared with. */
export const Designs = memo(function Designs({ designs, baseline }: DesignsProps) {
  const [text, setText] = useState('');
  const [error, setError] = useState<MugiError>();
  const [writing, setWriting] = useState(false);
  const list = useId();
  const add = (): void => {
    const name = text.trim();
    if (name === '') return;
    const found = attempt(() => known(name));
    setError(found.error);
    if (found.error !== undefined) return;
    if (!designs.includes(name)) ask({ designs: [...designs, name] });
    setText('');
  };
  const names = [...designs.map(nameOf), ...SEARCHED];
  return (
    <fieldset>
      <legend>Designs</legend>
      <ul className="chips">
        {designs.map((design, place) => (
          // A design may stand there twice, which is refused: its place is its identity.
          <li key={`${place} ${JSON.stringify(design)}`}>
            {nameOf(design)}
            <button
              type="button"
              aria-label={`Take out ${nameOf(design)}`}
              disabled={designs.length === 1}
              onClick={() => ask({ designs: designs.filter((_, other) => other !== place) })}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <div className="row">
        <input
          aria-label="Design to add"
          placeholder="mugi-64, sa-16@4x4 …"
          list={list}
          value={text}
          maxLength={200}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={({ key }) => {
            if (key === 'Enter') add();
          }}
        />
        <datalist id={list}>{DESIGN_OPTIONS}</datalist>
        <button type="button" onClick={add}>
          Add
        </button>
      </div>
      {error && <ErrorNote error={error} />}
      <label className="choice">
        Baseline
        <select
          value={baseline === undefined ? '' : nameOf(baseline)}
          onChange={({ currentTarget: { value } }) =>
            ask({ baseline: designs.find((design) => nameOf(design) === value) ?? value })
          }
        >
          {baseline !== undefined && !names.includes(nameOf(baseline)) && <option>{nameOf(baseline)}</option>}
          {baseline === undefined && <option value="">the usual one</option>}
          {[...new Set(names)].map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <button type="button" className="quiet" aria-expanded={writing} onClick={() => setWriting(!writing)}>
        {writing ? 'Close the editor' : 'Write a design in YAML'}
      </button>
      {writing && (
        <Suspense fallback={<p role="status">Loading…</p>}>
          <OwnDesign
            onUse={(design) => {
              const others = designs.filter((other) => nameOf(other) !== nameOf(design));
              ask({ designs: [...others, design] });
            }}
          />
        </Suspense>
      )}
    </fieldset>
  );
}, alike);

/** Looks a name up, with the error that says what is near it. */
function known(name: string): unknown {
  if (name.startsWith('best:')) return shapesLike(name.slice('best:'.length));
  return SOURCES.design(name, preset('corrected'), technologyNamed('published'));
}
