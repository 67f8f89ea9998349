import { MugiError } from '../../errors.ts';
import { shown } from '../../shown.ts';

/** A Boolean function as a tree, from Liberty syntax: `!` or a trailing `'`, `&` `*` or a space, `^`, `|` `+`. */
export type BooleanFunction =
  | { op: 'pin'; name: string }
  | { op: 'constant'; value: 0 | 1 }
  | { op: 'not'; of: BooleanFunction }
  | { op: 'and' | 'or' | 'xor'; terms: readonly BooleanFunction[] };

/** Parentheses and inversions inside each other; a cell has a handful. Terms beside each other have no limit. */
const DEEPEST = 200;

/** @throws MugiError for text that is not a Boolean function */
export function parseFunction(text: string): BooleanFunction {
  const tokens = text.match(/[A-Za-z_][A-Za-z0-9_[\]]*|[01]|[!'&*^|+()]|[^\s]/g) ?? [];
  const unreadable = () =>
    new MugiError({ code: 'invalid-file', message: `cannot read the cell function ${shown(text)}` });
  let at = 0;
  let depth = 0;
  const primary = (): BooleanFunction => {
    let inverted = false;
    while (tokens[at] === '!') {
      inverted = !inverted;
      at++;
    }
    const token = tokens[at++];
    let value: BooleanFunction;
    if (token === '(') {
      if (++depth > DEEPEST) throw unreadable();
      value = or();
      depth--;
      if (tokens[at++] !== ')') throw unreadable();
    } else if (token === '0' || token === '1') value = { op: 'constant', value: token === '1' ? 1 : 0 };
    else if (token !== undefined && /^[A-Za-z_]/.test(token)) value = { op: 'pin', name: token };
    else throw unreadable();
    while (tokens[at] === "'") {
      inverted = !inverted;
      at++;
    }
    return inverted ? { op: 'not', of: value } : value;
  };
  /** Terms of one kind, in a row, joined by what `more` takes off the tokens. */
  const row = (op: 'and' | 'or' | 'xor', term: () => BooleanFunction, more: () => boolean) => {
    const first = term();
    const terms = [first];
    while (more()) terms.push(term());
    return terms.length === 1 ? first : { op, terms };
  };
  const symbol = (...symbols: string[]) => {
    if (!symbols.includes(tokens[at] ?? '')) return false;
    at++;
    return true;
  };
  const xor = (): BooleanFunction => row('xor', primary, () => symbol('^'));
  const and = (): BooleanFunction =>
    row('and', xor, () => symbol('&', '*') || /^[A-Za-z_01!(]/.test(tokens[at] ?? ''));
  const or = (): BooleanFunction => row('or', and, () => symbol('|', '+'));
  const result = or();
  if (at !== tokens.length) throw unreadable();
  return result;
}

/** The pins that the function reads. */
export function pinsOf(fn: BooleanFunction): ReadonlySet<string> {
  const pins = new Set<string>();
  const visit = (inner: BooleanFunction): void => {
    if (inner.op === 'pin') pins.add(inner.name);
    else if (inner.op === 'not') visit(inner.of);
    else if (inner.op !== 'constant') inner.terms.forEach(visit);
  };
  visit(fn);
  return pins;
}

/** JavaScript source of the function on 32 lanes of bits; `pin` gives the source of an input. */
export function functionSource(fn: BooleanFunction, pin: (name: string) => string): string {
  switch (fn.op) {
    case 'pin':
      return pin(fn.name);
    case 'constant':
      return fn.value === 1 ? '-1' : '0';
    case 'not':
      return `(~${functionSource(fn.of, pin)})`;
    default: {
      const symbol = { and: '&', or: '|', xor: '^' }[fn.op];
      return `(${fn.terms.map((term) => functionSource(term, pin)).join(symbol)})`;
    }
  }
}

/** The function's value where `known` gives those of some pins; undefined where it depends on the others. */
export function valueOf(
  fn: BooleanFunction,
  known: (pin: string) => boolean | undefined,
): boolean | undefined {
  switch (fn.op) {
    case 'pin':
      return known(fn.name);
    case 'constant':
      return fn.value === 1;
    case 'not': {
      const value = valueOf(fn.of, known);
      return value === undefined ? undefined : !value;
    }
    case 'xor': {
      const values = fn.terms.map((term) => valueOf(term, known));
      return values.includes(undefined) ? undefined : values.filter(Boolean).length % 2 === 1;
    }
    default: {
      const decisive = fn.op === 'or';
      const values = fn.terms.map((term) => valueOf(term, known));
      if (values.includes(decisive)) return decisive;
      return values.includes(undefined) ? undefined : !decisive;
    }
  }
}

/**
 * Which edges of the output those of a pin cause, by how the pin is written: inverted everywhere, nowhere or both. It
 * may say `both` of a function that a simplification would show to be monotone, never the reverse.
 */
export function senseOf(fn: BooleanFunction, pin: string): 'positive' | 'negative' | 'both' {
  const found = { positive: false, negative: false };
  const visit = (inner: BooleanFunction, inverted: boolean): void => {
    if (inner.op === 'pin') {
      if (inner.name === pin) found[inverted ? 'negative' : 'positive'] = true;
    } else if (inner.op === 'not') visit(inner.of, !inverted);
    else if (inner.op !== 'constant') {
      for (const term of inner.terms) {
        visit(term, inverted);
        if (inner.op === 'xor') visit(term, !inverted);
      }
    }
  };
  visit(fn, false);
  if (found.positive !== found.negative) return found.positive ? 'positive' : 'negative';
  return 'both';
}
