import { useEffect, useMemo, useRef, useState } from 'react';
import { MugiError } from '../../src/errors.ts';
import { COMBINE_WORDS, type Quantity } from '../../src/evaluate/quantity.ts';
import { readable } from '../../src/present/readable.ts';
import type { Experiment } from '../../src/question/address.ts';
import { Command } from '../part/copy.tsx';
import { ErrorNote } from '../part/error-note.tsx';
import type { Stand } from '../part/number.tsx';
import type { Outcome } from '../state/compared.ts';
import { detail, useExperiment } from '../state/store.ts';
import { explain as ofDesign } from './why/design.ts';
import type { Explain, Explained } from './why/explained.ts';

/** Parts that are shown at first; a model may have thousands of operators. */
const FIRST = 24;

/** Explanations by where a number stands; those of other views than Compare are loaded when they are asked for. */
const EXPLAIN: Readonly<Record<Stand, () => Promise<{ explain: Explain }>>> = {
  answer: () => import('./why/answer.ts'),
  claim: () => import('./why/claim.ts'),
  entry: () => import('./why/entry.ts'),
  error: () => import('./why/error.ts'),
  gain: () => import('./why/gain.ts'),
  loss: () => import('./why/loss.ts'),
  operator: () => import('./why/operator.ts'),
  paper: () => import('./why/paper.ts'),
  point: () => import('./why/point.ts'),
  roof: () => import('./why/roof.ts'),
  run: () => import('./why/run.ts'),
  share: () => import('./why/share.ts'),
};

const isStand = (word: string): word is Stand => Object.hasOwn(EXPLAIN, word);

/** Where one number comes from, as a tree: formula, parts, down to what is given and its source. */
export default function Why() {
  const { experiment } = useExperiment();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  const found = useExplained(experiment);
  return (
    <dialog
      ref={dialog}
      className="why"
      aria-labelledby="why"
      onClose={() => detail({ why: undefined, of: undefined, from: undefined })}
      onClick={({ target, currentTarget }) => {
        if (target === currentTarget) currentTarget.close();
      }}
    >
      <div className="inside">
        <div className="head">
          <h2 id="why">Why?</h2>
          <button type="button" className="quiet" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
        {found === undefined && (
          <p className="loading" role="status">
            Loading…
          </p>
        )}
        {found?.error !== undefined && <ErrorNote error={found.error} />}
        {found?.value !== undefined && <Told {...found.value} />}
      </div>
    </dialog>
  );
}

/** The number that is asked about; nothing while its explanation loads. */
function useExplained(experiment: Experiment): Outcome<Explained> | undefined {
  const [found, setFound] = useState<Outcome<Explained>>();
  useEffect(() => {
    let stale = false;
    void (async () => {
      const tell = (next: Outcome<Explained>): void => {
        if (!stale) setFound(next);
      };
      const { from = '' } = experiment.detail;
      try {
        const explain = isStand(from) ? (await EXPLAIN[from]()).explain : ofDesign;
        tell({ value: await explain(experiment) });
      } catch (error) {
        if (!(error instanceof MugiError)) throw error;
        tell({ error });
      }
    })();
    return () => {
      stale = true;
    };
  }, [experiment]);
  return found;
}

function Told({ title, of, better, quantity, sources = [], command }: Explained) {
  return (
    <>
      <p className="lead">
        {title} of <b>{of}</b>
        {better === undefined ? '' : `; ${better} is better`}
      </p>
      <p className="answer">
        <data value={quantity.value}>{readable(quantity.value)}</data>{' '}
        <span className="unit">{quantity.unit}</span>
      </p>
      <ul className="tree">
        <Node quantity={quantity} whole={quantity.value} open />
      </ul>
      {sources.length > 0 && (
        <>
          <h3>Costs that enter, and their sources</h3>
          <div className="scroll" tabIndex={0} role="region" aria-label="Costs">
            <table>
              <thead>
                <tr>
                  <th scope="col">component</th>
                  <th scope="col">pJ</th>
                  <th scope="col">µW leakage</th>
                  <th scope="col">µm²</th>
                  <th scope="col" className="words">
                    source
                  </th>
                </tr>
              </thead>
              <tbody>
                {sources.map((row) => (
                  <tr key={row.name}>
                    <th scope="row">{row.name}</th>
                    <td>{readable(row.energy_pJ)}</td>
                    <td>{readable(row.leakage_uW)}</td>
                    <td>{readable(row.area_um2)}</td>
                    <td className="words">{row.source}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      {command !== undefined && (
        <>
          <h3>The same on the command line</h3>
          <Command command={command} />
        </>
      )}
    </>
  );
}

/** A quantity with its parts, which are made when it is opened. */
function Node({ quantity, whole, open = false }: { quantity: Quantity; whole: number; open?: boolean }) {
  const [opened, setOpened] = useState(open);
  const [shown, setShown] = useState(FIRST);
  const parts = useMemo(() => {
    if (!opened) return [];
    const list = quantity.parts?.() ?? [];
    return quantity.combine === 'sum' ? list.toSorted((a, b) => b.value - a.value) : list;
  }, [opened, quantity]);
  const { name, value, unit, formula, source, combine } = quantity;
  const share = whole !== 0 && Number.isFinite(value / whole) ? value / whole : 0;
  const line = (
    <>
      <span className="name">{name}</span>
      <data value={value}>
        {readable(value)} <span className="unit">{unit}</span>
      </data>
    </>
  );
  const said = formula ?? source;
  return (
    <li>
      {quantity.parts === undefined ? (
        <div className="leaf">{line}</div>
      ) : (
        <details open={opened} onToggle={({ currentTarget }) => setOpened(currentTarget.open)}>
          <summary>{line}</summary>
          <p className="formula">
            {formula} {combine !== undefined && <span className="note">({COMBINE_WORDS[combine]})</span>}
          </p>
          {opened && (
            <ul>
              {parts.slice(0, shown).map((part, i) => (
                // Parts have no other identity than their place: several may share a name.
                <Node key={`${i} ${part.name}`} quantity={part} whole={combine === 'sum' ? value : 0} />
              ))}
              {parts.length > shown && (
                <li>
                  <button type="button" className="quiet" onClick={() => setShown(shown + 100)}>
                    {parts.length - shown} more
                  </button>
                </li>
              )}
            </ul>
          )}
        </details>
      )}
      {quantity.parts === undefined && said !== undefined && <p className="formula">{said}</p>}
      {share > 0 && share < 1 && (
        <meter aria-label={`share of the whole: ${name}`} value={share} max={1} min={0} />
      )}
    </li>
  );
}
