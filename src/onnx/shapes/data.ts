import { elementsOf } from '../graph.ts';
import { MOST_DATA } from '../tensor.ts';
import type { Site, Value } from '../value.ts';

/** Arithmetic on sizes: exporters compute shapes in the graph. */
const BINARY: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Mod: (a, b) => a - b * Math.floor(a / b),
  Max: Math.max,
  Min: Math.min,
  Pow: (a, b) => a ** b,
  Equal: (a, b) => Number(a === b),
  Less: (a, b) => Number(a < b),
  Greater: (a, b) => Number(a > b),
  LessOrEqual: (a, b) => Number(a <= b),
  GreaterOrEqual: (a, b) => Number(a >= b),
  And: (a, b) => Number(a !== 0 && b !== 0),
  Or: (a, b) => Number(a !== 0 || b !== 0),
};

const UNARY: Readonly<Record<string, (a: number) => number>> = {
  Neg: (a) => -a,
  Floor: Math.floor,
  Ceil: Math.ceil,
  Sqrt: Math.sqrt,
  Abs: Math.abs,
  Reciprocal: (a) => 1 / a,
  Not: (a) => Number(a === 0),
  Identity: (a) => a,
};

const whole = (type: number | undefined): boolean =>
  type !== undefined && type !== 1 && type !== 10 && type !== 11;

/** The numbers of an element-wise result, where those of its inputs are known and it is small. */
export function computed({ node, inputs }: Site, shape: readonly number[] | undefined): number[] | undefined {
  if (shape === undefined || elementsOf(shape) > MOST_DATA) return undefined;
  const datas = inputs.map((input) => input?.data);
  if (datas.some((data) => data === undefined)) return undefined;
  const count = elementsOf(shape);
  const at = (data: readonly number[], i: number): number => data[data.length === 1 ? 0 : i];
  if (datas.some((data) => data!.length !== 1 && data!.length !== count)) return undefined;
  const each = (f: (i: number) => number): number[] => Array.from({ length: count }, (_, i) => f(i));
  const [a, b, c] = datas as number[][];
  if (node.op === 'Where' && c !== undefined) return each((i) => (at(a, i) !== 0 ? at(b, i) : at(c, i)));
  if (Object.hasOwn(UNARY, node.op)) return each((i) => UNARY[node.op](at(a, i)));
  if (!Object.hasOwn(BINARY, node.op) || b === undefined) return undefined;
  const f = BINARY[node.op];
  const integers = node.op === 'Div' && whole(inputs[0]?.type);
  return each((i) => (integers ? Math.trunc(at(a, i) / at(b, i)) : f(at(a, i), at(b, i))));
}

/** A list of numbers as a value. */
export const list = (data: readonly number[], type: number): Value => ({
  type,
  shape: [data.length],
  ...(data.length <= MOST_DATA ? { data } : {}),
});
