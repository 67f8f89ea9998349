import { geometric, type Quantity } from '../evaluate/quantity.ts';
import { PALETTE, type PlotSpec } from '../present/figure.ts';
import { efficiencyParts, FUNCTION_OPERATIONS, functionCounted, usedEvents } from './efficiency-parts.ts';
import { byPreset, overBaseline } from './explained.ts';
import type { PaperItem } from './item.ts';
import { type Efficiencies, efficiencies, geometricMean, LLAMAS, METRICS, point } from './quantities.ts';

const FIG11_DESIGNS = [
  'mugi-128',
  'mugi-256',
  'carat-128',
  'carat-256',
  'sa-16',
  'sa-16-pwl',
  'sa-16-taylor',
  'tensor',
] as const;
export const SEQUENCES = [128, 256, 512, 1024, 2048, 4096] as const;
const FUNCTIONS = ['softmax', 'silu'] as const;
type Name = (typeof FUNCTIONS)[number];

/** Efficiency of one function in one layer of one model, as published or corrected. */
function nonlinearEfficiency(
  design: string,
  model: string,
  context: number,
  fn: Name,
  chosen: 'as-published' | 'corrected',
): Efficiencies {
  const evaluation = point(design, model, chosen, { context });
  const { lanes } = evaluation.priced.design.nonlinear;
  let [work, time_s, energy_J] = [0, 0, 0];
  for (const { operator, work: done, time, energy } of evaluation.operators) {
    if (operator.kind !== 'nonlinear' || operator.function !== fn) continue;
    // As published, elements come from activity counts that are truncated to integers after each mapping.
    const counted = chosen === 'as-published' ? usedEvents(done) * lanes : done.elements;
    work += (FUNCTION_OPERATIONS * counted) / operator.layers;
    time_s += time / operator.layers;
    energy_J += energy / operator.layers;
  }
  return efficiencies({ work, time_s, energy_J }, evaluation.leakage);
}

/** Geometric mean over the paper's three models. */
export function meanEfficiency(
  design: string,
  context: number,
  fn: Name,
  chosen: 'as-published' | 'corrected',
): Efficiencies {
  const each = LLAMAS.map((model) => nonlinearEfficiency(design, model, context, fn, chosen));
  const mean = (metric: keyof Efficiencies): number => geometricMean(each.map((one) => one[metric]));
  return {
    throughput: mean('throughput'),
    energy_efficiency: mean('energy_efficiency'),
    power_efficiency: mean('power_efficiency'),
  };
}

/** The same with its parts, for the function, context and metric of a row. */
function meanParts(
  { function: fn, context, metric }: { function: Name; context: string; metric: keyof Efficiencies },
  design: string,
  preset: 'as-published' | 'corrected',
): Quantity {
  const use = { context: Number(context) };
  return geometric(
    design,
    '',
    'geometric mean over the three models',
    LLAMAS.map((model) =>
      efficiencyParts(
        model,
        metric,
        functionCounted(point(design, model, preset, use), fn, preset === 'as-published'),
      ),
    ),
  );
}

/** Fig. 11: nonlinear functions, geometric mean over 7B, 13B and 70B, over sa-16 with the precise vector array. */
export const fig11: PaperItem = {
  name: 'fig11',
  title: 'Fig. 11: nonlinear functions over the precise vector array of sa-16, batch 8',
  explained: byPreset({
    by: { function: FUNCTIONS, context: SEQUENCES.map(String), design: FIG11_DESIGNS, metric: METRICS },
    of: (row, preset) =>
      overBaseline(
        'over sa-16 with a precise vector array',
        meanParts(row, row.design, preset),
        meanParts(row, 'sa-16', preset),
      ),
  }),
  async run() {
    const rows = FUNCTIONS.flatMap((fn) =>
      SEQUENCES.flatMap((context) => {
        const base = {
          as_published: meanEfficiency('sa-16', context, fn, 'as-published'),
          corrected: meanEfficiency('sa-16', context, fn, 'corrected'),
        };
        return FIG11_DESIGNS.flatMap((design) => {
          const published = meanEfficiency(design, context, fn, 'as-published');
          const corrected = meanEfficiency(design, context, fn, 'corrected');
          return METRICS.map((metric) => ({
            function: fn,
            context,
            design,
            metric,
            as_published: published[metric] / base.as_published[metric],
            corrected: corrected[metric] / base.corrected[metric],
          }));
        });
      }),
    );
    return {
      rows,
      plots: [
        {
          name: 'fig11',
          spec: plot(
            rows.filter(
              ({ design, function: fn }) =>
                design !== 'tensor' && !(design === 'sa-16-taylor' && fn === 'silu'),
            ),
          ),
        },
      ],
      notes: [
        'as published, elements come from counts truncated to integers after each mapping: without the truncation ratios move by up to 6e-4 (481.09 instead of 481.07)',
        'corrected charges softmax the maximum search and subtraction',
      ],
    };
  },
};

function plot(rows: readonly { function: string; metric: string }[]): PlotSpec {
  const values = rows.map((row) => ({ ...row, panel: `${row.function} ${row.metric.replace('_', ' ')}` }));
  return {
    title: {
      text: 'Fig. 11: nonlinear functions, as published',
      subtitle: 'over sa-16 with a precise vector array; geometric mean of 7B, 13B, 70B',
    },
    data: { values },
    facet: {
      field: 'panel',
      type: 'nominal',
      sort: [...new Set(values.map(({ panel }) => panel))],
      title: null,
    },
    columns: 3,
    spec: {
      width: 230,
      height: 160,
      mark: { type: 'line', point: true },
      encoding: {
        x: {
          field: 'context',
          type: 'quantitative',
          scale: { type: 'log', base: 2 },
          axis: { values: [...SEQUENCES] },
          title: 'sequence length',
        },
        y: {
          field: 'as_published',
          type: 'quantitative',
          scale: { type: 'log' },
          title: null,
          axis: { format: '~r', tickCount: 5 },
        },
        color: {
          field: 'design',
          type: 'nominal',
          sort: [...FIG11_DESIGNS],
          scale: { range: [...PALETTE] },
          title: null,
        },
      },
    },
    resolve: { scale: { y: 'independent' } },
  } as PlotSpec;
}
