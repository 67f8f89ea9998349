import { COLUMNS } from '../../../src/compare/comparison.ts';
import { gainOf, gainText, verdict } from '../../../src/evaluate/gain.ts';
import { Num } from '../../part/number.tsx';
import type { Compared } from '../../state/compared.ts';
import { PINNED } from '../why/pinned.ts';

/** Gains beyond this fill their bar. */
const FULL = 10;

/** Figures of merit: a row a design, each value with its gain over the baseline; above 1 is better everywhere. */
export function Merits({ shown, base }: { shown: Compared; base: Compared | undefined }) {
  const { result } = shown;
  return (
    <section aria-labelledby="merits">
      <h2 id="merits">Figures of merit</h2>
      <p className="note">
        Below each value its gain over {result.baseline}: above 1× is better, also where less is better.
        Choose a number to see where it comes from.
      </p>
      <div className="scroll" tabIndex={0} role="region" aria-label="Table of figures of merit">
        <table className="merits">
          <thead>
            <tr>
              <th scope="col">design</th>
              {COLUMNS.map(({ metric, label, unit }) => (
                <th scope="col" key={metric}>
                  {label} <span className="unit">{unit}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {result.designs.map(({ name, metrics, gains, cautions }) => {
              const pinned = base?.result.designs.find((one) => one.name === name);
              return (
                <tr
                  key={name}
                  className={name === result.baseline ? 'baseline' : undefined}
                  data-design={name}
                >
                  <th scope="row">
                    {name}
                    {name === result.baseline && <span className="tag">baseline</span>}
                    {cautions.length > 0 && <abbr title={cautions.join('; ')}>†</abbr>}
                  </th>
                  {COLUMNS.map(({ metric, label, better }) => {
                    const value = metrics[metric];
                    if (value === null) return <td key={metric}>–</td>;
                    const before = pinned?.metrics[metric];
                    const moved = typeof before === 'number' ? gainOf({ better }, value / before) : undefined;
                    return (
                      <td key={metric} data-metric={metric}>
                        <Num value={value} metric={metric} label={label} design={name} />
                        <Gain gain={gains[metric]} metric={metric} label={label} design={name} />
                        {moved !== undefined && (
                          <span className="pinned" title="against the pinned state">
                            <Num
                              value={moved}
                              metric={metric}
                              label={`gain in ${label}`}
                              design={PINNED + name}
                              words={`${name} over the pinned state`}
                              from="gain"
                              text={gainText(moved)}
                            />{' '}
                            <span>pinned</span>
                          </span>
                        )}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface GainProps {
  gain: number | undefined;
  metric: string;
  label: string;
  design: string;
}

/** A gain as a number and as a bar on a logarithmic scale, to the right of parity where it is one. */
function Gain({ gain, metric, label, design }: GainProps) {
  if (gain === undefined) return null;
  const length = Math.min(1, Math.abs(Math.log(gain)) / Math.log(FULL)) * 50;
  const left = gain >= 1 ? 50 : 50 - length;
  return (
    <span className={verdict(gain)}>
      <span className="track" aria-hidden="true">
        <span className="fill" style={{ left: `${left}%`, width: `${length}%` }} />
      </span>
      <Num
        value={gain}
        metric={metric}
        label={`gain in ${label}`}
        design={design}
        from="gain"
        text={gainText(gain)}
      />
    </span>
  );
}
