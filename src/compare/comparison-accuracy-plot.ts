import type { Design } from '../design/design.ts';
import type { Comparison } from './comparison.ts';
import { lossCosts, lossEnergyPlot } from './loss-energy-plot.ts';
import { intervalPanel } from '../present/interval-panel.ts';
import { type NamedPlot, PALETTE, type PlotSpec } from '../present/figure.ts';

const METHOD_COLOURS: Readonly<Record<Design['method'], string>> = {
  precise: PALETTE[6],
  vlp: PALETTE[0],
  lut: PALETTE[4],
  pwl: PALETTE[1],
  taylor: PALETTE[5],
};

/** Measured loss increase beside speed and energy, one line a design; nothing where accuracy was not measured. */
export function accuracyPlots(comparison: Comparison, order: string[]): NamedPlot[] {
  const { designs, accuracy } = comparison;
  if (accuracy === undefined) return [];
  const values = designs.map(({ name, method, metrics, accuracy: loss }) => {
    const increase = loss?.loss_increase ?? null;
    const ci = Number.isFinite(loss?.loss_increase_ci95) ? loss!.loss_increase_ci95 : 0;
    return {
      design: name,
      method,
      increase,
      low: increase === null ? null : increase - ci,
      high: increase === null ? null : increase + ci,
      tokens_per_s: metrics.tokens_per_s,
      energy: metrics.energy_per_token_with_dram_J,
    };
  });
  const y = { field: 'design', type: 'nominal', sort: order, title: null } as const;
  const bare = { ...y, axis: null } as const;
  const shown = Object.entries(METHOD_COLOURS).filter(([name]) =>
    values.some(({ method }) => method === name),
  );
  const color = {
    field: 'method',
    type: 'nominal',
    scale: { domain: shown.map(([name]) => name), range: shown.map(([, colour]) => colour) },
    title: 'nonlinear',
  } as const;
  const height = 24 * order.length;
  const bars = (field: string, title: string) =>
    ({
      width: 170,
      height,
      layer: [
        {
          mark: { type: 'bar', height: 13 },
          encoding: { x: { field, type: 'quantitative', title }, y: bare, color },
        },
        {
          mark: { type: 'text', align: 'left', dx: 3, fontSize: 9 },
          encoding: { x: { field, type: 'quantitative' }, y: bare, text: { field, format: '.3' } },
        },
      ],
    }) as const;
  return [
    {
      name: 'accuracy',
      title: `What designs cost ${accuracy.model}, beside speed and energy`,
      caption: `Loss of all that a design does above the stored model, nats per target, with its 95 % interval over ${accuracy.targets} targets: one that holds 0 is indistinguishable from it.${accuracy.own ? '' : ` Measured on ${accuracy.model}; speed and energy are of the model that is compared.`}`,
      spec: {
        data: { values },
        hconcat: [
          intervalPanel(height, y, color),
          bars('tokens_per_s', 'tokens / s'),
          bars('energy', 'energy per token with DRAM (J)'),
        ],
      } as PlotSpec,
    },
    lossEnergyPlot(lossCosts(comparison), accuracy.model, accuracy.targets),
  ];
}
