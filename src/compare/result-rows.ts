import { MugiError } from '../errors.ts';
import { METRICS } from '../evaluate/metrics.ts';
import { parse } from '../question/command.ts';
import type { QuestionInput } from '../question/question.ts';
import { sourceOf } from '../question/text.ts';

/** One line of a result: what it is of, and its numbers. */
export interface ResultRow {
  /** The same in two results for what is compared. */
  name: string;
  /** What else it is of: where these differ, so may the numbers. */
  facts: Readonly<Record<string, unknown>>;
  numbers: Readonly<Record<string, number | null>>;
  /** Halves of 95 % intervals of some numbers. */
  intervals?: Readonly<Record<string, number>>;
  /** The question about one design that these numbers answer, where the result says it. */
  question?: QuestionInput;
}

/** A result as rows, and what it says of its origin. */
export interface ResultRows {
  /** The command that made it. */
  kind: string;
  mugi?: string;
  question?: Readonly<Record<string, unknown>>;
  inputs: Readonly<Record<string, string>>;
  rows: ResultRow[];
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number | null => typeof value === 'number' || value === null;
const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

const METRIC_NAMES: ReadonlySet<string> = new Set(METRICS.map(({ name }) => name));
/** What an evaluation is of, beside the design. */
const FACTS = ['model', 'batch', 'context', 'prefill', 'preset', 'technology'];

const pick = <Value>(from: Json, keep: (key: string, value: unknown) => boolean): Record<string, Value> =>
  Object.fromEntries(Object.entries(from).filter(([key, value]) => keep(key, value))) as Record<
    string,
    Value
  >;

export const metricsIn = (row: Json): Record<string, number | null> =>
  pick(row, (key, value) => METRIC_NAMES.has(key) && isNumber(value));
const factsIn = (row: Json): Json => pick(row, (key) => FACTS.includes(key));

/**
 * The rows of what a command printed as JSON. Those of `evaluate`, `compare`, `sweep`, `explore` and `accuracy` are known;
 * of other results every object with numbers is a row, named by where it stands and by the texts in it.
 * @throws MugiError for a value without numbers
 */
export function rowsOfJson(json: unknown, path: string): ResultRows {
  if (Array.isArray(json) && json.some((row) => isObject(row) && 'method' in row && 'loss' in row))
    return {
      kind: 'accuracy',
      inputs: {},
      ...versionOf(objects(json)[0]),
      rows: objects(json).map(accuracyRow),
    };
  if (isObject(json)) {
    if (isObject(json.error)) throw unknown(path, 'the file holds an error, not a result');
    const origin = originOf(json);
    if (Array.isArray(json.front)) return { kind: 'explore', ...origin, rows: exploredRows(json) };
    if (Array.isArray(json.swept))
      return { kind: 'sweep', ...origin, rows: sweptRows(json, origin.question) };
    if (Array.isArray(json.designs) && 'baseline' in json)
      return {
        kind: 'compare',
        ...origin,
        rows: objects(json.designs).map((row) => answered(row, origin.question)),
      };
    if (typeof json.tokens_per_s === 'number')
      return { kind: 'evaluate', ...origin, rows: [answered(json, origin.question)] };
    const rows = anyRows(json);
    if (rows.length > 0) return { kind: 'other', ...origin, rows };
  } else if (anyRows(json).length > 0) return { kind: 'other', inputs: {}, rows: anyRows(json) };
  throw unknown(path, 'the file holds no numbers of a result');
}

const unknown = (path: string, message: string): MugiError =>
  new MugiError({
    code: 'invalid-file',
    message,
    path,
    expected:
      'what a command printed with --json, a Parquet file or store of mugi explore, or one of mugi sweep',
  });

const versionOf = (json: Json | undefined): { mugi?: string } =>
  typeof json?.mugi === 'string' ? { mugi: json.mugi } : {};

export const originOf = (json: Json): Pick<ResultRows, 'mugi' | 'question' | 'inputs'> => ({
  ...versionOf(json),
  ...(isObject(json.question) ? { question: json.question } : {}),
  inputs: isObject(json.inputs) ? (json.inputs as Record<string, string>) : {},
});

/** An answer about one design; with the question where the result holds it. */
function answered(row: Json, question: Json | undefined): ResultRow {
  const designs = question?.designs;
  const asked =
    typeof row.asked === 'string'
      ? row.asked
      : Array.isArray(designs) && designs.length === 1
        ? nameOf(designs[0])
        : undefined;
  const { baseline: _baseline, ...rest } = question ?? {};
  return {
    name: asked ?? String(row.design),
    facts: factsIn(row),
    numbers: metricsIn(row),
    ...(question === undefined || asked === undefined
      ? {}
      : { question: { ...rest, designs: [sourceOf('designs', asked)] } as QuestionInput }),
  };
}

const nameOf = (design: unknown): string => (typeof design === 'string' ? design : JSON.stringify(design));

export function sweptRows(json: Json, question: Json | undefined): ResultRow[] {
  // A list of one value is as good as none.
  const swept = objects(json.swept)
    .filter(({ values }) => Array.isArray(values) && values.length > 1)
    .map(({ name }) => String(name));
  return objects(json.rows).map((row): ResultRow => {
    const values = pick(row, (key) => swept.includes(key));
    const own = answered(row, { ...question, ...values });
    const named = swept.map((key) => `${key} ${String(row[key])}`);
    return {
      ...own,
      name: [own.name, ...named].join(', '),
      ...(question === undefined ? { question: undefined } : {}),
    };
  });
}

/** Name of a point of a space. */
export const pointName = (parameters: Json): string =>
  Object.entries(parameters)
    .map(([key, value]) => (key === 'design' ? String(value) : `${key} ${String(value)}`))
    .join(', ');

/** What is counted of a space as a whole. */
export const SPACE_ROW = 'the whole space';

function exploredRows(json: Json): ResultRow[] {
  const front = objects(json.front);
  const counts = pick<number>(json, (key) =>
    ['evaluated', 'infeasible', 'excluded', 'undefined'].includes(key),
  );
  return [
    { name: SPACE_ROW, facts: {}, numbers: { ...counts, front: front.length } },
    ...front.map(
      (point): ResultRow => ({
        name: pointName(isObject(point.parameters) ? point.parameters : { point: point.point }),
        facts: factsIn(point),
        numbers: metricsIn(point),
        ...askedBy(point.command),
      }),
    ),
  ];
}

/** The question of a point's command; none where several models share a point. */
function askedBy(command: unknown): { question?: QuestionInput } {
  if (typeof command !== 'string') return {};
  try {
    return { question: parse(command) };
  } catch (error) {
    // A command of another version may hold flags that are no longer known.
    if (error instanceof MugiError) return {};
    throw error;
  }
}

/** What a loss was measured on and with, beside model, method and part. */
const MEASURED = ['activations', 'weights', 'kv', 'group', 'sums', 'tokens', 'settings'];

function accuracyRow(row: Json): ResultRow {
  const ends = /_(ci95|low|high)$/;
  return {
    name: [row.model, row.method, row.part].filter((one) => one !== undefined).join(', '),
    facts: pick(row, (key) => MEASURED.includes(key)),
    numbers: pick(row, (key, value) => isNumber(value) && !MEASURED.includes(key) && !ends.test(key)),
    intervals: Object.fromEntries(
      Object.entries(row).flatMap(([key, value]) =>
        key.endsWith('_ci95') && typeof value === 'number' ? [[key.replace('_ci95', ''), value]] : [],
      ),
    ),
  };
}

/** Deeper nests are no result. */
const DEEPEST = 12;

/** Every object with numbers of its own, by where it stands; of a list, by the texts in it where they tell it apart. */
function anyRows(json: unknown, path = '', depth = 0): ResultRow[] {
  if (depth > DEEPEST) return [];
  if (Array.isArray(json)) {
    const names = json.map((one) =>
      isObject(one)
        ? Object.values(one)
            .filter((value) => typeof value === 'string' && value.length <= 60)
            .join(' ')
        : '',
    );
    return json.flatMap((one, i) => {
      const apart = names[i] !== '' && names.indexOf(names[i]) === names.lastIndexOf(names[i]);
      return anyRows(one, `${path}[${apart ? names[i] : i}]`, depth + 1);
    });
  }
  if (!isObject(json)) return [];
  const numbers = pick<number | null>(json, (_, value) => isNumber(value));
  const own = Object.values(numbers).some((value) => value !== null)
    ? [{ name: path === '' ? 'result' : path, facts: {}, numbers }]
    : [];
  const inner = Object.entries(json).flatMap(([key, value]) =>
    // What a result says of its origin is a reason, not a number.
    path === '' && (key === 'question' || key === 'inputs')
      ? []
      : anyRows(value, path === '' ? key : `${path}.${key}`, depth + 1),
  );
  return [...own, ...inner];
}
