import { sourceText } from '../question/text.ts';
import { type Cause, causesOf, type Evaluated } from './result-causes.ts';
import type { ResultRow, ResultRows } from './result-rows.ts';

/** What two results do not share, that numbers may depend on. */
export interface Reason {
  what: 'question' | 'version' | 'table' | 'file' | 'measurement';
  name: string;
  a: string;
  b: string;
}

/** A number that is not the same in both. */
export interface Move {
  row: string;
  number: string;
  a: number | null;
  b: number | null;
  /** b / a − 1 for a above 0; null where a is 0 or either is no number. */
  change: number | null;
  /** Both have a 95 % interval, and the move is inside what the two together leave open. */
  within_interval?: boolean;
  because: Cause[];
}

export interface ResultDiff {
  compared: number;
  reasons: Reason[];
  /** Largest relative change first. */
  moves: Move[];
  only_a: string[];
  only_b: string[];
  /** Why some numbers were not evaluated again. */
  notes: string[];
}

/** Rows whose causes are found: each takes a few evaluations. */
const EXPLAINED = 1000;

/**
 * What moved between two results, and why.
 * @param tolerance relative change up to which two numbers count as equal; 0: every bit
 * @param evaluated numbers of this version for a question, by which moves are attributed
 * @param explained rows whose causes are found, those that move most
 */
export function resultDiff(
  a: ResultRows,
  b: ResultRows,
  {
    tolerance,
    evaluated,
    explained = EXPLAINED,
  }: { tolerance: number; evaluated: Evaluated; explained?: number },
): ResultDiff {
  const pairs = pairsOf(a.rows, b.rows);
  const paired = new Set(pairs.flat());
  const left = (rows: readonly ResultRow[]): string[] =>
    rows.filter((row) => !paired.has(row)).map(({ name }) => name);
  let compared = 0;
  const moved = pairs.flatMap((pair) => {
    const [one, other] = pair;
    const numbers = Object.keys(one.numbers).filter((key) => key in other.numbers);
    compared += numbers.length;
    return numbers.flatMap((key) => moveOf(one, other, key, tolerance)).map((move) => ({ pair, move }));
  });
  // Numbers that move together keep their order, whatever the last bits of their changes are.
  const size = ({ move }: (typeof moved)[number]): number => Number(sizeOf(move).toPrecision(9));
  moved.sort((x, y) => (size(y) === size(x) ? 0 : size(y) - size(x)));
  const notes = new Set<string>();
  const causes = new Map<(typeof pairs)[number], (number: string) => Cause[]>();
  const drift = driftOf(a, b);
  for (const { pair } of moved) {
    if (causes.has(pair)) continue;
    if (causes.size === explained) {
      notes.add(`causes are found of the ${explained} rows that move most`);
      break;
    }
    causes.set(
      pair,
      causesOf(...pair, evaluated, drift, (note) => notes.add(note)),
    );
  }
  return {
    compared,
    reasons: reasonsOf(a, b, pairs),
    moves: moved.map(({ pair, move }) => ({ ...move, because: causes.get(pair)?.(move.number) ?? [] })),
    only_a: left(a.rows),
    only_b: left(b.rows),
    notes: [...notes],
  };
}

/** Rows of one name; a row alone on both sides stands beside the other whatever they are called. */
function pairsOf(a: readonly ResultRow[], b: readonly ResultRow[]): [ResultRow, ResultRow][] {
  if (a.length === 1 && b.length === 1) return [[a[0], b[0]]];
  const named = new Map<string, ResultRow[]>();
  for (const row of b) named.set(row.name, [...(named.get(row.name) ?? []), row]);
  return a.flatMap((row): [ResultRow, ResultRow][] => {
    const other = named.get(row.name)?.shift();
    return other === undefined ? [] : [[row, other]];
  });
}

const sizeOf = ({ a, b, change }: Omit<Move, 'because'>): number =>
  change !== null ? Math.abs(change) : a === b || (a ?? 0) === (b ?? 0) ? 0 : Infinity;

function moveOf(
  one: ResultRow,
  other: ResultRow,
  number: string,
  tolerance: number,
): Omit<Move, 'because'>[] {
  const [a, b] = [one.numbers[number], other.numbers[number]];
  if (a === b) return [];
  const change = a === null || b === null || a === 0 ? null : (b - a) / Math.abs(a);
  if (change !== null && Math.abs(change) <= tolerance) return [];
  const [half, others] = [one.intervals?.[number], other.intervals?.[number]];
  const within =
    half === undefined || others === undefined || a === null || b === null
      ? {}
      : { within_interval: Math.abs(b - a) <= Math.hypot(half, others) };
  return [
    {
      row: other.name === one.name ? one.name : `${one.name} → ${other.name}`,
      number,
      a,
      b,
      change,
      ...within,
    },
  ];
}

/** What a difference is called that no question explains. */
function driftOf(a: ResultRows, b: ResultRows): string {
  const inputs = changedInputs(a, b);
  const names = [
    ...(a.mugi === b.mugi ? [] : [`mugi ${a.mugi ?? 'unknown'} → ${b.mugi ?? 'unknown'}`]),
    ...inputs,
  ];
  return names.length > 0 ? names.join(', ') : 'not said in the results';
}

const changedInputs = (a: ResultRows, b: ResultRows): string[] =>
  Object.keys(a.inputs).filter((name) => name in b.inputs && a.inputs[name] !== b.inputs[name]);

/** Texts longer than this are shown by their beginning. */
const SHOWN = 60;

function valueText(value: unknown): string {
  if (value === undefined) return '–';
  const text = Array.isArray(value)
    ? value
        .map((one) => (typeof one === 'object' && one !== null ? sourceText(one) : String(one)))
        .join(',') || '–'
    : typeof value === 'object' && value !== null
      ? JSON.stringify(value)
      : String(value);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 1)}…`;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function reasonsOf(a: ResultRows, b: ResultRows, pairs: readonly [ResultRow, ResultRow][]): Reason[] {
  const reasons = new Map<string, Reason>();
  const add = (what: Reason['what'], name: string, one: unknown, other: unknown): void => {
    if (same(one, other)) return;
    const reason = { what, name, a: valueText(one), b: valueText(other) };
    reasons.set(`${name} ${reason.a} ${reason.b}`, reason);
  };
  if (a.mugi !== b.mugi) add('version', 'mugi', a.mugi, b.mugi);
  for (const name of changedInputs(a, b))
    add(name.startsWith('technology ') ? 'table' : 'file', name, a.inputs[name], b.inputs[name]);
  const keysOf = (one: object, other: object): string[] => [
    ...new Set([...Object.keys(one), ...Object.keys(other)]),
  ];
  const [asked, askedOther] = [a.question, b.question];
  if (asked !== undefined && askedOther !== undefined)
    for (const key of keysOf(asked, askedOther)) add('question', key, asked[key], askedOther[key]);
  for (const [one, other] of pairs) {
    const measured = one.intervals !== undefined;
    if (one.question === undefined || other.question === undefined)
      for (const key of keysOf(one.facts, other.facts))
        if (asked === undefined || askedOther === undefined || measured)
          add(measured ? 'measurement' : 'question', key, one.facts[key], other.facts[key]);
  }
  return [...reasons.values()];
}
