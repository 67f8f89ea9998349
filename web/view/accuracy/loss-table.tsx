import type { LossMeasurement } from '../../../src/accuracy/score/loss-increase.ts';
import type { LossCost } from '../../../src/compare/loss-energy-plot.ts';
import { lossText } from '../../../src/compare/loss-text.ts';
import { toCsv } from '../../../src/present/csv.ts';
import { readable } from '../../../src/present/readable.ts';
import { Num } from '../../part/number.tsx';
import { Save } from '../../part/save.tsx';

interface LossTableProps {
  costs: readonly LossCost[];
  measurement: LossMeasurement;
}

/** The figure's numbers, and what was measured of methods that no design has. */
export function LossTable({ costs, measurement: { increases, parts } }: LossTableProps) {
  return (
    <section aria-labelledby="losses">
      <div className="head">
        <h2 id="losses">Losses</h2>
        <Save
          name="accuracy.csv"
          label="Download CSV"
          type="text/csv"
          make={() => toCsv(costs.map((cost) => ({ ...cost })))}
        />
      </div>
      <div className="scroll" tabIndex={0} role="region" aria-label="Table of losses">
        <table className="losses">
          <thead>
            <tr>
              <th scope="col">design</th>
              <th scope="col" className="words">
                functions
              </th>
              <th scope="col">
                energy with DRAM <span className="unit">J/token</span>
              </th>
              <th scope="col">
                loss − stored <span className="unit">nats, ± 95 %</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {costs.map(({ design, method, energy_per_token_with_dram_J: energy, ...loss }) => (
              <tr key={design} data-design={design} className={loss.tie === true ? 'tie' : undefined}>
                <th scope="row">{design}</th>
                <td className="words">{method}</td>
                <td>
                  <Num
                    value={energy}
                    metric="energy_per_token_with_dram_J"
                    label="Energy per token with DRAM"
                    design={design}
                  />
                </td>
                <td>
                  <data value={loss.loss_increase}>{lossText(loss)}</data>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <details>
        <summary>Methods and parts by themselves</summary>
        <div className="scroll" tabIndex={0} role="region" aria-label="Methods and parts">
          <table>
            <thead>
              <tr>
                <th scope="col">what</th>
                <th scope="col">loss increase, nats</th>
                <th scope="col">perplexity</th>
              </tr>
            </thead>
            <tbody>
              {increases.map((one) => (
                <tr key={one.method} data-method={one.method}>
                  <th scope="row">functions by {one.method}</th>
                  <td>
                    {lossText({
                      loss_increase: one.functions_increase,
                      loss_increase_ci95: one.functions_increase_ci95,
                      tie: one.functions_tie,
                    })}
                  </td>
                  <td>{readable(one.perplexity)}</td>
                </tr>
              ))}
              {parts.map((part) => (
                <tr key={part.part}>
                  <th scope="row">{part.part} alone</th>
                  <td>{lossText(part)}</td>
                  <td>–</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}
