import type { Cause } from '../../compare/result-causes.ts';
import type { Move, ResultDiff } from '../../compare/result-diff.ts';
import type { ResultRows } from '../../compare/result-rows.ts';
import type { Row } from '../../present/csv.ts';
import { readable } from '../../present/readable.ts';
import { textTable } from '../../present/table.ts';
import { wrapped } from '../../present/terminal.ts';
import { version } from '../../version.ts';

export interface Named {
  path: string;
  result: ResultRows;
}

const side = ({ path, result: { kind, mugi, rows } }: Named): object => ({
  file: path,
  kind,
  ...(mugi === undefined ? {} : { mugi }),
  rows: rows.length,
});

export const isSame = ({ moves, only_a, only_b }: ResultDiff): boolean =>
  moves.length + only_a.length + only_b.length === 0;

export const diffJson = (a: Named, b: Named, diff: ResultDiff, tolerance: number): object => ({
  mugi: version,
  same: isSame(diff),
  a: side(a),
  b: side(b),
  tolerance,
  ...diff,
});

/** One row a number that moved; its causes as one text. */
export const diffRows = ({ moves }: ResultDiff): Row[] =>
  moves.map(({ because, ...move }) => ({ ...move, because: because.map(causeText).join('; ') }));

/** `+12.3 %`; times where it is more than tenfold. */
function changeText(change: number | null): string {
  if (change === null) return '–';
  if (change >= 9) return `×${readable(1 + change)}`;
  const percent = readable(Math.abs(100 * change));
  return `${change < 0 ? '−' : '+'}${percent} %`;
}

const causeText = ({ name, change }: Cause): string =>
  change === null ? name : `${name} ${changeText(change)}`;

const numberText = (value: number | null): string => (value === null ? '–' : readable(value));

/** Names of rows that stand on one side alone, a few of them. */
const SOME = 8;

export function diffText(a: Named, b: Named, diff: ResultDiff, most: number): string {
  const { compared, moves, reasons, only_a, only_b, notes } = diff;
  const lines = [a, b].map(
    ({ path, result }, i) =>
      `${'AB'[i]}  ${path} (${result.kind === 'other' ? 'JSON' : `mugi ${result.kind}`}${result.mugi === undefined ? '' : `, version ${result.mugi}`})`,
  );
  if (reasons.length > 0)
    lines.push(
      '',
      'What differs between what was asked:',
      textTable(
        ['', 'A', 'B'],
        reasons.map(({ name, a: one, b: other }) => [name, one, other]),
      ),
    );
  for (const [name, only] of [
    ['A', only_a],
    ['B', only_b],
  ] as const)
    if (only.length > 0)
      lines.push(
        '',
        wrapped(
          `only in ${name}: ${only.slice(0, SOME).join('; ')}${only.length > SOME ? `; and ${only.length - SOME} more` : ''}`,
        ),
      );
  lines.push(
    '',
    moves.length === 0
      ? `no number moved, of ${compared} that both have`
      : wrapped(
          `${moves.length} of ${compared} numbers that both have moved${moves.length > most ? `; the ${most} largest moves (--rows shows more, --csv all)` : ''}:`,
        ),
  );
  if (moves.length > 0) lines.push(movesTable(moves.slice(0, most)));
  if (moves.some(({ because }) => because.length > 1))
    lines.push(
      '',
      wrapped('Causes: each change alone, beside A; together: what all of them do beyond that.'),
    );
  return `${[...lines, ...notes.map((note) => wrapped(`note: ${note}`, undefined, '      '))].join('\n')}\n`;
}

function movesTable(moves: readonly Move[]): string {
  const rows = new Set(moves.map(({ row }) => row));
  const explained = moves.some(
    ({ because, within_interval }) => because.length > 0 || within_interval !== undefined,
  );
  const columns: [head: string, cell: (move: Move) => string][] = [
    ...(rows.size > 1 ? [['row', ({ row }: Move) => row] as [string, (move: Move) => string]] : []),
    ['number', ({ number }) => number],
    ['A', ({ a }) => numberText(a)],
    ['B', ({ b }) => numberText(b)],
    ['change', ({ change }) => changeText(change)],
    ...(explained ? [['because', whyText] as [string, (move: Move) => string]] : []),
  ];
  const table = textTable(
    columns.map(([head]) => head),
    moves.map((move) => columns.map(([, cell]) => cell(move))),
    { keys: rows.size > 1 ? 2 : 1 },
  );
  return rows.size > 1 ? table : `${[...rows].join()}\n${table}`;
}

/** Causes that the table shows of a move, the largest. */
const CAUSES = 3;

/** A change that nobody looks for beside a larger one. */
const slight = (change: number | null): boolean => change !== null && Math.abs(change) < 1e-3;

const whyText = ({ because, within_interval: within }: Move): string =>
  [
    ...because.filter(({ change }, i) => i < CAUSES && (i === 0 || !slight(change))).map(causeText),
    ...(within === undefined ? [] : [within ? 'inside the intervals' : 'outside the intervals']),
  ].join(', ');
