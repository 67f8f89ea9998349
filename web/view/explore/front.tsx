import { memo, useMemo } from 'react';
import { axisTitle } from '../../../src/explore/sweep-plot.ts';
import type { Space } from '../../../src/explore/space/space.ts';
import { Walker } from '../../../src/explore/walk.ts';
import { readable } from '../../../src/present/readable.ts';
import type { Cloud } from '../../explore/use-cloud.ts';
import { Num } from '../../part/number.tsx';
import { detail } from '../../state/store.ts';
import { thinned } from './lines.ts';
import { addressOf, askedOf } from './point-address.ts';

/** Rows of the front that are listed at once. */
const MOST_ROWS = 200;

interface FrontProps extends Pick<Cloud, 'space' | 'front'> {
  chosen: number | undefined;
}

/** The designs that none beats, as a table. */
export const Front = memo(function Front({ space, front, chosen }: FrontProps) {
  const rows = useMemo(() => thinned(front ?? [], MOST_ROWS), [front]);
  const values = useMemo(() => valuesOf(space, rows), [space, rows]);
  if (front === undefined) return null;
  if (front.length === 0) {
    return <p>No design keeps every bound: move a limit, or take one away.</p>;
  }
  const { objectives, models } = space.plan;
  // A mean over several models is of no one question.
  const single = models.length === 1;
  const parameters = [...new Set(rows.flatMap((point) => Object.keys(space.point(point).parameters)))];
  return (
    <section aria-label="The front">
      <h2>The front</h2>
      {rows.length < front.length && (
        <p className="note">
          {rows.length} of {front.length} designs, spread over it.
        </p>
      )}
      <div className="scroll tall" tabIndex={0} role="region" aria-label="Designs of the front">
        <table>
          <thead>
            <tr>
              <th scope="col">point</th>
              {objectives.map(({ metric }) => (
                <th scope="col" key={metric}>
                  {axisTitle(metric)}
                </th>
              ))}
              {parameters.map((name) => (
                <th scope="col" key={name}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((point, i) => {
              const own = space.point(point).parameters;
              return (
                <tr key={point} data-point={point} aria-current={point === chosen ? 'true' : undefined}>
                  <th scope="row">
                    <button type="button" className="number" onClick={() => detail({ point: String(point) })}>
                      {point}
                    </button>
                  </th>
                  {objectives.map(({ metric }) => (
                    <td key={metric}>
                      {single ? (
                        <Num
                          value={values.get(metric)![i]}
                          metric={metric}
                          label={axisTitle(metric)}
                          design={() => addressOf(askedOf(space, point))}
                          words={`point ${point}`}
                          from="point"
                        />
                      ) : (
                        readable(values.get(metric)![i])
                      )}
                    </td>
                  ))}
                  {parameters.map((name) => (
                    <td key={name}>{own[name] === undefined ? '–' : String(own[name])}</td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
});

/** Metrics of some points in full: a cloud keeps no more than its drawing needs. */
function valuesOf(space: Space, points: readonly number[]): ReadonlyMap<string, Float64Array> {
  const walker = new Walker(space);
  const found = new Map(walker.metrics.map(({ name }) => [name, new Float64Array(points.length)]));
  for (const [i, point] of points.entries()) {
    // A file may have a point on its front that is none here.
    const evaluated = walker.at(point) === 'evaluated';
    for (const [k, column] of [...found.values()].entries())
      column[i] = evaluated ? walker.values[k] : Number.NaN;
  }
  return found;
}
