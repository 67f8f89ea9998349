import { elementsOf, INT64, intOf, intsOf } from '../graph.ts';
import { axisOf, broadcast, type Rule } from '../value.ts';
import { list } from './data.ts';

/** Reads a list that older versions have as an attribute and newer ones as an input. */
const listed = (site: Parameters<Rule>[0], name: string, input: number): readonly number[] | undefined =>
  intsOf(site.node, name) ?? site.inputs[input]?.data;

const reshape: Rule = (site) => {
  const [x = {}] = site.inputs;
  const asked = listed(site, 'shape', 1);
  if (asked === undefined) return [{ type: x.type }];
  const keepZero = intOf(site.node, 'allowzero', 0) === 1;
  const shape = asked.map((size, i) => (size === 0 && !keepZero ? (x.shape?.[i] ?? -2) : size));
  const open = shape.indexOf(-1);
  if (open >= 0) {
    if (x.shape === undefined) return [{ type: x.type }];
    shape[open] = elementsOf(x.shape) / elementsOf(shape.filter((_, i) => i !== open));
  }
  if (shape.some((size) => !(Number.isInteger(size) && size >= 0))) return [{ type: x.type }];
  // Sizes that do not hold the elements are no reshaping: leave them unknown.
  if (x.shape !== undefined && elementsOf(x.shape) !== elementsOf(shape)) return [{ type: x.type }];
  return [{ type: x.type, shape, ...(x.data === undefined ? {} : { data: x.data }) }];
};

const flatten: Rule = ({ node, inputs: [x = {}] }) => {
  if (x.shape === undefined) return [{ type: x.type }];
  const asked = intOf(node, 'axis', 1);
  const axis = asked < 0 ? asked + x.shape.length : asked;
  return [{ type: x.type, shape: [elementsOf(x.shape.slice(0, axis)), elementsOf(x.shape.slice(axis))] }];
};

const transpose: Rule = ({ node, inputs: [x = {}] }) => {
  const { shape } = x;
  if (shape === undefined) return [{ type: x.type }];
  const order = intsOf(node, 'perm') ?? shape.map((_, i) => shape.length - 1 - i);
  const sizes = order.map((axis) => shape[axis]);
  return [{ type: x.type, shape: sizes.includes(undefined as never) ? undefined : sizes }];
};

const concat: Rule = ({ node, inputs }) => {
  const shapes = inputs.map((input) => input?.shape);
  const [first] = shapes;
  const type = inputs.find((input) => input?.type !== undefined)?.type;
  if (first === undefined || shapes.some((shape) => shape?.length !== first.length)) return [{ type }];
  const axis = axisOf(intOf(node, 'axis', 0), first.length);
  if (axis === undefined) return [{ type }];
  const shape = first.map((size, i) =>
    i === axis ? shapes.reduce((sum, one) => sum + one![axis], 0) : size,
  );
  const datas = inputs.map((input) => input?.data);
  const data = shape.length === 1 && datas.every((one) => one !== undefined) ? datas.flat() : undefined;
  return [{ type, shape, ...(data === undefined ? {} : { data: data as number[] }) }];
};

const split: Rule = (site) => {
  const { node, inputs } = site;
  const [x = {}] = inputs;
  const axis = axisOf(intOf(node, 'axis', 0), x.shape?.length ?? 0);
  if (x.shape === undefined || axis === undefined) return node.outputs.map(() => ({ type: x.type }));
  const parts = intOf(node, 'num_outputs', node.outputs.length);
  const each = Math.ceil(x.shape[axis] / parts);
  const sizes =
    listed(site, 'split', 1) ?? node.outputs.map((_, i) => Math.min(each, x.shape![axis] - i * each));
  return node.outputs.map((_, i) => ({
    type: x.type,
    shape: sizes[i] >= 0 ? x.shape!.map((size, at) => (at === axis ? sizes[i] : size)) : undefined,
  }));
};

const slice: Rule = (site) => {
  const [x = {}] = site.inputs;
  const starts = listed(site, 'starts', 1);
  const ends = listed(site, 'ends', 2);
  if (x.shape === undefined || starts === undefined || ends === undefined) return [{ type: x.type }];
  const axes = listed(site, 'axes', 3) ?? starts.map((_, i) => i);
  const steps = site.inputs[4]?.data ?? starts.map(() => 1);
  const shape = [...x.shape];
  let data = x.data;
  for (const [i, asked] of axes.entries()) {
    const axis = axisOf(asked, shape.length);
    const step = steps[i] ?? 1;
    if (axis === undefined || step === 0) return [{ type: x.type }];
    const size = shape[axis];
    const clamp = (at: number, low: number, high: number): number =>
      Math.min(high, Math.max(low, at < 0 ? at + size : at));
    const from = step > 0 ? clamp(starts[i], 0, size) : clamp(starts[i], 0, size - 1);
    const to = step > 0 ? clamp(ends[i], 0, size) : clamp(ends[i], -1, size - 1);
    shape[axis] = Math.max(0, Math.ceil((to - from) / step));
    data =
      shape.length === 1
        ? data && Array.from({ length: shape[axis] }, (_, at) => data![from + at * step])
        : undefined;
  }
  return [{ type: x.type, shape, ...(data === undefined ? {} : { data }) }];
};

