import type { Evaluation } from '../evaluate/evaluation.ts';
import { designName } from '../evaluate/metrics.ts';
import { given, type Quantity } from '../evaluate/quantity.ts';
import { PALETTE, type PlotSpec } from '../present/figure.ts';
import { efficiencyParts } from './efficiency-parts.ts';
import { byPreset, overBaseline } from './explained.ts';
import type { PaperItem } from './item.ts';
import {
  ALL_LLAMAS,
  both,
  efficiencies,
  METRICS,
  MODEL_LABELS,
  MODEL_OPERATIONS,
  oneLayer,
  point,
} from './quantities.ts';

const FIG12_DESIGNS = [
  'mugi-128',
  'mugi-256',
  'carat-128',
  'carat-256',
  'sa-16',
  'sa-f-16',
  'sd-16',
  'sd-f-16',
] as const;
const FIG12_GROUPS = ['projection', 'attention', 'ffn'] as const;

/** Fig. 12: GEMM of one layer, two operations a MAC, over sa-16 on 7B in the same group. */
export const fig12: PaperItem = {
  name: 'fig12',
  title: 'Fig. 12: GEMM throughput and efficiency of one layer, batch 8, 4096 tokens',
  explained: byPreset({
    by: { group: FIG12_GROUPS, design: FIG12_DESIGNS, model: ALL_LLAMAS, metric: METRICS },
    of: (row, preset) =>
      overBaseline(
        'over sa-16 on 7B in the same group',
        groupParts(row, point(row.design, row.model, preset)),
        groupParts(row, point('sa-16', 'llama-2-7b', preset)),
      ),
  }),
  async run() {
    const rows = FIG12_GROUPS.flatMap((group) => {
      const of = (design: string, model: string) =>
        both((preset) => {
          const evaluation = point(design, model, preset);
          const layer = oneLayer(evaluation, (operator) => operator.group === group);
          return efficiencies({ ...layer, work: MODEL_OPERATIONS * layer.macs }, evaluation.leakage);
        });
      const baseline = of('sa-16', 'llama-2-7b');
      return FIG12_DESIGNS.flatMap((design) =>
        ALL_LLAMAS.flatMap((model) => {
          const values = of(design, model);
          return METRICS.map((metric) => ({
            group,
            design,
            model,
            metric,
            as_published: values.as_published[metric] / baseline.as_published[metric],
            corrected: values.corrected[metric] / baseline.corrected[metric],
          }));
        }),
      );
    });
    const shown = rows.filter(
      ({ group, model }) => group === 'attention' || (group === 'projection' && model !== 'llama-2-70b'),
    );
    const bars = shown.map((row) => ({
      ...row,
      panel: `${row.group === 'projection' ? 'projection/FFN' : 'attention'} ${MODEL_LABELS[row.model]}`,
      measure: row.metric.replace('_', ' '),
    }));
    return {
      rows,
      plots: [{ name: 'fig12', spec: plot(bars) }],
      notes: [
        'normalised to sa-16 on 7B; the paper shows projection (labelled projection/FFN) and attention, without a mean',
      ],
    };
  },
};

/** Efficiency of a row's group in one layer, with its parts. */
function groupParts(
  { group, metric }: { group: (typeof FIG12_GROUPS)[number]; metric: (typeof METRICS)[number] },
  evaluation: Evaluation,
): Quantity {
  return efficiencyParts(designName(evaluation), metric, {
    evaluation,
    operators: evaluation.operators.filter(({ operator }) => operator.group === group),
    each: MODEL_OPERATIONS,
    count: ({ work }) => given('products', work.issuedMacs, 'MAC', 'issued by the array, padding included'),
  });
}

function plot(values: readonly { panel: string }[]): PlotSpec {
  return {
    title: {
      text: 'Fig. 12: GEMM of one layer, as published',
      subtitle: 'normalised to sa-16 on Llama 2 7B',
    },
    data: { values },
    facet: {
      row: { field: 'measure', type: 'nominal', sort: METRICS.map((m) => m.replace('_', ' ')), title: null },
      column: {
        field: 'panel',
        type: 'nominal',
        sort: [...new Set(values.map(({ panel }) => panel))],
        title: null,
      },
    },
    spec: {
      width: 105,
      height: 120,
      mark: 'bar',
      encoding: {
        x: { field: 'design', type: 'nominal', sort: [...FIG12_DESIGNS], axis: null },
        y: { field: 'as_published', type: 'quantitative', title: null },
        color: {
          field: 'design',
          type: 'nominal',
          sort: [...FIG12_DESIGNS],
          scale: { range: [...PALETTE] },
          title: null,
        },
      },
    },
    resolve: { scale: { y: 'independent' } },
  } as PlotSpec;
}
