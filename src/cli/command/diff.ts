import type { Command } from 'commander';
import { resultDiff } from '../../compare/result-diff.ts';
import { metrics } from '../../evaluate/metrics.ts';
import { answer } from '../../question/point.ts';
import { question } from '../../question/question.ts';
import { FILES } from '../../source/index.ts';
import { define as command } from '../options/command.ts';
import { flag, type FlagsOf, real, whole } from '../options/flag.ts';
import { csvFlag, jsonFlag, output } from '../options/output.ts';
import { diffJson, diffRows, diffText, isSame } from '../show/diff.ts';
import { readResult } from '../source/result-file.ts';

const FLAGS = [
  flag('--tolerance', real(0, 1e6), 'relative change up to which numbers count as equal', { default: 0 }),
  flag('--rows', whole(1, 100_000), 'moves that the table shows', { default: 20 }),
  jsonFlag('print one JSON object'),
  csvFlag('print one CSV row a number that moved'),
] as const;
type Flags = FlagsOf<typeof FLAGS>;

export const define = (program: Command): void =>
  command<Flags>(program, {
    name: 'diff',
    description:
      'Which numbers moved between two results, and why: question, repairs, tables, files, version',
    arguments: [
      {
        name: '<a>',
        help: 'a result: what a command printed with --json, a Parquet file, a store',
        offer: { paths: 'files' },
      },
      { name: '<b>', help: 'the result that is compared with it', offer: { paths: 'files' } },
    ],
    flags: FLAGS,
    examples: [
      'mugi diff before.json after.json',
      'mugi diff before.json after.json --tolerance 1e-9 --json',
      'mugi diff points.parquet other.parquet --csv > moved.csv',
      'mugi diff store-a store-b',
    ],
    behind: 'Ends with 0 where no number moved, 1 where some did, 2 where the results cannot be compared.',
    run: ({ words: [a, b], flags }) => diff(a, b, flags),
  });

async function diff(pathA: string, pathB: string, flags: Flags): Promise<void> {
  const [a, b] = [
    { path: pathA, result: await readResult(pathA) },
    { path: pathB, result: await readResult(pathB) },
  ];
  const found = resultDiff(a.result, b.result, {
    tolerance: flags.tolerance,
    evaluated: (asked) => metrics(answer(question(asked), FILES)[0]),
  });
  output(flags, {
    json: () => diffJson(a, b, found, flags.tolerance),
    csv: () => diffRows(found),
    text: () => diffText(a, b, found, flags.rows),
  });
  if (!isSame(found)) process.exitCode = 1;
}
