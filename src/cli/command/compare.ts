import { join } from 'node:path';
import type { Command } from 'commander';
import { MugiError } from '../../errors.ts';
import type { Evaluation } from '../../evaluate/evaluation.ts';
import { designName } from '../../evaluate/metrics.ts';
import { answer, designsOf } from '../../evaluate/point.ts';
import { COLUMNS, type Comparison, comparison, lossText } from '../../compare/comparison.ts';
import { comparisonHtml } from '../../compare/comparison-html.ts';
import { comparisonPlots } from '../../compare/comparison-plots.ts';
import { type Row, toCsv } from '../../present/csv.ts';
import { writePlot } from '../../present/plot.ts';
import { stackedBars } from '../../present/stacked-bars.ts';
import { readable, textTable } from '../../present/table.ts';
import { writeFileAtomic } from '../../files/write.ts';
import { toCommand } from '../../question/command.ts';
import { DEFAULT_BASELINE, type Question } from '../../question/question.ts';
import { sourceText } from '../../question/text.ts';
import { GROUPS } from '../../workload/operator.ts';
import {
  accuracyModel,
  type AccuracyFlags,
  addAccuracyOptions,
  measuredAccuracy,
} from '../job/compare-accuracy.ts';
import {
  addQuestionOptions,
  ENVIRONMENT_KEYS,
  PRICE_KEYS,
  questionOf,
  USE_KEYS,
} from '../options/question-options.ts';
import { FILES } from '../source/index.ts';
import { version } from '../../version.ts';

interface Flags extends AccuracyFlags {
  html?: string;
  plots?: string;
  json?: boolean;
  csv?: boolean;
}

export function define(program: Command): void {
  const command = addQuestionOptions(
    program
      .command('compare')
      .description('What a model gains on each design: speed, energy, area and carbon, against a baseline'),
    ['designs', 'baseline', 'model', ...USE_KEYS, ...PRICE_KEYS, ...ENVIRONMENT_KEYS],
  );
  addAccuracyOptions(command)
    .option('--html <file>', 'write one self-contained page with plots; - for standard output')
    .option('--plots <dir>', 'write the plots as SVG and PNG')
    .option('--json', 'print one JSON object')
    .option('--csv', 'print one CSV row a design')
    .addHelpText(
      'after',
      `
Examples:
  mugi compare
  mugi compare --model llama-2-7b --batch 1 --context 2048 --baseline tensor
  mugi compare --model path/to/config.json --designs mugi-256,sa-16,my-design.yaml
  mugi compare --designs mugi-256@4x4,sa-16@4x4 --baseline sa-16@4x4 --html report.html
  mugi compare --preset corrected --without fill-drain,bandwidth
  mugi compare --designs mugi-256,sa-16,sa-16-pwl --accuracy     with the loss that each method costs mugi-tiny
  mugi compare --model ~/Llama-2-7b-hf --accuracy --accuracy-tokens 4096`,
    )
    .action((flags: Flags) => compare(flags));
}

async function compare(flags: Flags): Promise<void> {
  oneOutput(flags);
  const asked = withBaseline(questionOf(flags));
  const evaluations = answer(asked, FILES);
  const names = designsOf(asked).map(sourceText);
  const baseline = designName(evaluations[names.indexOf(sourceText(asked.baseline))]);
  refuseTwins(evaluations);
  const model = sourceText(asked.model);
  const accuracy = await measuredAccuracy(
    { ...flags, model },
    evaluations.map(({ priced }) => priced.design),
  );
  const result = comparison(evaluations, baseline, accuracy);
  const measured = accuracyModel({ ...flags, model });
  const command = toCommand(
    asked,
    measured === undefined ? [] : ['--accuracy', measured, '--accuracy-tokens', String(flags.accuracyTokens)],
  );
  if (flags.html !== undefined) {
    const page = await comparisonHtml(result, command, version);
    if (flags.html === STDOUT) print(page);
    else {
      writeFileAtomic(flags.html, page);
      process.stderr.write(`wrote ${flags.html}\n`);
    }
  }
  if (flags.plots !== undefined) {
    for (const { name, title, spec } of comparisonPlots(result)) {
      for (const ending of ['svg', 'png'])
        await writePlot(join(flags.plots, `${name}.${ending}`), { ...spec, title });
    }
    process.stderr.write(`wrote plots to ${flags.plots}\n`);
  }
  if (flags.json === true) print(`${JSON.stringify(toJson(result, command), null, 2)}\n`);
  else if (flags.csv === true) print(toCsv(toRows(result)));
  else if (flags.html !== STDOUT) print(toText(result));
}

/** A comparison has a baseline, also of one design. */
const withBaseline = (asked: Question): Question & Required<Pick<Question, 'baseline'>> => ({
  ...asked,
  baseline: asked.baseline ?? DEFAULT_BASELINE,
});

