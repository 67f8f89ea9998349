import { metrics } from '../evaluate/metrics.ts';
import { geometric, type Quantity } from '../evaluate/quantity.ts';
import { quantityOf } from '../evaluate/why.ts';
import { PALETTE, type PlotSpec } from '../present/figure.ts';
import { modelThroughput } from './efficiency-parts.ts';
import { byPreset, overBaseline } from './explained.ts';
import { SEQUENCES } from './fig11.ts';
import type { PaperItem } from './item.ts';
import { both, geometricMean, LLAMAS, modelWork, point } from './quantities.ts';

const FIG14_DESIGNS = [
  'mugi-64',
  'mugi-256',
  'carat-64',
  'carat-256',
  'sa-8',
  'sa-16',
  'sa-f-8',
  'sa-f-16',
  'sd-8',
  'sd-16',
  'sd-f-8',
  'sd-f-16',
] as const;
const BATCHES = [1, 2, 4, 8, 16, 32] as const;
const BATCH_METRICS = ['throughput', 'energy_per_token'] as const;

/** Throughput (1e9 operations/s) and energy per token of one point, geometric mean over the paper's three models. */
function batchPoint(design: string, batch: number, context: number, preset: 'as-published' | 'corrected') {
  const each = LLAMAS.map((model) => {
    const evaluation = point(design, model, preset, { batch, context });
    const time = evaluation.gemm.time + evaluation.nonlinear.time + evaluation.other.time;
    return {
      throughput: modelWork(evaluation) / time,
      energy_per_token: metrics(evaluation).energy_per_token_J,
    };
  });
  return {
    throughput: geometricMean(each.map(({ throughput }) => throughput)),
    energy_per_token: geometricMean(each.map((one) => one.energy_per_token)),
  };
}

/** The same with its parts. */
function batchParts(
  { context, metric }: { context: string; metric: (typeof BATCH_METRICS)[number] },
  design: string,
  batch: number,
  preset: 'as-published' | 'corrected',
): Quantity {
  const each = LLAMAS.map((model) => {
    const evaluation = point(design, model, preset, { batch, context: Number(context) });
    return metric === 'throughput'
      ? modelThroughput(model, evaluation)
      : { ...quantityOf(evaluation, 'energy_per_token_J'), name: model };
  });
  return geometric(`${design} at batch ${batch}`, '', 'geometric mean over the three models', each);
}

/** Fig. 14: batch size, over sa-8 at batch 1 of the same sequence length. */
export const fig14: PaperItem = {
  name: 'fig14',
  title: 'Fig. 14: throughput and energy per token against batch size',
  explained: byPreset({
    by: {
      context: SEQUENCES.map(String),
      design: FIG14_DESIGNS,
      batch: BATCHES.map(String),
      metric: BATCH_METRICS,
    },
    of: (row, preset) =>
      overBaseline(
        'over sa-8 at batch 1 of the same context',
        batchParts(row, row.design, Number(row.batch), preset),
        batchParts(row, 'sa-8', 1, preset),
      ),
  }),
  async run() {
    const rows = SEQUENCES.flatMap((context) => {
      const base = both((preset) => batchPoint('sa-8', 1, context, preset));
      return FIG14_DESIGNS.flatMap((design) =>
        BATCHES.flatMap((batch) => {
          const values = both((preset) => batchPoint(design, batch, context, preset));
          return BATCH_METRICS.map((metric) => ({
            context,
            design,
            batch,
            metric,
            as_published: values.as_published[metric] / base.as_published[metric],
            corrected: values.corrected[metric] / base.corrected[metric],
          }));
        }),
      );
    });
    return {
      rows,
      plots: [{ name: 'fig14', spec: plot(rows.filter(({ context }) => context === 4096)) }],
      notes: [
        'as published, energy per token is dynamic energy over the context length, not over batch × context, so it rises with the batch; corrected divides total energy by all tokens',
        'as published, every context pays 4096 decode steps of linear layers',
        'there is no reference file for this figure; it follows from the published equations',
      ],
    };
  },
};

function plot(rows: readonly { metric: string }[]): PlotSpec {
  return {
    title: {
      text: 'Fig. 14: batch size, 4096 tokens',
      subtitle: 'over sa-8 at batch 1; as published (left), corrected (right)',
    },
    data: { values: rows.map((row) => ({ ...row, metric: row.metric.replaceAll('_', ' ') })) },
    transform: [{ fold: ['as_published', 'corrected'], as: ['preset', 'value'] }],
    facet: {
      row: { field: 'metric', type: 'nominal', sort: ['throughput', 'energy per token'], title: null },
      column: { field: 'preset', type: 'nominal', title: null },
    },
    spec: {
      width: 300,
      height: 180,
      mark: { type: 'line', point: true },
      encoding: {
        x: {
          field: 'batch',
          type: 'quantitative',
          scale: { type: 'log', base: 2 },
          axis: { values: [...BATCHES] },
        },
        y: {
          field: 'value',
          type: 'quantitative',
          scale: { type: 'log' },
          title: null,
          axis: { format: '~r', tickCount: 5 },
        },
        color: {
          field: 'design',
          type: 'nominal',
          sort: [...FIG14_DESIGNS],
          scale: { range: [...PALETTE, '#333333', '#9ecae1', '#fdae6b', '#a1d99b'] },
          title: null,
        },
      },
    },
    resolve: { scale: { y: 'independent' } },
  } as PlotSpec;
}