const gather: Rule = ({ node, inputs: [x = {}, index = {}] }) => {
  if (x.shape === undefined || index.shape === undefined) return [{ type: x.type }];
  const axis = axisOf(intOf(node, 'axis', 0), x.shape.length);
  if (axis === undefined) return [{ type: x.type }];
  const shape = [...x.shape.slice(0, axis), ...index.shape, ...x.shape.slice(axis + 1)];
  const source = x.shape.length === 1 ? x.data : undefined;
  const data = index.data?.map((at) => source?.at(at));
  if (data === undefined || data.includes(undefined)) return [{ type: x.type, shape }];
  return [{ type: x.type, shape, data: data as number[] }];
};

const gatherNd: Rule = ({ node, inputs: [x = {}, index = {}] }) => {
  const deep = index.shape?.at(-1);
  if (x.shape === undefined || deep === undefined) return [{ type: x.type }];
  const batch = intOf(node, 'batch_dims', 0);
  return [{ type: x.type, shape: [...index.shape!.slice(0, -1), ...x.shape.slice(batch + deep)] }];
};

const unsqueeze: Rule = (site) => {
  const [x = {}] = site.inputs;
  const axes = listed(site, 'axes', 1);
  if (x.shape === undefined || axes === undefined) return [{ type: x.type }];
  const shape = [...x.shape];
  const rank = shape.length + axes.length;
  for (const axis of axes.map((one) => (one < 0 ? one + rank : one)).sort((a, b) => a - b))
    shape.splice(axis, 0, 1);
  return [{ ...x, shape }];
};

const squeeze: Rule = (site) => {
  const [x = {}] = site.inputs;
  const { shape } = x;
  if (shape === undefined) return [{ type: x.type }];
  const axes = listed(site, 'axes', 1)?.map((one) => (one < 0 ? one + shape.length : one));
  return [{ ...x, shape: shape.filter((size, i) => (axes === undefined ? size !== 1 : !axes.includes(i))) }];
};

const expand: Rule = (site) => {
  const [x = {}, asked] = site.inputs;
  const shape = asked?.data === undefined ? undefined : broadcast([x.shape, asked.data]);
  const data =
    x.data?.length === 1 && shape?.length === 1 && shape[0] <= 1024
      ? Array(shape[0]).fill(x.data[0])
      : undefined;
  return [{ type: x.type, shape, ...(data === undefined ? {} : { data }) }];
};

const shapeOf: Rule = ({ node, inputs: [x = {}] }) =>
  x.shape === undefined
    ? [{ type: INT64 }]
    : [list(x.shape.slice(intOf(node, 'start', 0), node.attributes.get('end')?.number), INT64)];

const constant: Rule = ({ node }) => {
  const at = (name: string) => node.attributes.get(name);
  const tensor = at('value')?.tensor;
  if (tensor !== undefined) return [{ type: tensor.type, shape: tensor.dims, data: tensor.data }];
  const single = at('value_int')?.number ?? at('value_float')?.number;
  const type = at('value_int') === undefined && at('value_ints') === undefined ? 1 : INT64;
  if (single !== undefined) return [{ type, shape: [], data: [single] }];
  const many = at('value_ints')?.numbers ?? at('value_floats')?.numbers;
  return many === undefined ? [{}] : [list(many, type)];
};

const constantOfShape: Rule = ({ node, inputs: [shape = {}] }) => {
  const value = node.attributes.get('value')?.tensor;
  const type = value?.type ?? 1;
  if (shape.data === undefined) return [{ type }];
  const count = elementsOf(shape.data);
  const data = count <= 1024 ? Array<number>(count).fill(value?.data?.[0] ?? 0) : undefined;
  return [{ type, shape: shape.data, data }];
};

const range: Rule = ({ inputs: [start, limit, delta] }) => {
  const [from, to, step] = [start?.data?.[0], limit?.data?.[0], delta?.data?.[0]];
  if (from === undefined || to === undefined || step === undefined || step === 0)
    return [{ type: start?.type }];
  const count = Math.max(0, Math.ceil((to - from) / step));
  if (!(count < 2 ** 31)) return [{ type: start?.type }];
  const data = count <= 1024 ? Array.from({ length: count }, (_, i) => from + i * step) : undefined;
  return [{ type: start?.type, shape: [count], data }];
};

const tile: Rule = ({ inputs: [x = {}, repeats] }) => [
  {
    type: x.type,
    shape:
      repeats?.data === undefined ? undefined : x.shape?.map((size, i) => size * (repeats.data![i] ?? 1)),
  },
];

export const STRUCTURE: Readonly<Record<string, Rule>> = {
  Reshape: reshape,
  Flatten: flatten,
  Transpose: transpose,
  Concat: concat,
  Split: split,
  Slice: slice,
  Gather: gather,
  GatherElements: ({ inputs: [x = {}, index = {}] }) => [{ type: x.type, shape: index.shape }],
  GatherND: gatherNd,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  Expand: expand,
  Shape: shapeOf,
  Size: ({ inputs: [x = {}] }) => [
    { type: INT64, shape: [], ...(x.shape === undefined ? {} : { data: [elementsOf(x.shape)] }) },
  ],
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Range: range,
  Tile: tile,
};
