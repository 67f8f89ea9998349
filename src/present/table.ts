import Table from 'cli-table3';
import { cut, printable } from '../shown.ts';
import { readable } from './readable.ts';
import { styled, textWidth, wrapped } from './terminal.ts';

/** A cell, or one with a style for its text, which is applied where the terminal shows styles. */
export type Cell = string | number | { text: string; style(text: string): string };

export interface TableOptions {
  /** Columns of the terminal that the table may take; by default those that there are. */
  width?: number;
  /** Leading columns that name a row, and stand in every part of a table that is split. */
  keys?: number;
}

/** Text columns become no narrower than this, where the words are not shorter anyway. */
const NARROWEST_TEXT = 18;
/** Longer words, such as paths, may be cut. */
const LONGEST_WORD = 44;
/** Longer cells, from names in a file, are cut: the table library measures a text once for each of its characters. */
const LONGEST_CELL = 2000;
/** Between two columns, and left of each. */
const GAP = 1;
const MARGIN = 1;

const BARE = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  right: '',
  'right-mid': '',
  mid: '',
  'mid-mid': '',
  middle: ' '.repeat(GAP),
};

/** Text, and the style it gets once it is cut to its column. */
interface Plain {
  text: string;
  style?(text: string): string;
}

interface Column {
  head: string;
  cells: Plain[];
  numeric: boolean;
  /** With its margin. */
  width: number;
}

/**
 * A plain text table; numbers right-aligned, text left-aligned, a line break in a header is one. It fits the terminal:
 * long text wraps, and where that is not enough, columns go into further tables below that begin with the same `keys`
 * columns. Nothing is left out but the middle of a cell that no reader would read to its end.
 */
export function textTable(
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
  { width = textWidth(), keys = 1 }: TableOptions = {},
): string {
  const columns = header.map((head, i): Column => {
    const cells = rows.map((row) => plain(row[i] ?? ''));
    const numeric = cells.every(({ text }) => /^[-−+]?[\d.]/.test(text) || text === '');
    return { head, cells, numeric, width: 0 };
  });
  const measure = (): void =>
    natural(columns).forEach((own, i) => {
      columns[i].width = own;
    });
  measure();
  const leading = columns.slice(0, keys);
  const long = columns.slice(keys).filter((column) => least([...leading, column]) > width);
  for (const column of long) column.head = halved(column.head);
  if (long.length > 0) measure();
  const parts: Column[][] = [];
  let part: Column[] = [];
  for (const column of columns.slice(keys)) {
    if (part.length > 0 && least([...leading, ...part, column]) > width) {
      parts.push(part);
      part = [];
    }
    part.push(column);
  }
  parts.push(part);
  return parts.map((own) => drawn(fitted([...leading, ...own], width))).join('\n\n');
}

const plain = (cell: Cell): Plain =>
  typeof cell === 'object'
    ? { text: shownCell(cell.text), style: cell.style }
    : { text: typeof cell === 'number' ? readable(cell) : shownCell(cell) };

const shownCell = (text: string): string => cut(printable(cut(text, LONGEST_CELL)), LONGEST_CELL);

/** The name of a key in two lines, broken behind the underscore that is nearest to its middle. */
function halved(name: string): string {
  const places = [...name.matchAll(/_/g)].map(({ index }) => index + 1);
  if (/\s/.test(name) || places.length === 0) return name;
  const off = (place: number): number => Math.abs(place - name.length / 2);
  const at = places.reduce((best, place) => (off(place) < off(best) ? place : best));
  return `${name.slice(0, at)}\n${name.slice(at)}`;
}

/** Width that each column wants, as the table library reckons it (wide characters, styles). */
function natural(columns: readonly Column[]): number[] {
  const table = tableOf(columns);
  table.toString();
  return table.options.colWidths.map((own) => own ?? 0);
}

const total = (widths: readonly number[]): number =>
  widths.reduce((sum, own) => sum + own, 0) + GAP * (widths.length - 1);

/** The least that a column can be given without cutting a number or a name, unless that is longer than any line. */
function leastOf({ head, cells, numeric, width }: Column): number {
  if (numeric) return width;
  const words = [head, ...cells.map(({ text }) => text)].flatMap((text) => text.split(/\s+/));
  const word = Math.max(...words.map(({ length }) => length).filter((length) => length <= LONGEST_WORD), 0);
  return Math.min(width, Math.max(NARROWEST_TEXT, word) + MARGIN);
}
const least = (columns: readonly Column[]): number => total(columns.map(leastOf));

/** Takes what is too much from the widest text columns, and wraps their cells. */
function fitted(columns: readonly Column[], width: number): Column[] {
  const given = columns.map((column) => column.width);
  const floors = columns.map(leastOf);
  while (total(given) > width) {
    const widest = given.reduce(
      (best, own, i) => (own > floors[i] && (best < 0 || own > given[best]) ? i : best),
      -1,
    );
    if (widest < 0) break;
    given[widest]--;
  }
  return columns.map((column, i) => {
    if (given[i] === column.width) return column;
    const lines = (text: string, indent = ''): string => wrapped(text, given[i] - MARGIN, indent);
    const cells = column.cells.map((cell) => ({ ...cell, text: lines(cell.text, '  ') }));
    return { ...column, head: lines(column.head), cells, width: given[i] };
  });
}

const tableOf = (columns: readonly Column[]) => {
  const table = new Table({
    head: columns.map(({ head }) =>
      head
        .split('\n')
        .map((line) => styled('bold', line))
        .join('\n'),
    ),
    colAligns: columns.map(({ numeric }) => (numeric ? 'right' : 'left')),
    style: { head: [], border: [], compact: true, 'padding-left': MARGIN, 'padding-right': 0 },
    chars: BARE,
  });
  const height = columns[0]?.cells.length ?? 0;
  for (let i = 0; i < height; i++) {
    // A row a line: for every line of a cell the library would measure the whole of it again and again.
    const texts = columns.map(({ cells }) => cells[i].text.split('\n'));
    const lines = Math.max(...texts.map(({ length }) => length));
    for (let line = 0; line < lines; line++) {
      table.push(
        columns.map(({ cells }, at) => {
          const text = texts[at][line] ?? '';
          return cells[i].style?.(text) ?? text;
        }),
      );
    }
  }
  return table;
};

const drawn = (columns: readonly Column[]): string =>
  tableOf(columns)
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
