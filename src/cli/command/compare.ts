import { join } from 'node:path';
import type { Command } from 'commander';
import { answers } from '../../compare/answers.ts';
import { comparison } from '../../compare/comparison.ts';
import { comparisonHtml } from '../../compare/comparison-html.ts';
import { comparisonJson, comparisonRows } from '../../compare/comparison-rows.ts';
import { comparisonPlots } from '../../compare/comparison-plots.ts';
import { toCommand } from '../../question/command.ts';
import { sourceText } from '../../question/text.ts';
import { ENVIRONMENT_KEYS, PRICE_KEYS, USE_KEYS } from '../../question/question.ts';
import { version } from '../../version.ts';
import { ACCURACY_FLAGS } from '../options/accuracy-flags.ts';
import { define as command } from '../options/command.ts';
import { flag, type FlagsOf, OUT_FILE, outFolder } from '../options/flag.ts';
import { oneOutput } from '../options/idle.ts';
import { csvFlag, jsonFlag, output, print } from '../options/output.ts';
import { askedOf, questionFlags, questionOf } from '../options/question-options.ts';
import { ONE_COMPARISON, refuseOnLists, sweptIn, unswept, withLists } from '../options/sweep-flags.ts';
import { writeFigure, writeResult } from '../options/written.ts';
import { comparisonText } from '../show/compare.ts';
import { SWEPT_COLUMNS, sweptForms } from '../show/sweep.ts';
import { resultHead } from '../source/result-head.ts';
import { sweptComparison } from '../source/swept-comparison.ts';
import { FILES } from '../../source/index.ts';
import { comparisonAddress } from '../source/live-address.ts';
import { livePage } from '../source/live-page.ts';
import { accuracyWords, measuredAccuracy } from '../source/measured-accuracy.ts';

const QUESTION_FLAGS = withLists(
  questionFlags([
    'designs',
    'baseline',
    'model',
    ...USE_KEYS,
    ...PRICE_KEYS,
    ...ENVIRONMENT_KEYS,
    'schedule',
  ]),
);
const FLAGS = [
  ...ACCURACY_FLAGS,
  flag('--html', OUT_FILE, 'write one self-contained page with plots; - for standard output'),
  flag('--plots', outFolder('<dir>'), 'write the plots as SVG and PNG'),
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
      'mugi compare --designs mugi-256,sa-16 --context 1k..128k     one row for each design and context',
    ],
    run: ({ flags, given }) => compare(flags, given),
  });

/** Standard output in the place of a file. */
const STDOUT = '-';

async function compare(flags: Flags, given: ReadonlySet<string>): Promise<void> {
  const swept = sweptIn(flags);
  if (swept.length > 0) {
    refuseOnLists(given, swept, ONE_COMPARISON);
    const base = askedOf(unswept(flags, swept));
    return output(flags, sweptForms(sweptComparison(base, swept), resultHead(base, swept), SWEPT_COLUMNS));
  }
  const { html, json, csv, plots } = flags;
  oneOutput(
    { '--html -': html === STDOUT, '--json': json === true, '--csv': csv === true },
    'one of them, or --html FILE',
  );
  const { asked, evaluations, baseline, sources } = answers(questionOf(flags), FILES);
  const measuring = { ...flags, model: sourceText(asked.model) };
  const designs = evaluations.map(({ priced }) => priced.design);
  const accuracy = await measuredAccuracy(measuring, designs, evaluations[0].workload);
  const result = comparison(evaluations, baseline, accuracy);
  const again = toCommand(asked, accuracyWords(measuring));
  const page = () =>
    comparisonHtml(result, again, version, livePage(comparisonAddress(asked, result.accuracy)));
  if (html !== undefined && html !== STDOUT) writeResult(html, await page());
  if (plots !== undefined) {
    for (const { name, title, spec } of comparisonPlots(result)) {
      for (const ending of ['svg', 'png'])
        await writeFigure(join(plots, `${name}.${ending}`), { ...spec, title });
    }
  }
  if (html === STDOUT) return print(await page());
  return output(flags, {
    json: () => ({ ...resultHead(asked), ...comparisonJson(result, again, sources) }),
    csv: () => comparisonRows(result),
    text: () => comparisonText(result),
  });
}
