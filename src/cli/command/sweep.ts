import type { Command } from 'commander';
import { metricNamed } from '../../explore/constraint.ts';
import { encodeRows } from '../../explore/parquet.ts';
import { sweep } from '../../explore/sweep.ts';
import { sweepPlot } from '../../explore/sweep-plot.ts';
import { checkPlot } from '../../present/plot.ts';
import type { PlotSpec } from '../../present/figure.ts';
import { FILES } from '../../source/index.ts';
import { define as command } from '../options/command.ts';
import { flag, type FlagsOf, list, OUT_FILE } from '../options/flag.ts';
import { csvFlag, jsonFlag, output } from '../options/output.ts';
import { askedOf } from '../options/question-options.ts';
import { sweepFlags, sweptIn, unswept } from '../options/sweep-flags.ts';
import { writeFigure, writeResult } from '../options/written.ts';
import { sweptForms } from '../show/sweep.ts';
import { resultHead } from '../source/result-head.ts';

const FLAGS = [
  flag(
    '--plot',
    list('<metrics>', (key, name) => metricNamed(name, key)),
    'draw these metrics over what is swept',
  ),
  flag('--out', OUT_FILE, 'file of the plot, .svg, .png or .json (default: METRIC.svg)', {
    onlyWith: '--plot',
  }),
  flag('--parquet', OUT_FILE, 'write the rows as Parquet'),
  jsonFlag('print one JSON object'),
  csvFlag('print one CSV row an answer'),
] as const;
type Flags = FlagsOf<typeof FLAGS>;

export const define = (program: Command): void =>
  command<Flags>(program, {
    name: 'sweep',
    description: 'One question over lists and ranges of its numbers: rows, and lines of a metric',
    flags: [...sweepFlags(), ...FLAGS],
    examples: [
      'mugi sweep --designs mugi-256,best:sa-16 --context 1k..128k --plot tokens_per_s',
      'mugi sweep --batch 1,8,64 --context 1k..16k --csv > sweep.csv',
      'mugi sweep --model llama-2-7b,qwen3-8b --dram-bandwidth 64..1024 --plot energy_per_token --out energy.svg',
      'mugi sweep --weight-bits 2..8:1 --parquet bits.parquet',
    ],
    behind: 'Lists: 1,8,64. Ranges: 1k..128k doubles, 32..512:32 adds, 64..1024:*4 multiplies; k is 1024.',
    run: ({ flags }) => run(flags),
  });

async function run(flags: Flags): Promise<void> {
  const swept = sweptIn(flags);
  const base = { designs: ['mugi-256'], ...askedOf(unswept(flags, swept)) };
  const files = (flags.plot ?? []).map((metric) => ({ metric, path: pathOf(metric, flags) }));
  for (const { path } of files) checkPlot(path);
  const rows = sweep(base, swept, FILES);
  for (const { metric, path } of files)
    await writeFigure(path, sweepPlot(rows, swept, metric) as unknown as PlotSpec);
  if (flags.parquet !== undefined) writeResult(flags.parquet, encodeRows(rows, resultHead(base, swept)));
  return output(flags, sweptForms(rows, resultHead(base, swept), flags.plot));
}

/** The file of a metric: the one that is named, told apart by the metric where there are several. */
function pathOf(metric: string, { out, plot = [] }: Flags): string {
  if (out === undefined) return `${metric}.svg`;
  return plot.length === 1 ? out : out.replace(/(\.\w+)$/, `-${metric}$1`);
}
