import { intervalPanel } from '../../present/interval-panel.ts';
import { PALETTE, type PlotSpec } from '../../present/figure.ts';
import type { AccuracyRow } from '../score/accuracy-row.ts';

/** Loss increase over the exact functions with its interval, and fidelity (KL, top-1), one bar or point per method. */
export function accuracyPlot(rows: readonly AccuracyRow[]): PlotSpec {
  const first = rows[0];
  const values = rows.map((row) => ({
    method: row.method,
    tie: row.tie,
    increase: row.loss_increase,
    low: row.loss_increase - (Number.isFinite(row.loss_increase_ci95) ? row.loss_increase_ci95 : 0),
    high: row.loss_increase + (Number.isFinite(row.loss_increase_ci95) ? row.loss_increase_ci95 : 0),
    kl: row.kl,
    disagreement: row.top1_agreement === null ? null : 100 * (1 - row.top1_agreement),
  }));
  const y = { field: 'method', type: 'nominal', sort: null, title: null } as const;
  const bare = { ...y, axis: null } as const;
  const tieColour = { condition: { test: 'datum.tie', value: PALETTE[6] }, value: PALETTE[5] } as const;
  const panel = (field: string, title: string, format: string) =>
    ({
      width: 190,
      height: { step: 34 },
      layer: [
        {
          mark: { type: 'bar', size: 16, color: PALETTE[0] },
          encoding: { x: { field, type: 'quantitative', title, axis: { tickCount: 4 } }, y: bare },
        },
        {
          mark: { type: 'text', align: 'left', dx: 4, fontSize: 11 },
          encoding: {
            x: { field, type: 'quantitative' },
            y: bare,
            text: { field, type: 'quantitative', format },
            color: { value: '#333' },
          },
        },
      ],
    }) as const;
  return {
    title: {
      text: `What approximate nonlinear functions cost ${first.model}`,
      subtitle: [
        `${first.tokens} targets, weights ${first.weights}, KV ${first.kv}, activations ${first.activations}`,
        'lines: 95 % interval of the paired difference; grey: indistinguishable from exact',
      ],
    },
    data: { values },
    hconcat: [
      intervalPanel({ step: 34 }, y, tieColour),
      ...(first.kl === null
        ? []
        : [
            panel('kl', 'KL from the exact model, nats', '.2e'),
            panel('disagreement', 'top-1 differs, % of targets', '.2f'),
          ]),
    ],
  } as PlotSpec;
}
