import { MugiError, unknownName, wholeNumber } from '../errors.ts';
import { BITS, elementsOf, type Graph, type GraphNode, MOST_ELEMENTS, type ValueInfo } from './graph.ts';
import { ELEMENTWISE } from './shapes/elementwise.ts';
import { PRODUCTS } from './shapes/products.ts';
import { REDUCE } from './shapes/reduce.ts';
import { STRUCTURE } from './shapes/structure.ts';
import type { Rule, Value } from './value.ts';

const RULES: Readonly<Record<string, Rule>> = { ...ELEMENTWISE, ...PRODUCTS, ...REDUCE, ...STRUCTURE };

/** Sizes that a graph leaves open, by their names in the file. */
export type Dims = Readonly<Record<string, number>>;

/** The largest size that an open dimension may be given. */
const MOST = 2 ** 31 - 1;

/**
 * What is known of every value of a graph: as the file says it, and propagated through the nodes where it does not.
 * @throws MugiError that names the open sizes of the inputs which `dims` does not give, and names in `dims` that no input has
 */
export function inferred(graph: Graph, dims: Dims, path: string): Map<string, Value> {
  const inputs = graph.inputs.filter(({ name }) => !graph.initializers.has(name));
  const given = bound(inputs, dims, path);
  const values = new Map<string, Value>();
  for (const [name, { type, dims: shape, data }] of graph.initializers)
    values.set(name, { type, shape, data });
  for (const { name, type, dims: sizes } of inputs) {
    values.set(name, { type, shape: sizes?.map((size, axis) => sizeOf(size, `${name}.${axis}`, given)!) });
  }
  // Names between nodes are taken where they say every size; exporters also invent names there.
  const said = new Map([...graph.values, ...graph.outputs].map((value) => [value.name, value]));
  for (const node of ordered(graph, values)) {
    const made = outputsOf(node, values);
    node.outputs.forEach((name, i) => {
      if (name !== '') values.set(name, agreed(made[i] ?? {}, said.get(name), given));
    });
  }
  return values;
}

function agreed(made: Value, said: ValueInfo | undefined, given: Dims): Value {
  const sizes = said?.dims?.map((size) => sizeOf(size, '', given));
  const known = sizes?.every((size) => size !== undefined) === true ? (sizes as number[]) : undefined;
  const value = { ...made, type: said?.type ?? made.type, shape: made.shape ?? known };
  return value.shape !== undefined && fits(value.shape) ? value : { type: value.type };
}

const fits = (shape: readonly number[]): boolean =>
  shape.every((size) => Number.isInteger(size) && size >= 0) && elementsOf(shape) <= MOST_ELEMENTS;

function outputsOf(node: GraphNode, values: ReadonlyMap<string, Value>): readonly Value[] {
  if (!Object.hasOwn(RULES, node.op)) return [];
  const inputs = node.inputs.map((name) => (name === '' ? undefined : (values.get(name) ?? {})));
  return RULES[node.op]({ node, inputs });
}

/** A size of an input: itself, by its name, by input and axis, or a sum or product of names ("past + 1"). */
function sizeOf(size: number | string, place: string, given: Dims): number | undefined {
  if (typeof size === 'number') return size;
  const name = size === '' ? place : size;
  if (Object.hasOwn(given, name)) return given[name];
  const sum = name.split('+').map((term) =>
    term.split('*').reduce((product, factor) => {
      const word = factor.trim();
      return (
        product *
        (/^\d{1,9}$/.test(word) ? Number(word) : Object.hasOwn(given, word) ? given[word] : Number.NaN)
      );
    }, 1),
  );
  const value = sum.reduce((a, b) => a + b, 0);
  return Number.isInteger(value) && value <= MOST ? value : undefined;
}

/** Checks `dims` against the open sizes of the inputs. */
function bound(inputs: readonly ValueInfo[], dims: Dims, path: string): Dims {
  const open = new Map<string, string>();
  for (const { name, dims: sizes = [] } of inputs) {
    sizes.forEach((size, axis) => {
      if (typeof size !== 'string') return;
      const key = size === '' ? `${name}.${axis}` : size;
      if (!open.has(key)) open.set(key, `${name}, axis ${axis}`);
    });
  }
  const words = new Set([...open.keys()].flatMap((name) => [name, ...wordsOf(name)]));
  for (const [name, value] of Object.entries(dims)) {
    if (!words.has(name)) throw unknownName('open size of the ONNX model', name, [...open.keys()], 'dims');
    wholeNumber(`dims: ${name}`, value, 0, MOST, 'dims');
  }
  const missing = [...open].filter(([name]) => sizeOf(name, name, dims) === undefined);
  if (missing.length === 0) return dims;
  const places = missing.map(([name, place]) => `${name} (${place})`).slice(0, 12);
  const wanted = new Set(
    missing.flatMap(([name]) => wordsOf(name)).filter((word) => !Object.hasOwn(dims, word)),
  );
  throw new MugiError({
    code: 'invalid-value',
    message: `${path} leaves sizes open: ${places.join(', ')}`,
    path: 'dims',
    expected: `a whole number for each: ${[...wanted]
      .slice(0, 12)
      .map((name) => `${name}=1`)
      .join(',')}`,
    received: Object.keys(dims).length === 0 ? 'nothing' : Object.keys(dims).join(', '),
  });
}

/** The names in a size such as "past + 1". */
const wordsOf = (name: string): string[] =>
  name
    .split(/[+*]/)
    .map((word) => word.trim())
    .filter((word) => word !== '' && !/^\d+$/.test(word));

/** Nodes behind what they use. The format asks for that order; some files have another. */
export function ordered(graph: Graph, known: ReadonlyMap<string, unknown>): GraphNode[] {
  const makers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const state = new Map<GraphNode, 'open' | 'done'>();
  const result: GraphNode[] = [];
  for (const start of graph.nodes) {
    const stack = [start];
    while (stack.length > 0) {
      const node = stack[stack.length - 1];
      if (state.get(node) === 'done') {
        stack.pop();
        continue;
      }
      const waiting =
        state.get(node) === 'open'
          ? []
          : node.inputs.flatMap((name) => {
              const maker = known.has(name) ? undefined : makers.get(name);
              return maker !== undefined && !state.has(maker) ? [maker] : [];
            });
      state.set(node, waiting.length === 0 ? 'done' : 'open');
      if (waiting.length === 0) {
        stack.pop();
        result.push(node);
      } else stack.push(...waiting);
    }
  }
  return result;
}

/** Bits of an element of a type; 32 where the file does not say. */
export const bitsOf = (type: number | undefined): number => BITS[type ?? 1] ?? 32;
