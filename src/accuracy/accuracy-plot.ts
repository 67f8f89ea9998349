import type { PlotSpec } from '../report/plot.ts';
import type { AccuracyRow } from './measure.ts';

/** Loss increase over the exact functions with its interval, and fidelity (KL, top-1), one bar or point per method. */
export function accuracyPlot(rows: readonly AccuracyRow[]): PlotSpec {
  const first = rows[0]!;
  const values = rows.map((row) => ({
    method: row.method,
    increase: row.loss_increase,
    low: row.loss_increase - (Number.isFinite(row.loss_increase_ci95) ? row.loss_increase_ci95 : 0),
    high: row.loss_increase + (Number.isFinite(row.loss_increase_ci95) ? row.loss_increase_ci95 : 0),
    kl: row.kl,
    disagreement: 100 * (1 - row.top1_agreement),
  }));
  const y = { field: 'method', type: 'nominal', sort: null, title: null } as const;
  const panel = (field: string, title: string, format: string) =>
    ({
      width: 190,
      height: { step: 34 },
      layer: [
        { mark: { type: 'bar', size: 16 }, encoding: { x: { field, type: 'quantitative', title }, y } },
        {
          mark: { type: 'text', align: 'left', dx: 4, fontSize: 11 },
          encoding: {
            x: { field, type: 'quantitative' },
            y,
            text: { field, type: 'quantitative', format },
            color: { value: '#333' },
          },
        },
      ],
    }) as const;
  return {
    title: {
      text: `What approximate nonlinear functions cost ${first.model}`,
      subtitle: `${first.tokens} targets, weights ${first.weights}, KV ${first.kv}, activations ${first.activations}; bars: 95 % interval of the paired difference`,
    },
    data: { values },
    hconcat: [
      {
        width: 260,
        height: { step: 34 },
        layer: [
          {
            mark: { type: 'rule', strokeDash: [3, 3], color: '#888' },
            encoding: { x: { datum: 0, type: 'quantitative' } },
          },
          {
            mark: { type: 'rule', strokeWidth: 2 },
            encoding: {
              x: { field: 'low', type: 'quantitative', title: 'loss − exact, nats per target' },
              x2: { field: 'high' },
              y,
            },
          },
          {
            mark: { type: 'point', filled: true, size: 70, opacity: 1 },
            encoding: { x: { field: 'increase', type: 'quantitative' }, y },
          },
        ],
      },
      panel('kl', 'KL from the exact model, nats', '.2e'),
      panel('disagreement', 'top-1 differs, % of targets', '.2f'),
    ],
  } as PlotSpec;
}