/** Standard output in the place of a file. */
const STDOUT = '-';

/** Standard output holds one thing. */
function oneOutput({ html, json, csv }: Flags): void {
  const asked = [
    ...(html === STDOUT ? ['--html -'] : []),
    ...(json === true ? ['--json'] : []),
    ...(csv === true ? ['--csv'] : []),
  ];
  if (asked.length < 2) return;
  throw new MugiError({
    code: 'invalid-value',
    message: `${asked.join(' and ')} would both go to standard output`,
    path: asked[0],
    expected: 'one of them, or --html FILE',
  });
}

const print = (text: string): void => {
  process.stdout.write(text);
};

/** Two designs of one name could not be told apart in any table. */
function refuseTwins(evaluations: readonly Evaluation[]): void {
  const names = evaluations.map(designName);
  const twin = names.find((name, i) => names.indexOf(name) !== i);
  if (twin === undefined) return;
  throw new MugiError({
    code: 'invalid-value',
    message: `two designs are named "${twin}"`,
    path: '--designs',
    expected: 'different names; a YAML file sets its own with the key "name"',
    received: names.join(', '),
  });
}

function toJson({ baseline, designs, accuracy, notes }: Comparison, command: string): object {
  return {
    mugi: version,
    command,
    baseline,
    ...(accuracy ? { accuracy } : {}),
    designs: designs.map(({ metrics, ratios, breakdown, provenance, method, accuracy: loss }) => ({
      ...metrics,
      method,
      ...(loss ? { accuracy: loss } : {}),
      provenance,
      ratios,
      breakdown,
    })),
    notes,
  };
}

function toRows({ designs, accuracy }: Comparison): Row[] {
  return designs.map(({ metrics, ratios, breakdown, method, accuracy: loss }) => ({
    ...metrics,
    method,
    ...Object.fromEntries(COLUMNS.map(({ metric }) => [`${metric}_ratio`, ratios[metric]])),
    ...Object.fromEntries(
      GROUPS.flatMap((group) => [
        [`group_${group}_time_s`, breakdown[group].time_s],
        [`group_${group}_bound`, breakdown[group].bound],
      ]),
    ),
    ...(accuracy
      ? {
          accuracy_model: accuracy.model,
          accuracy_targets: accuracy.targets,
          loss_increase: loss?.loss_increase,
          loss_increase_ci95: loss?.loss_increase_ci95,
          loss_tie: loss?.tie,
        }
      : {}),
  }));
}

function toText(result: Comparison): string {
  const { baseline, designs, evaluations, accuracy, notes } = result;
  const { workload, preset, priced } = evaluations[0];
  const header = ['design', ...COLUMNS.map(({ short }) => short), 'nonlinear'];
  if (accuracy) header.push(`loss − exact of ${accuracy.model}`);
  const rows = designs.map(({ name, metrics, ratios, method, accuracy: loss }) => [
    name,
    ...COLUMNS.map(({ metric, scale }) => {
      const value = metrics[metric];
      if (typeof value !== 'number') return '';
      return `${readable(value * scale)} ${`${readable(ratios[metric] ?? Number.NaN)}×`.padStart(7)}`;
    }),
    method,
    ...(accuracy ? [loss ? lossText(loss) : ''] : []),
  ]);
  const bars = stackedBars(
    designs.map(({ name, breakdown, metrics }) => ({
      label: name,
      parts: GROUPS.map((group) => breakdown[group].time_s),
      note: `${readable(metrics.time_s)} s, ${boundsOf(breakdown)}`,
    })),
    GROUPS,
  );
  return [
    `${workload.model}, batch ${workload.batch}, context ${workload.context} (prompt ${workload.prefill}), preset ${preset.name}, costs: ${priced.technology.name}`,
    `× is the ratio to ${baseline}; energy, power and area are on-chip`,
    '',
    textTable(header, rows),
    '',
    'Time of the inference by part, each design over its own total, and what bounds most of it:',
    bars,
    ...(notes.length > 0 ? ['', ...notes.map((note) => `note: ${note}`)] : []),
    '',
  ].join('\n');
}

function boundsOf(breakdown: Comparison['designs'][number]['breakdown']): string {
  const waits = new Map<string, number>();
  for (const group of GROUPS) {
    const { bound, share } = breakdown[group];
    if (bound !== null) waits.set(bound, (waits.get(bound) ?? 0) + share);
  }
  return [...waits]
    .sort((a, b) => b[1] - a[1])
    .filter(([, share]) => share >= 0.005)
    .map(([bound, share]) => `${bound} ${(share * 100).toFixed(0)} %`)
    .join(', ');
}
