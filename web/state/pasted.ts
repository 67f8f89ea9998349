import { MugiError, unknownName } from '../../src/errors.ts';
import { PURE_ITEMS } from '../../src/paper/pure.ts';
import { answers } from '../../src/compare/answers.ts';
import { parse } from '../../src/question/command.ts';
import { question } from '../../src/question/question.ts';
import { wordsOf } from '../../src/question/shell.ts';
import { benchOf } from '../view/functions-bench.ts';
import { shownOf } from '../view/node/asked.ts';
import type { Asked, Experiment } from '../../src/question/address.ts';
import { inTexts, SOURCES } from './sources.ts';

type Shown = Pick<Experiment, 'view' | 'detail'> & Partial<Pick<Experiment, 'asked'>>;

/** Flags of output, which change what a command prints and not what it asks. */
const PRINTS = new Set(['--json', '--csv', '--wide']);

/** Flags that write files beside. */
const WRITES = ['--html', '--plots'];

/** Commands that a view shows, by the view's way of reading them. */
const READ: Readonly<Record<string, (words: readonly string[]) => Shown>> = {
  evaluate: asking,
  compare: asking,
  simulate: simulating,
  approximate: approximating,
  paper: printing,
};

/**
 * What a command shows: the view and the state that print the same numbers.
 * @throws MugiError as the command line does, for a command that no view shows, a flag or a value that is wrong
 */
export function experimentOf(line: string): Shown {
  const words = wordsOf(line.trim());
  const from = words.findIndex((word) => word !== 'npx' && word !== 'mugi' && word !== '$');
  const [command = '', ...rest] = from < 0 ? [] : words.slice(from);
  if (!Object.hasOwn(READ, command))
    throw unknownName('command of a view', command, Object.keys(READ), 'command');
  return READ[command]([command, ...rest.filter((word) => !PRINTS.has(word))]);
}

/** The question that a command asks, with names that this page knows: it opens no paths. */
export function askedBy(words: readonly string[]): Asked {
  const { version: _, ...asked } = parse(words);
  answers(inTexts(question(asked)), SOURCES);
  return asked;
}

function asking(words: readonly string[]): Shown {
  const { given, left } = taken(words, [...WRITES, '--why', '--accuracy', '--accuracy-tokens']);
  const asked = askedBy(left);
  const why = given.get('--why');
  const [design] = asked.designs ?? [];
  if (given.has('--accuracy')) {
    const tokens = given.get('--accuracy-tokens');
    const model = given.get('--accuracy') ?? 'mugi-tiny';
    return { view: 'accuracy', asked, detail: { model, ...(tokens === undefined ? {} : { tokens }) } };
  }
  return {
    view: 'compare',
    asked,
    detail: why === undefined || typeof design !== 'string' ? {} : { why, of: design },
  };
}

function simulating([, ...words]: readonly string[]): Shown {
  const { given, left } = taken(words, ['--design', '--preset', '--seed', '--m', '--k', '--n', '--input']);
  const [op, ...more] = left;
  refuse(more, ['--design', '--preset', '--seed', '--m', '--k', '--n', '--input']);
  const detail: Record<string, string> = {};
  if (op !== undefined) detail.op = op;
  for (const [flag, value] of given) {
    if (flag === '--design') detail.rows = heightOf(value);
    else if (flag === '--input') detail.values = value;
    else detail[flag.slice(2)] = value;
  }
  shownOf(detail);
  return { view: 'node', detail };
}

function heightOf(design: string): string {
  const [, height] = /^mugi-(\d+)$/.exec(design) ?? [];
  if (height !== undefined) return height;
  throw new MugiError({
    code: 'invalid-value',
    message: 'the node of this page is that of Mugi',
    path: 'design',
    expected: 'mugi-H',
    received: design,
  });
}

function approximating([, ...words]: readonly string[]): Shown {
  const flags = ['--method', '--window', '--mantissa', '--x'];
  const { given, left } = taken(words, flags);
  const [name, ...more] = left;
  refuse(more, flags);
  const window = given.get('--window');
  const [, lo, hi] = /^(-?\d+)\.\.(-?\d+)$/.exec(window ?? '') ?? [];
  if (window !== undefined && lo === undefined) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'a window is two exponents',
      path: 'window',
      expected: 'LO..HI',
      received: window,
    });
  }
  const stated = {
    function: name,
    methods: given.get('--method'),
    lo,
    hi,
    mantissa: given.get('--mantissa'),
    scores: given.get('--x'),
  };
  const detail = Object.fromEntries(
    Object.entries(stated).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  benchOf(detail);
  return { view: 'functions', detail };
}

function printing([, item, ...more]: readonly string[]): Shown {
  refuse(more, []);
  const names = PURE_ITEMS.map(({ name }) => name);
  if (item !== undefined && !names.includes(item))
    throw unknownName('item on this page', item, names, 'item');
  return { view: 'paper', detail: item === undefined ? {} : { item } };
}

/** Takes flags with their values out of words. */
function taken(
  words: readonly string[],
  flags: readonly string[],
): { given: Map<string, string>; left: string[] } {
  const given = new Map<string, string>();
  const left: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const [, flag = words[at], attached] = /^(--[^=]+)=([^]*)$/.exec(words[at]) ?? [];
    if (!flags.includes(flag)) left.push(words[at]);
    else {
      const value = attached ?? words[++at];
      if (value === undefined)
        throw new MugiError({ code: 'invalid-value', message: `${flag} needs a value`, path: flag });
      given.set(flag, value);
    }
  }
  return { given, left };
}

function refuse([odd]: readonly string[], known: readonly string[]): void {
  if (odd !== undefined)
    throw unknownName(odd.startsWith('-') ? 'flag of a view' : 'word', odd, known, 'command');
}
