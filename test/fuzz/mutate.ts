import { random } from '../../src/number/random.ts';

/** Choices that follow from a seed alone. */
export interface Dice {
  /** In [0, 1). */
  next(): number;
  /** A whole number below `n`. */
  below(n: number): number;
  pick<T>(of: readonly T[]): T;
  chance(share: number): boolean;
}

export function dice(seed: number, index: number): Dice {
  const next = random(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35));
  const below = (n: number): number => Math.floor(next() * n);
  return { next, below, pick: (of) => of[below(of.length)], chance: (share) => next() < share };
}

const ESCAPE = '\u001b]0;title\u0007\u009b31m';
const NUMBERS = [
  0,
  -1,
  1,
  0.5,
  -0.5,
  3,
  7,
  64,
  1e-320,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 31 - 1,
  2 ** 32,
  2 ** 32 + 1,
  2 ** 53,
  1e15,
  65_536,
  1_000_003,
  1e-9,
];
const WORDS = [
  '',
  ' ',
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  '__defineGetter__',
  'length',
  '5x',
  'NaN',
  '../x',
  '/dev/zero',
  '=1+1',
  'ü\u202e',
  ESCAPE,
  `a${ESCAPE}\nb`,
  '0',
  '-1',
  'null',
  '(t+)+x',
  '\ud800',
];
/** Stands for a nest of JSON that is deeper than any stack. */
const NEST = '"@nest@"';

function hostile(dice: Dice): unknown {
  switch (dice.below(9)) {
    case 0:
      return null;
    case 1:
      return dice.chance(0.5);
    case 2:
    case 3:
      return dice.pick(NUMBERS);
    case 4:
    case 5:
      return dice.pick(WORDS);
    case 6:
      return dice.pick([[], {}, [[]], [null], { a: 1 }, [1, 'a', null], JSON.parse('{"__proto__": 1}')]);
    case 7:
      return dice.chance(0.05) ? 'x'.repeat(200_000) : dice.pick(WORDS).repeat(1 + dice.below(40));
    default:
      return '@nest@';
  }
}

type Parent = Record<string, unknown> | unknown[];

/** Every place of a value: a parent and its key. */
function places(value: unknown, found: [Parent, string][] = []): [Parent, string][] {
  if (typeof value !== 'object' || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push([value as Parent, key]);
    if (found.length < 5000) places(Reflect.get(value, key), found);
  }
  return found;
}

function changeOne(root: Parent, dice: Dice): void {
  const all = places(root);
  if (all.length === 0) return;
  const [parent, key] = dice.pick(all);
  const at: Record<string, unknown> = parent as Record<string, unknown>;
  switch (dice.below(7)) {
    case 0:
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete at[key];
      break;
    case 1: {
      const [from, other] = dice.pick(all);
      at[key] = structuredClone(Reflect.get(from, other));
      break;
    }
    case 2:
      if (Array.isArray(parent)) parent.push(hostile(dice));
      else {
        Object.defineProperty(parent, dice.pick(WORDS), {
          value: at[key],
          enumerable: true,
          configurable: true,
          writable: true,
        });
        if (dice.chance(0.5)) delete at[key];
      }
      break;
    case 3:
      if (typeof at[key] === 'number') at[key] = (at[key] as number) * dice.pick([-1, 0.5, 2, 3, 1e6, 1e-6]);
      else at[key] = hostile(dice);
      break;
    default:
      at[key] = hostile(dice);
  }
}

/** A JSON text with some of its values changed, or broken as a text. */
export function mutateJson(text: string, dice: Dice): string {
  if (dice.chance(0.12)) return mutateText(text, dice);
  const root = JSON.parse(text) as Parent;
  for (let i = dice.pick([1, 1, 1, 2, 3, 6]); i > 0; i--) changeOne(root, dice);
  const depth = dice.pick([10, 1000, 20_000]);
  const nest = dice.chance(0.5)
    ? `${'['.repeat(depth)}${']'.repeat(depth)}`
    : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  let out = (dice.chance(0.3) ? JSON.stringify(root, null, 1) : JSON.stringify(root)).replace(NEST, nest);
  if (dice.chance(0.03)) out = `\uFEFF${out}`;
  if (dice.chance(0.05)) out = out.replace('{', `{"${dice.pick(WORDS.slice(0, 10))}": 1, `);
  return out;
}

const PIECES = [
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  '"',
  "'",
  ',',
  ':',
  ';',
  '\\',
  '\n',
  '\t',
  ' ',
  '-',
  '&',
  '*',
  '!',
  '|',
  '%',
  '#',
  '/*',
  '*/',
  '//',
  '0',
  '9',
  '1e999',
  '-1',
  'NaN',
  'x',
  '<<',
  'é',
  ESCAPE,
  '\u0000',
  '\uFEFF',
  '\r',
];

/** A text with pieces of it cut, doubled, exchanged or replaced. */
export function mutateText(text: string, dice: Dice): string {
  let out = text;
  for (let i = dice.pick([1, 1, 2, 4, 8]); i > 0; i--) {
    const at = dice.below(out.length + 1);
    const length = dice.pick([1, 1, 2, 8, 40, 400]);
    const piece = out.slice(at, at + length);
    switch (dice.below(8)) {
      case 0:
        out = out.slice(0, at) + out.slice(at + length);
        break;
      case 1:
        out = out.slice(0, at) + piece.repeat(dice.pick([2, 3, 20])) + out.slice(at + length);
        break;
      case 2:
        out = out.slice(0, at);
        break;
      case 3: {
        const to = dice.below(out.length + 1);
        out = out.slice(0, to) + piece + out.slice(to);
        break;
      }
      case 4:
        out = out.slice(0, at) + dice.pick(PIECES).repeat(dice.pick([1, 2, 30, 9000])) + out.slice(at);
        break;
      case 5:
        out = out.replace(/\d[\d.]*/g, (number) => (dice.chance(0.1) ? String(dice.pick(NUMBERS)) : number));
        break;
      default:
        out = out.slice(0, at) + dice.pick([...PIECES, ...WORDS]) + out.slice(at + 1);
    }
  }
  return out;
}

/** Bytes with some of them changed, cut, doubled, or overwritten by sizes. */
export function mutateBytes(bytes: Uint8Array, dice: Dice): Uint8Array {
  let out = Buffer.from(bytes);
  // Formats keep their sizes and names in front.
  const place = (): number => dice.below(dice.chance(0.7) ? Math.min(out.length, 600) : out.length);
  for (let i = dice.pick([1, 1, 2, 4, 8]); i > 0 && out.length > 8; i--) {
    const at = place();
    switch (dice.below(7)) {
      case 0:
        out[at] ^= 1 << dice.below(8);
        break;
      case 1:
        out[at] = dice.pick([0, 1, 127, 128, 255]);
        break;
      case 2:
        if (at + 4 <= out.length)
          out.writeUInt32LE(dice.pick([0, 1, 255, 2 ** 16, 1e6, 2 ** 31, 2 ** 32 - 1]), at);
        break;
      case 3:
        if (at + 8 <= out.length) out.writeBigUInt64LE(BigInt(dice.pick([0, 1, 1e6, 2 ** 32, 2 ** 53])), at);
        break;
      case 4:
        out = out.subarray(0, at);
        break;
      case 5:
        out = Buffer.concat([out.subarray(0, at), out.subarray(at + dice.pick([1, 4, 8]))]);
        break;
      default:
        out = Buffer.concat([out.subarray(0, at), out.subarray(place(), place() + 40), out.subarray(at)]);
    }
  }
  return out;
}
