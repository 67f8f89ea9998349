import { type NamedPlot, PALETTE, type PlotSpec } from '../present/figure.ts';
import { LABEL_LINE, liftsOf, spanOf } from '../present/labels.ts';
import { scaledUnit } from '../present/si.ts';
import type { Comparison } from './comparison.ts';

/** A design with what its arithmetic costs a real model, beside what it spends. */
export interface LossCost {
  design: string;
  /** How its nonlinear functions are computed. */
  method: string;
  /** J a token, with DRAM. */
  energy_per_token_with_dram_J: number;
  /** Nats per target above the stored model, and half of the 95 % interval; infinite where one block gives none. */
  loss_increase: number;
  loss_increase_ci95: number;
  tie: boolean | null;
}

/** One for each design whose method was measured, in the order of the designs. */
export const lossCosts = ({ designs }: Comparison): LossCost[] =>
  designs.flatMap(({ name, method, metrics, accuracy }) =>
    accuracy === undefined
      ? []
      : [
          {
            design: name,
            method,
            energy_per_token_with_dram_J: metrics.energy_per_token_with_dram_J,
            loss_increase: accuracy.loss_increase,
            loss_increase_ci95: accuracy.loss_increase_ci95,
            tie: accuracy.tie,
          },
        ],
  );

/** Loss against energy per token: a dot for each design and method on its interval, those that tie in grey. */
export function lossEnergyPlot(costs: readonly LossCost[], model: string, targets: number): NamedPlot {
  const { scale, unit } = scaledUnit(
    costs.map((cost) => cost.energy_per_token_with_dram_J),
    'J',
  );
  const values = costs.map(({ design, method, loss_increase: increase, loss_increase_ci95: ci, tie }) => ({
    design,
    method: tie === true ? 'tie' : method,
    increase,
    low: increase - (Number.isFinite(ci) ? ci : 0),
    high: increase + (Number.isFinite(ci) ? ci : 0),
  }));
  const energies = costs.map((cost) => cost.energy_per_token_with_dram_J * scale);
  const long = NEAR.x * (spanOf(energies) || 1);
  const lifts = liftsOf(
    values.map(({ high }, i) => ({ from: energies[i], to: energies[i] + long, at: high })),
    NEAR.y * (spanOf(values.map(({ high }) => high)) || 1),
  );
  const methods = [...new Set(values.map(({ method }) => method))].sort();
  const colours = PALETTE.filter((colour) => colour !== TIE);
  const color = {
    field: 'method',
    type: 'nominal',
    scale: {
      domain: methods,
      range: methods.map((method, i) => (method === 'tie' ? TIE : colours[i % colours.length])),
    },
    title: null,
  };
  const x = {
    field: 'energy',
    type: 'quantitative',
    title: `energy per token with DRAM (${unit})`,
    scale: { zero: false, nice: true, padding: 40 },
  };
  const y = { type: 'quantitative', title: 'loss − stored, nats per target', axis: { tickCount: 6 } };
  return {
    name: 'loss-energy',
    title: 'Loss against energy per token',
    caption: `What all that a design does costs ${model}, in nats per target above the stored model over ${targets} targets, with its 95 % interval; left is thriftier, down is more exact. Grey: indistinguishable from the stored model.`,
    spec: {
      data: { values: values.map((value, i) => ({ ...value, energy: energies[i], lift: lifts[i] })) },
      width: 760,
      height: 320,
      layer: [
        {
          mark: { type: 'rule', strokeDash: [3, 3], color: '#888', aria: false },
          encoding: { y: { datum: 0 } },
        },
        {
          mark: { type: 'rule', strokeWidth: 2 },
          encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
        },
        {
          mark: { type: 'point', filled: true, size: 80, opacity: 1 },
          encoding: { x, y: { ...y, field: 'increase' }, color },
        },
        ...[...new Set(lifts)].map((lift) => ({
          transform: [{ filter: `datum.lift === ${lift}` }],
          mark: { type: 'text', align: 'left', dx: 8, dy: -6 - LABEL_LINE * lift, fontSize: 10 },
          encoding: { x, y: { ...y, field: 'high' }, text: { field: 'design' } },
        })),
      ],
    } as unknown as PlotSpec,
  };
}

/** What is not told apart from the stored model. */
const TIE = PALETTE[6];

/** Parts of an axis within which labels would lie on each other. */
const NEAR = { x: 0.16, y: 0.05 };
