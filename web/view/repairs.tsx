import { useMemo } from 'react';
import { CLAIMS, claimsUnder } from '../../src/paper/claims.ts';
import { readable } from '../../src/present/readable.ts';
import { type PresetName, preset, REPAIR_NAMES } from '../../src/published/preset.ts';
import { QUIRKS, type Repair } from '../../src/published/index.ts';
import { question } from '../../src/question/question.ts';
import { Command } from '../part/copy.tsx';
import { Num } from '../part/number.tsx';
import { presetOf } from '../../src/question/point.ts';
import { ask, useExperiment } from '../state/store.ts';

/** Claims that everyone quotes come first; the rest stands below. */
const HEADLINES = [
  'LLM throughput over sa-16',
  'LLM energy efficiency over sa-16',
  'LLM power efficiency over sa-16',
  'operational carbon of sa-16 over Mugi',
  'embodied carbon of sa-16 over Mugi',
];

interface Row {
  name: string;
  where: string;
  paper: number;
  published: number;
  now: number;
}

let asPublished: readonly number[] | undefined;

/** The claims as the artifact computes them. */
const published = (): readonly number[] => (asPublished ??= claimsUnder(preset('as-published')));

/** The quirks of the published model as switches, and what each does to the paper's headlines at once. */
export default function Repairs() {
  const { experiment } = useExperiment();
  const asked = useMemo(() => question(experiment.asked), [experiment.asked]);
  const now = presetOf(asked);
  const key = JSON.stringify(now.repairs);
  const rows = useMemo((): Row[] => {
    const values = claimsUnder(preset('corrected', JSON.parse(key) as Record<Repair, boolean>));
    return CLAIMS.map(({ name, where, paper }, i) => ({
      name,
      where,
      paper,
      published: published()[i],
      now: values[i],
    }));
  }, [key]);
  const on = REPAIR_NAMES.filter((name) => now.repairs[name]);
  const first = rows.filter(({ name }) => HEADLINES.includes(name));
  const others = rows.filter(({ name }) => !HEADLINES.includes(name));

  /** The shortest question with these repairs. */
  const choose = (wanted: ReadonlySet<Repair>): void => {
    const near: PresetName = wanted.size * 2 >= REPAIR_NAMES.length ? 'corrected' : 'as-published';
    const missing = REPAIR_NAMES.filter((name) => !wanted.has(name));
    ask({
      preset: near,
      with: near === 'as-published' ? REPAIR_NAMES.filter((name) => wanted.has(name)) : [],
      without: near === 'corrected' ? missing : [],
      baseline: undefined,
    });
  };
  const toggle = (name: Repair): void => {
    const wanted = new Set(on);
    if (!wanted.delete(name)) wanted.add(name);
    choose(wanted);
  };
  const command = `npx mugi paper headlines ${now.flags} --json`;
  return (
    <div className="split wide">
      <form className="controls open" aria-label="Repairs">
        <div className="head">
          <h2>
            Repairs{' '}
            <span className="count">
              {on.length} of {REPAIR_NAMES.length}
            </span>
          </h2>
          <span className="row">
            <button type="button" className="quiet" onClick={() => choose(new Set(REPAIR_NAMES))}>
              All
            </button>
            <button type="button" className="quiet" onClick={() => choose(new Set())}>
              None
            </button>
          </span>
        </div>
        <ul className="switches">
          {QUIRKS.map(({ name, published, repaired }) => (
            <li key={name}>
              <label>
                <input
                  type="checkbox"
                  role="switch"
                  checked={now.repairs[name]}
                  onChange={() => toggle(name)}
                />
                <span>
                  <b>{name}</b>
                  <span className="note">
                    {(now.repairs[name] ? repaired : published).replaceAll('`', '')}
                  </span>
                </span>
              </label>
            </li>
          ))}
        </ul>
      </form>
      <div className="page">
        <h1>What the paper says, and what the hardware does</h1>
        <p className="lead">
          Each switch repairs one difference between the published model and the hardware that it describes.
          The headlines of mugi-256 follow at once.
        </p>
        <section aria-labelledby="headlines">
          <h2 id="headlines">Headlines</h2>
          <ul className="legend">
            <li>
              <span className="swatch paper" aria-hidden="true" />
              paper
            </li>
            <li>
              <span className="swatch published" aria-hidden="true" />
              as published
            </li>
            <li>
              <span className="swatch now" aria-hidden="true" />
              now
            </li>
          </ul>
          <div className="claims">
            {first.map((row) => (
              <Claim key={row.name} row={row} />
            ))}
          </div>
        </section>
        <section aria-labelledby="more">
          <h2 id="more">Nonlinear functions and buffers</h2>
          <div className="scroll" tabIndex={0} role="region" aria-label="Table of claims">
            <table className="names">
              <thead>
                <tr>
                  <th scope="col">claim</th>
                  <th scope="col" className="words">
                    stands in
                  </th>
                  <th scope="col">paper</th>
                  <th scope="col">as published</th>
                  <th scope="col">now</th>
                  <th scope="col">now / paper</th>
                </tr>
              </thead>
              <tbody>
                {others.map(({ name, where, paper, published, now }) => (
                  <tr key={name} data-claim={name}>
                    <th scope="row">{name}</th>
                    <td className="words">{where}</td>
                    <td>
                      <Of name={name} state="paper" value={paper} text={readable(paper)} />
                    </td>
                    <td>
                      <Of name={name} state="as published" value={published} text={readable(published)} />
                    </td>
                    <td>
                      <Of name={name} state="now" value={now} text={readable(now)} />
                    </td>
                    <td>
                      <Of
                        name={name}
                        state="now / paper"
                        value={now / paper}
                        text={`${readable(now / paper)}×`}
                      />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
        <section aria-labelledby="state">
          <h2 id="state">With these repairs on the command line</h2>
          <Command command={command} />
        </section>
      </div>
    </div>
  );
}

interface OfProps {
  name: string;
  state: 'paper' | 'as published' | 'now' | 'now / paper';
  value: number;
  text: string;
}

/** A claim's number, which opens as a tree. */
const Of = ({ name, state, value, text }: OfProps) => (
  <Num
    value={value}
    metric={name}
    label={name}
    design={state}
    from="claim"
    text={text}
    of={state === 'now / paper' ? 'derived' : undefined}
  />
);

/** One headline as three bars on the scale of its largest. */
function Claim({ row: { name, where, paper, published, now } }: { row: Row }) {
  const most = Math.max(paper, published, now);
  const bar = (kind: string, label: 'paper' | 'as published' | 'now', value: number) => (
    <div className="three">
      <dt>{label}</dt>
      <dd>
        <span className="track" aria-hidden="true">
          <span className={`fill ${kind}`} style={{ width: `${(100 * value) / most}%` }} />
        </span>
        <Of name={name} state={label} value={value} text={`${readable(value)}×`} />
      </dd>
    </div>
  );
  return (
    <article data-claim={name}>
      <h3>
        {name} <span className="note">{where}</span>
      </h3>
      <dl>
        {bar('paper', 'paper', paper)}
        {bar('published', 'as published', published)}
        {bar('now', 'now', now)}
      </dl>
    </article>
  );
}
