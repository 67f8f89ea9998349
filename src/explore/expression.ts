import jsep from 'jsep';
import { MugiError, unknownName } from '../errors.ts';

/** A value of a parameter; absent where the design at hand has no such parameter. */
export type Value = number | string | boolean;
export type Values = Readonly<Record<string, Value | undefined>>;

/** What an expression is of some values: undefined where it turns on a parameter that is absent. */
export type Compiled = (values: Values) => Value | undefined;

const BINARY: Readonly<Record<string, (a: Value, b: Value) => Value>> = {
  '+': (a, b) => Number(a) + Number(b),
  '-': (a, b) => Number(a) - Number(b),
  '*': (a, b) => Number(a) * Number(b),
  '/': (a, b) => Number(a) / Number(b),
  '%': (a, b) => Number(a) % Number(b),
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

const FUNCTIONS: Readonly<Record<string, (...values: number[]) => number>> = {
  min: Math.min,
  max: Math.max,
  abs: Math.abs,
  floor: Math.floor,
  ceil: Math.ceil,
  log2: Math.log2,
};

/** Longer ones are no conditions, and deep ones could exhaust the stack. */
const LONGEST = 1000;

/**
 * An expression over parameters, as `where` and `forbid` of a space hold them: numbers, 'texts', true and false,
 * arithmetic, comparisons, `&&`, `||`, `!`, `a ? b : c`, and min, max, abs, floor, ceil, log2. What turns on a parameter
 * that a design does not have is undefined, which judges nothing.
 * @param path what the expression is called in an error; its column is added
 * @param check refuses a known name that has no value here
 * @throws MugiError for a mistake in the text or an unknown name
 */
export function compile(
  text: string,
  names: readonly string[],
  path: string,
  check: (name: string) => void = () => undefined,
): Compiled {
  const wrong = (message: string, column?: number): MugiError =>
    new MugiError({
      code: 'invalid-value',
      message: column === undefined ? message : `${message} (column ${column + 1} of the expression)`,
      path,
      expected: 'an expression such as sram.weight >= sram.input && height % 64 == 0',
      received: text,
    });
  if (text.length > LONGEST) throw wrong(`an expression has at most ${LONGEST} characters`);
  let tree: jsep.Expression;
  try {
    tree = jsep(text);
  } catch (error) {
    const { description, index } = error as { description?: string; index?: number };
    throw wrong(description ?? String(error), index);
  }
  const compiled = of(tree);
  return compiled;

  function of(node: jsep.Expression): Compiled {
    switch (node.type) {
      case 'Literal': {
        const { value } = node as jsep.Literal;
        if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
          return () => value;
        throw wrong(`${String(value)} is no value of a parameter`);
      }
      case 'Identifier':
      case 'MemberExpression':
        return named(node);
      case 'UnaryExpression': {
        const { operator, argument } = node as jsep.UnaryExpression;
        const inner = of(argument);
        if (operator !== '-' && operator !== '!' && operator !== '+')
          throw wrong(`unknown operator ${operator}`);
        return (values) => {
          const value = inner(values);
          if (value === undefined) return undefined;
          return operator === '!' ? !value : operator === '-' ? -Number(value) : Number(value);
        };
      }
      case 'BinaryExpression':
        return binary(node as jsep.BinaryExpression);
      case 'ConditionalExpression': {
        const { test, consequent, alternate } = node as jsep.ConditionalExpression;
        const [condition, yes, no] = [of(test), of(consequent), of(alternate)];
        return (values) => {
          const value = condition(values);
          return value === undefined ? undefined : value ? yes(values) : no(values);
        };
      }
      case 'CallExpression':
        return call(node as jsep.CallExpression);
      default:
        throw wrong(`${node.type} has no meaning here`);
    }
  }

  function named(node: jsep.Expression): Compiled {
    const name = dottedName(node);
    if (name === undefined) throw wrong('only names of parameters may stand before and behind a dot');
    if (!names.includes(name)) throw unknownName('parameter in an expression', name, names, path);
    check(name);
    return (values) => values[name];
  }

  function binary({ operator, left, right }: jsep.BinaryExpression): Compiled {
    const [a, b] = [of(left), of(right)];
    if (operator === '&&' || operator === '||') {
      // Three-valued: one side alone may decide.
      const decides = operator === '||';
      return (values) => {
        const [x, y] = [a(values), b(values)];
        if ((x !== undefined && Boolean(x) === decides) || (y !== undefined && Boolean(y) === decides))
          return decides;
        return x === undefined || y === undefined ? undefined : !decides;
      };
    }
    const apply = BINARY[operator];
    if (apply === undefined) throw wrong(`unknown operator ${operator}`);
    return (values) => {
      const [x, y] = [a(values), b(values)];
      return x === undefined || y === undefined ? undefined : apply(x, y);
    };
  }

  function call({ callee, arguments: given }: jsep.CallExpression): Compiled {
    const name = dottedName(callee) ?? '';
    if (!Object.hasOwn(FUNCTIONS, name))
      throw unknownName('function in an expression', name, Object.keys(FUNCTIONS), path);
    const inner = given.map(of);
    return (values) => {
      const all = inner.map((one) => one(values));
      return all.includes(undefined) ? undefined : FUNCTIONS[name](...all.map(Number));
    };
  }
}

function dottedName(node: jsep.Expression): string | undefined {
  if (node.type === 'Identifier') return (node as jsep.Identifier).name;
  if (node.type !== 'MemberExpression') return undefined;
  const { object, property, computed } = node as jsep.MemberExpression;
  const [before, behind] = [dottedName(object), dottedName(property)];
  return computed || before === undefined || behind === undefined ? undefined : `${before}.${behind}`;
}
