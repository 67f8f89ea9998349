import { axisTitle } from '../../../src/explore/sweep-plot.ts';
import { readable } from '../../../src/present/readable.ts';
import type { Cloud } from '../../explore/use-cloud.ts';
import { detail } from '../../state/store.ts';
import { thinned } from './lines.ts';

/** Rows of the front that are listed at once. */
const MOST_ROWS = 200;

/** The designs that none beats, as a table. */
export function Front({
  cloud: { space, columns, front },
  chosen,
}: {
  cloud: Cloud;
  chosen: number | undefined;
}) {
  if (front === undefined) return null;
  if (front.length === 0) {
    return <p>No design keeps every bound: move a limit, or take one away.</p>;
  }
  const { objectives } = space.plan;
  const rows = thinned(front, MOST_ROWS);
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
            {rows.map((point) => {
              const values = space.point(point).parameters;
              return (
                <tr key={point} data-point={point} aria-current={point === chosen ? 'true' : undefined}>
                  <th scope="row">
                    <button type="button" className="number" onClick={() => detail({ point: String(point) })}>
                      {point}
                    </button>
                  </th>
                  {objectives.map(({ metric }) => (
                    <td key={metric}>{readable(columns.get(metric)![point])}</td>
                  ))}
                  {parameters.map((name) => (
                    <td key={name}>{values[name] === undefined ? '–' : String(values[name])}</td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
