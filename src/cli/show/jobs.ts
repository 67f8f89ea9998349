import type { ErrorDetails } from '../../errors.ts';
import type { Row } from '../../present/csv.ts';
import { readable } from '../../present/readable.ts';
import { textTable } from '../../present/table.ts';
import { wrapped } from '../../present/terminal.ts';
import { jobText } from '../../scale/job-list.ts';
import { version } from '../../version.ts';
import type { Ended } from '../source/jobs.ts';

export const failedOf = (jobs: readonly Ended[]): { job: Ended; error: ErrorDetails }[] =>
  jobs.flatMap((job) => ('error' in job.outcome ? [{ job, error: job.outcome.error }] : []));

export const jobsJson = (jobs: readonly Ended[]): object => ({
  mugi: version,
  jobs: jobs.map((job) => ({
    command: jobText(job),
    varied: job.varied,
    ...('error' in job.outcome ? { error: job.outcome.error } : { result: job.outcome.result }),
  })),
});

const plain = (value: unknown): value is Row[string] => typeof value !== 'object' || value === null;

/** The rows of a result: those of a list, or what an object says by itself and in the objects that it holds. */
function rowsIn(result: unknown): Row[] {
  if (Array.isArray(result)) return result.flatMap(rowsIn);
  if (typeof result !== 'object' || result === null) return [];
  const { rows } = result as { rows?: unknown };
  if (Array.isArray(rows)) return rowsIn(rows);
  return [Object.fromEntries(cellsIn(result, '')) as Row];
}

/** `accuracy.loss` for the loss in an object `accuracy`; lists are no cells. */
const cellsIn = (object: object, before: string): [string, Row[string]][] =>
  Object.entries(object).flatMap(([name, value]): [string, Row[string]][] => {
    if (plain(value)) return [[before + name, value]];
    return Array.isArray(value) ? [] : cellsIn(value as object, `${before}${name}.`);
  });

/** What lists put into a command, under names that no result has. */
const variedIn = ({ varied }: Ended): Record<string, string> =>
  Object.fromEntries(Object.entries(varied).map(([name, value]) => [`job_${name}`, value]));

/** The rows of all results, each behind what lists put into its command. */
export const jobRows = (jobs: readonly Ended[]): Row[] =>
  jobs.flatMap((job) =>
    'error' in job.outcome
      ? [{ ...variedIn(job), error: job.outcome.error.message }]
      : rowsIn(job.outcome.result).map((row) => ({ ...variedIn(job), ...row })),
  );

/** Columns of a table beside what varies: those that name a row, and numbers. */
const COLUMNS = { names: 2, numbers: 5 };
/** Longer texts are no names. */
const LONGEST = 24;

/** The first columns that tell rows apart. */
function tellingColumns(rows: readonly Row[], names: readonly string[]): string[] {
  const valuesOf = (name: string): Row[string][] => rows.map((row) => row[name] ?? null);
  const telling = names.filter((name) => rows.length === 1 || new Set(valuesOf(name)).size > 1);
  const numbers = telling.filter((name) => valuesOf(name).some((value) => typeof value === 'number'));
  const texts = telling.filter((name) =>
    valuesOf(name).every((value) => value === null || (typeof value === 'string' && value.length <= LONGEST)),
  );
  const kept = [...texts.slice(0, COLUMNS.names), ...numbers.slice(0, COLUMNS.numbers)];
  return names.filter((name) => kept.includes(name) || name === 'error');
}

export function jobsText(jobs: readonly Ended[], most: number): string {
  const rows = jobRows(jobs);
  const keys = [...new Set(jobs.flatMap((job) => Object.keys(variedIn(job))))];
  const all = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = [
    ...keys,
    ...tellingColumns(
      rows,
      all.filter((name) => !keys.includes(name)),
    ),
  ];
  const cell = (value: Row[string]): string =>
    value === null || value === undefined ? '–' : typeof value === 'number' ? readable(value) : String(value);
  const failed = failedOf(jobs).length;
  const lines = [
    `${jobs.length} jobs, ${jobs.length - failed} with a result${failed > 0 ? `, ${failed} without` : ''}`,
  ];
  if (columns.length > 0)
    lines.push(
      '',
      textTable(
        columns,
        rows.slice(0, most).map((row) => columns.map((name) => cell(row[name]))),
        { keys: Math.max(1, keys.length) },
      ),
    );
  if (rows.length > most || columns.length < all.length)
    lines.push(
      '',
      wrapped(
        `${Math.min(most, rows.length)} of ${rows.length} rows, ${columns.length} of ${all.length} columns; --csv and --json hold all`,
      ),
    );
  return `${lines.join('\n')}\n`;
}
