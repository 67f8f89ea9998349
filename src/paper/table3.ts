import { metrics } from '../evaluate/metrics.ts';
import { quantityOf } from '../evaluate/why.ts';
import { byPreset, type Cells } from './explained.ts';
import type { PaperItem } from './item.ts';
import { presetDots } from './panels.ts';
import { point } from './quantities.ts';

/**
 * Table 3 as printed: tokens/s, area mm², energy efficiency (printed as tokens/s/µJ, really tokens/s/MJ), power
 * efficiency tokens/s/W. Llama 2 70B with GQA, batch 8, 4096 tokens.
 */
const PRINTED: readonly (readonly [string, string, number, number, number, number])[] = [
  ['SN', 'mugi-128', 0.71, 2.16, 68.64, 3.18],
  ['SN', 'mugi-256', 1.39, 3.1, 142.82, 3.37],
  ['SN', 'carat-128', 0.7, 2.42, 53.0, 2.47],
  ['SN', 'carat-256', 1.38, 3.84, 95.78, 2.27],
  ['SN', 'sa-16', 0.67, 2.58, 45.97, 2.24],
  ['SN', 'sa-f-16', 0.67, 2.81, 44.34, 2.16],
  ['SN', 'sd-16', 0.67, 2.54, 47.83, 2.34],
  ['SN', 'sd-f-16', 0.67, 2.77, 46.06, 2.25],
  ['SN-S', 'sa-64', 2.7, 25.84, 138.59, 1.68],
  ['SN-S', 'sa-f-64', 2.7, 29.56, 131.66, 1.6],
  ['SN-S', 'sd-64', 2.7, 25.14, 143.18, 1.74],
  ['SN-S', 'sd-f-64', 2.7, 28.86, 135.79, 1.65],
  ['SN-S', 'tensor', 10.06, 38.75, 488.31, 1.59],
  ['NoC', 'mugi-256@4x4', 22.19, 50.12, 2314.23, 3.42],
  ['NoC', 'carat-256@4x4', 22.08, 61.92, 1551.09, 2.3],
  ['NoC', 'sa-16@4x4', 10.74, 41.77, 770.31, 2.35],
  ['NoC', 'sa-f-16@4x4', 10.74, 45.48, 741.68, 2.26],
  ['NoC', 'sd-16@4x4', 10.74, 41.18, 803.82, 2.45],
  ['NoC', 'sd-f-16@4x4', 10.74, 44.89, 772.7, 2.36],
  ['NoC', 'tensor@2x1', 20.12, 77.56, 989.02, 1.61],
];

const COLUMNS = [
  ['tokens_per_s', 2],
  ['area_mm2', 3],
  ['energy_efficiency_tokens_per_s_per_MJ', 4],
  ['power_efficiency_tokens_per_s_per_W', 5],
] as const;

const printedIn = ({ design, metric }: Cells): number | undefined => {
  const column = COLUMNS.find(([name]) => name === metric)?.[1];
  const row = PRINTED.find(([, name]) => name === design);
  return column === undefined ? undefined : row?.[column];
};

export const table3: PaperItem = {
  name: 'table3',
  title: 'Table 3: end-to-end results, Llama 2 70B (GQA), batch 8, 4096 tokens',
  explained: byPreset({
    by: { design: PRINTED.map(([, name]) => name), metric: COLUMNS.map(([name]) => name) },
    of: ({ design, metric }, preset) => quantityOf(point(design, 'llama-2-70b', preset), metric),
    printed: { of: printedIn, where: 'Table 3' },
  }),
  async run() {
    const rows = PRINTED.flatMap((printed) => {
      const [group, design] = printed;
      const published = metrics(point(design, 'llama-2-70b', 'as-published'));
      const corrected = metrics(point(design, 'llama-2-70b', 'corrected'));
      return COLUMNS.map(([metric, column]) => {
        const paper = printed[column];
        const value = published[metric];
        return {
          group,
          design,
          metric,
          paper,
          as_published: value,
          corrected: corrected[metric],
          deviation: value / paper - 1,
          equal_at_printed_decimals: value.toFixed(2) === paper.toFixed(2),
        };
      });
    });
    const equal = rows.filter((row) => row.equal_at_printed_decimals).length;
    return {
      rows,
      plots: [
        {
          name: 'table3',
          spec: presetDots(
            rows
              .filter(({ metric }) => metric !== 'area_mm2')
              .map((row) => ({ ...row, metric: label(row.metric) })),
            'Table 3: Llama 2 70B (GQA), batch 8, 4096 tokens',
            PRINTED.map(([, design]) => design),
            380,
          ),
        },
      ],
      notes: [
        `as published equals the paper at its two printed decimals in ${equal} of ${rows.length} numbers`,
        'energy efficiency is printed as tokens/s/µJ; its unit is tokens/s/MJ, and being a rate over an energy it rewards speed twice',
        'corrected systolic arrays are weight stationary and pay 2R + M + C − 2 cycles a fold; see sa-16-os in mugi compare',
      ],
    };
  },
};

const label = (metric: string): string =>
  ({
    tokens_per_s: 'tokens/s',
    energy_efficiency_tokens_per_s_per_MJ: 'tokens/s/MJ',
    power_efficiency_tokens_per_s_per_W: 'tokens/s/W',
  })[metric] ?? metric;
