import { MugiError } from '../../errors.ts';

/** A Boolean function as a tree, from Liberty syntax: `!` or a trailing `'`, `&` `*` or a space, `^`, `|` `+`. */
export type BooleanFunction =
  | { op: 'pin'; name: string }
  | { op: 'constant'; value: 0 | 1 }
  | { op: 'not'; of: BooleanFunction }
  | { op: 'and' | 'or' | 'xor'; left: BooleanFunction; right: BooleanFunction };

/** Parentheses nest no deeper than the stack in so many characters; a cell has some ten pins. */
const LONGEST = 2000;

/** @throws MugiError for text that is not a Boolean function */
export function parseFunction(text: string): BooleanFunction {
  if (text.length > LONGEST) {
    throw new MugiError({
      code: 'invalid-file',
      message: `a cell function of ${text.length} characters is not read`,
      expected: `at most ${LONGEST} characters`,
    });
  }
  const tokens = text.match(/[A-Za-z_][A-Za-z0-9_[\]]*|[01]|[!'&*^|+()]|[^\s]/g) ?? [];
  const unreadable = () =>
    new MugiError({ code: 'invalid-file', message: `cannot read the cell function "${text}"` });
  let at = 0;
  const primary = (): BooleanFunction => {
    const token = tokens[at++];
    let value: BooleanFunction;
    if (token === '!') return { op: 'not', of: primary() };
    if (token === '(') {
      value = or();
      at++;
    } else if (token === '0' || token === '1') value = { op: 'constant', value: token === '1' ? 1 : 0 };
    else if (token !== undefined && /^[A-Za-z_]/.test(token)) value = { op: 'pin', name: token };
    else throw unreadable();
    while (tokens[at] === "'") {
      at++;
      value = { op: 'not', of: value };
    }
    return value;
  };
  const xor = (): BooleanFunction => {
    let left = primary();
    while (tokens[at] === '^') {
      at++;
      left = { op: 'xor', left, right: primary() };
    }
    return left;
  };
  const and = (): BooleanFunction => {
    let left = xor();
    for (;;) {
      const token = tokens[at];
      if (token === '&' || token === '*') at++;
      else if (token === undefined || !/^[A-Za-z_01!(]/.test(token)) return left;
      left = { op: 'and', left, right: xor() };
    }
  };
  const or = (): BooleanFunction => {
    let left = and();
    while (tokens[at] === '|' || tokens[at] === '+') {
      at++;
      left = { op: 'or', left, right: and() };
    }
    return left;
  };
  const result = or();
  if (at !== tokens.length) throw unreadable();
  return result;
}

/** The pins that the function reads. */
export function pinsOf(fn: BooleanFunction): ReadonlySet<string> {
  if (fn.op === 'pin') return new Set([fn.name]);
  if (fn.op === 'constant') return new Set();
  return fn.op === 'not' ? pinsOf(fn.of) : new Set([...pinsOf(fn.left), ...pinsOf(fn.right)]);
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
      return `(${functionSource(fn.left, pin)}${symbol}${functionSource(fn.right, pin)})`;
    }
  }
}
