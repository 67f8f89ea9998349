import { MugiError, unknownName } from '../../../src/errors.ts';
import type { Experiment } from '../../../src/question/address.ts';

/** What a command shows, beside what it leaves as it is. */
export type Shown = Pick<Experiment, 'view' | 'detail'> & Partial<Pick<Experiment, 'asked'>>;

/** Flags of output alone, and of work that changes no number: they ask nothing. */
const PRINTS = new Set(['--json', '--csv', '--wide', '--ascii', '--fresh']);
const WRITES = [
  '--html',
  '--plots',
  '--plot',
  '--out',
  '--svg',
  '--trace',
  '--yaml',
  '--parquet',
  '--store',
  '--rows',
  '--threads',
];

export interface Taken {
  /** The last value of each flag. */
  given: Map<string, string>;
  /** Every flag with its value, in order: some add up. */
  all: [flag: string, value: string][];
  left: string[];
}

/**
 * Takes flags with their values out of words; flags of output go, `kept` ones alone stay.
 * @param optional flags that may stand without a value, with what they then mean
 */
export function taken(
  words: readonly string[],
  flags: readonly string[],
  optional: Readonly<Record<string, string>> = {},
): Taken {
  const found: Taken = { given: new Map(), all: [], left: [] };
  for (let at = 0; at < words.length; at++) {
    const [, flag = words[at], attached] = /^(--[^=]+)=([^]*)$/.exec(words[at]) ?? [];
    const own = flags.includes(flag);
    if (PRINTS.has(flag) && !own) continue;
    if (!own && !WRITES.includes(flag)) {
      found.left.push(words[at]);
      continue;
    }
    const next = words[at + 1];
    const alone = attached === undefined && (next === undefined || next.startsWith('--'));
    const value = alone && Object.hasOwn(optional, flag) ? optional[flag] : (attached ?? words[++at]);
    if (value === undefined)
      throw new MugiError({ code: 'invalid-value', message: `${flag} needs a value`, path: flag });
    if (!own) continue;
    found.given.set(flag, value);
    found.all.push([flag, value]);
  }
  return found;
}

export function refuse([odd]: readonly string[], known: readonly string[]): void {
  if (odd !== undefined)
    throw unknownName(odd.startsWith('-') ? 'flag of a view' : 'word', odd, known, 'command');
}

/** The words of an address that are given. */
export const stated = (words: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(words).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
