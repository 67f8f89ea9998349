import { join } from 'node:path';
import type { Command } from 'commander';
import { type Comparison, comparison } from '../../compare/comparison.ts';
import { comparisonHtml } from '../../compare/comparison-html.ts';
import { comparisonPlots } from '../../compare/comparison-plots.ts';
import { MugiError } from '../../errors.ts';
import type { Evaluation } from '../../evaluate/evaluation.ts';
import { designName } from '../../evaluate/metrics.ts';
import { answer, designsOf } from '../../question/point.ts';
import { writeFileAtomic } from '../../files/write.ts';
import { writePlot } from '../../present/plot.ts';
import { toCommand } from '../../question/command.ts';
import { defaultBaseline } from '../../question/question.ts';
import { sourceText } from '../../question/text.ts';
import { version } from '../../version.ts';
import { ACCURACY_FLAGS } from '../options/accuracy-flags.ts';
import { define as command } from '../options/command.ts';
import { flag, type FlagsOf, text } from '../options/flag.ts';
import { oneOutput } from '../options/idle.ts';
import { csvFlag, jsonFlag, output, print, remark } from '../options/output.ts';
import {
  ENVIRONMENT_KEYS,
  PRICE_KEYS,
  questionFlags,
  questionOf,
  USE_KEYS,
} from '../options/question-options.ts';
import { comparisonJson, comparisonRows, comparisonText } from '../show/compare.ts';
import { FILES } from '../source/index.ts';
import { accuracyModel, measuredAccuracy } from '../source/measured-accuracy.ts';

const QUESTION_FLAGS = questionFlags([
  'designs',
  'baseline',
  'model',
  ...USE_KEYS,
  ...PRICE_KEYS,
  ...ENVIRONMENT_KEYS,
]);
const FLAGS = [
  ...ACCURACY_FLAGS,
  flag('--html', text('<file>'), 'write one self-contained page with plots; - for standard output'),
  flag('--plots', text('<dir>'), 'write the plots as SVG and PNG'),
  jsonFlag('print one JSON object'),
  csvFlag('print one CSV row a design'),
] as const;
type Flags = FlagsOf<typeof FLAGS>;

export const define = (program: Command): void =>
  command<Flags>(program, {
    name: 'compare',
    description: 'What a model gains on each design: speed, energy, area and carbon, against a baseline',
    flags: [...QUESTION_FLAGS, ...FLAGS],
    examples: [
      'mugi compare',
      'mugi compare --model llama-2-7b --batch 1 --context 2048 --baseline tensor',
      'mugi compare --model path/to/config.json --designs mugi-256,sa-16,my-design.yaml',
      'mugi compare --designs mugi-256@4x4,sa-16@4x4 --baseline sa-16@4x4 --html report.html',
      'mugi compare --preset corrected --without fill-drain,bandwidth',
      'mugi compare --designs mugi-256,sa-16,sa-16-pwl --accuracy     with the loss that each method costs mugi-tiny',
      'mugi compare --model ~/Llama-2-7b-hf --accuracy --accuracy-tokens 4096',
    ],
    run: ({ flags }) => compare(flags),
  });

/** Standard output in the place of a file. */
const STDOUT = '-';

async function compare(flags: Flags): Promise<void> {
  const { html, json, csv, plots, accuracyTokens } = flags;
  oneOutput(
    { '--html -': html === STDOUT, '--json': json === true, '--csv': csv === true },
    'one of them, or --html FILE',
  );
  const given = questionOf(flags);
  // A comparison has a baseline, also of one design.
  const asked = { ...given, baseline: given.baseline ?? defaultBaseline(given.preset) };
  const answers = answer(asked, FILES);
  const at = designsOf(asked).map(sourceText).indexOf(sourceText(asked.baseline));
  const evaluations = withoutFound(answers);
  refuseTwins(evaluations);
  const measuring = { ...flags, model: sourceText(asked.model) };
  const accuracy = await measuredAccuracy(
    measuring,
    evaluations.map(({ priced }) => priced.design),
  );
  const result = comparison(evaluations, designName(answers[at]), accuracy);
  const measured = accuracyModel(measuring);
  const again = toCommand(
    asked,
    measured === undefined ? [] : ['--accuracy', measured, '--accuracy-tokens', String(accuracyTokens)],
  );
  if (html !== undefined && html !== STDOUT) {
    writeFileAtomic(html, await comparisonHtml(result, again, version));
    remark(`wrote ${html}`);
  }
  if (plots !== undefined) await writePlots(plots, result);
  if (html === STDOUT) return print(await comparisonHtml(result, again, version));
  return output(flags, {
    json: () => comparisonJson(result, again),
    csv: () => comparisonRows(result),
    text: () => comparisonText(result),
  });
}

async function writePlots(folder: string, result: Comparison): Promise<void> {
  for (const { name, title, spec } of comparisonPlots(result)) {
    for (const ending of ['svg', 'png'])
      await writePlot(join(folder, `${name}.${ending}`), { ...spec, title });
  }
  remark(`wrote plots to ${folder}`);
}

/** A search may end at a design that is named beside it, or at that of another search: it stands once, as found. */
const withoutFound = (answers: readonly Evaluation[]): Evaluation[] =>
  answers.filter((one, i) => {
    const same = (other: Evaluation, j: number): boolean =>
      j !== i &&
      other.searched !== undefined &&
      designName(other) === designName(one) &&
      (one.searched === undefined || j < i);
    return !answers.some(same);
  });

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
