import type { Comparison } from '../../../src/compare/comparison.ts';
import type { LossCost } from '../../../src/compare/loss-energy-plot.ts';
import { partsTable } from '../../../src/compare/loss-parts.ts';
import { lossText } from '../../../src/compare/loss-text.ts';
import { toCsv } from '../../../src/present/csv.ts';
import { Num } from '../../part/number.tsx';
import { Save } from '../../part/save.tsx';

interface LossTableProps {
  costs: readonly LossCost[];
  comparison: Comparison;
}

/** The figure's numbers, and what they are made up of. */
export function LossTable({ costs, comparison }: LossTableProps) {
  const parts = partsTable(comparison, lossText);
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
                  <Num
                    value={loss.loss_increase}
                    metric="loss_increase"
                    label="Loss above the stored model"
                    design={design}
                    from="loss"
                    text={lossText(loss)}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {parts !== undefined && (
        <details>
          <summary>What the losses are made up of</summary>
          <p className="note">
            Nats per target: each part alone above the stored model; sums above exact ones.
          </p>
          <div className="scroll" tabIndex={0} role="region" aria-label="Parts of the losses">
            <table className="parts">
              <thead>
                <tr>
                  {parts.header.map((name) => (
                    <th key={name} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {parts.rows.map(([designs, ...cells]) => (
                  <tr key={designs}>
                    <th scope="row">{designs}</th>
                    {cells.map((cell, i) => (
                      <td key={parts.header[i + 1]}>{cell}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </section>
  );
}
