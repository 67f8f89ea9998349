import { useState } from 'react';
import { boundsText } from '../../../src/compare/bounds.ts';
import type { Comparison } from '../../../src/compare/comparison.ts';
import { readable } from '../../../src/present/readable.ts';
import { GROUPS } from '../../../src/workload/operator.ts';
import { Num } from '../../part/number.tsx';

interface StacksProps {
  result: Comparison;
  /** Where designs are none of the question but points of a space: the address of one. */
  point?: (name: string) => string;
  /** The model that the times are of, where the page is about several. */
  model?: string | undefined;
}

/** Where the time of each design goes, to one scale, and what bounds each part. */
export function Stacks({ result: { designs }, point, model }: StacksProps) {
  const [open, setOpen] = useState(false);
  const longest = Math.max(...designs.map(({ metrics }) => metrics.time_s));
  return (
    <section aria-labelledby="time">
      <h2 id="time">Where the time goes</h2>
      <p className="note">
        Time of the whole inference{model === undefined ? '' : ` of ${model}, the first of the models`}, all
        designs on one scale; behind each bar what most of its time waits for.
      </p>
      <ul className="legend" aria-label="Parts">
        {GROUPS.map((group) => (
          <li key={group}>
            <span className={`swatch ${group}`} aria-hidden="true" />
            {group}
          </li>
        ))}
      </ul>
      <ul className="stacks">
        {designs.map(({ name, metrics, breakdown }) => (
          <li key={name}>
            <span className="name">{name}</span>
            <span className="bar" aria-hidden="true">
              {GROUPS.map((group) => (
                <span
                  key={group}
                  className={group}
                  style={{ width: `${(100 * breakdown[group].time_s) / longest}%` }}
                  title={`${group}: ${readable(breakdown[group].time_s)} s, waits for ${breakdown[group].bound ?? 'nothing'}`}
                />
              ))}
            </span>
            <span className="what">
              <Num
                value={metrics.time_s}
                metric="time_s"
                label="Time"
                {...(point === undefined
                  ? { design: name }
                  : { design: () => point(name), words: name, from: 'point' })}
              />{' '}
              s{' '}
              <span className="bound">
                {boundsText(
                  Object.values(breakdown).map(({ bound, share }) => [bound, share]),
                  1,
                )}
              </span>
            </span>
          </li>
        ))}
      </ul>
      <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>As a table</summary>
        {open && <TimeTable designs={designs} point={point} />}
      </details>
    </section>
  );
}

function TimeTable({ designs, point }: Pick<Comparison, 'designs'> & Pick<StacksProps, 'point'>) {
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label="Time by part">
      <table>
        <thead>
          <tr>
            <th scope="col">design</th>
            {GROUPS.map((group) => (
              <th scope="col" key={group}>
                {group}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {designs.map(({ name, breakdown }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {GROUPS.map((group) => {
                const { share, bound } = breakdown[group];
                return (
                  <td key={group}>
                    <Num
                      value={share}
                      metric="share"
                      label={`share of ${group} in the time`}
                      design={() =>
                        new URLSearchParams({
                          design: point === undefined ? name : '',
                          group,
                          ...(point && { point: point(name) }),
                        }).toString()
                      }
                      words={name}
                      from="share"
                      text={`${(share * 100).toFixed(1)} %`}
                    />{' '}
                    <span className="bound">{bound ?? ''}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
