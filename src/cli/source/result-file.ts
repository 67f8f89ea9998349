import { join } from 'node:path';
import {
  metricsIn,
  originOf,
  pointName,
  type ResultRow,
  type ResultRows,
  rowsOfJson,
  SPACE_ROW,
  sweptRows,
} from '../../compare/result-rows.ts';
import { MugiError } from '../../errors.ts';
import { type Head, headIn, rowsHeadIn } from '../../explore/parquet.ts';
import { Space } from '../../explore/space/space.ts';
import { type Tally, together } from '../../explore/tally.ts';
import { readParquet, readParquets } from '../../files/parquet.ts';
import { type FileKind, kindAt, namesIn, readJson } from '../../files/read.ts';
import type { QuestionInput } from '../../question/question.ts';
import { spaceHead } from './result-head.ts';

const RESULT: FileKind = {
  what: 'result',
  limit: 2 ** 30,
  expected:
    'what a command printed with --json, a Parquet file or the store of mugi explore, or a Parquet file of mugi sweep',
};
/** More points take memory that a comparison of results is not worth. */
const MOST_POINTS = 500_000;

/** A result by its path: what a command printed as JSON, a Parquet file, or the folder of a store. */
export async function readResult(path: string): Promise<ResultRows> {
  if (kindAt(path) === 'folder') return stored(path);
  if (!/\.parquet$/i.test(path)) return rowsOfJson(readJson(path, RESULT), path);
  const { entries } = await readParquet(path, RESULT, { rows: false });
  const origin = rowsHeadIn(entries);
  if (typeof origin !== 'object' || origin === null) return points([path]);
  const json = origin as Record<string, unknown>;
  const { question } = originOf(json);
  return {
    kind: 'sweep',
    ...originOf(json),
    rows: sweptRows({ ...json, rows: [...(await readParquet(path, RESULT)).rows] }, question),
  };
}

/** The parts in the folder of a store, which are of one space. */
function stored(folder: string): Promise<ResultRows> {
  const names = namesIn(folder, RESULT.what).files.filter((name) =>
    /^[0-9a-f]+-\d+-\d+\.parquet$/.test(name),
  );
  const spaces = [...new Set(names.map((name) => name.split('-')[0]))];
  if (spaces.length === 1) return points(names.map((name) => join(folder, name)));
  throw new MugiError({
    code: 'invalid-file',
    message:
      spaces.length === 0
        ? 'the folder holds no points of a space'
        : `the folder holds points of ${spaces.length} spaces`,
    path: folder,
    expected: 'the --store of one space, or the file of one result',
  });
}

/** Every point that is kept, with the metrics that are kept of it. */
async function points(paths: readonly string[]): Promise<ResultRows> {
  const files = await readParquets(paths, RESULT, { rows: false });
  const heads = files.map(({ entries }, i) => headIn(entries, paths[i]));
  const [{ plan, mugi }] = heads;
  const space = new Space(plan);
  const count = heads.reduce((sum, { tally }) => sum + tally.evaluated + tally.unbuildable, 0);
  if (count > MOST_POINTS)
    throw new MugiError({
      code: 'unsupported',
      message: `${count} points are too many to compare one by one`,
      path: paths[0],
      expected: `at most ${MOST_POINTS}; the fronts of both, which mugi explore show FILE --json prints`,
    });
  const rows = (await readParquets(paths, RESULT)).flatMap(({ rows: own }) => own);
  return {
    kind: 'explore',
    ...spaceHead(plan),
    mugi,
    rows: [
      wholeSpace(heads),
      ...rows.filter(({ outcome }) => outcome !== 'unbuildable').map((row) => pointRow(space, row)),
    ],
  };
}

/** What is counted of all parts; the front where none is missing between the first and the last. */
function wholeSpace(heads: readonly Head[]): ResultRow {
  const tallies = heads.map(({ tally }) => tally).sort((a, b) => a.from - b.from);
  const sum = (of: (tally: Tally) => number): number => tallies.reduce((all, tally) => all + of(tally), 0);
  const whole = tallies.every(({ from }, i) => from === (i === 0 ? 0 : tallies[i - 1].to));
  return {
    name: SPACE_ROW,
    facts: {},
    numbers: {
      evaluated: sum(({ evaluated }) => evaluated),
      infeasible: sum(({ outside, unbuildable }) => outside + unbuildable),
      excluded: sum(({ excluded }) => excluded),
      undefined: sum((tally) => tally.undefined),
      ...(whole ? { front: tallies.reduce(together).front.length } : {}),
    },
  };
}

function pointRow(space: Space, row: Readonly<Record<string, unknown>>): ResultRow {
  const index = Number(row.point);
  const { models } = space.plan;
  return {
    name: pointName(space.point(index).parameters),
    facts: {},
    numbers: metricsIn(row),
    // Made when it is asked for: few rows of a store differ.
    get question(): QuestionInput | undefined {
      const { asked, design } = space.point(index);
      return models.length === 1 ? { ...asked, model: models[0].source, designs: [design] } : undefined;
    },
  };
}
