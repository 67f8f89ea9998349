import { elementsOf, INT64, intOf, intsOf } from '../graph.ts';
import { axisOf, type Rule, type Value } from '../value.ts';

const reduce: Rule = (site) => {
  const { node, inputs } = site;
  const [x = {}] = inputs;
  const { shape } = x;
  if (shape === undefined) return [{ type: x.type }];
  const given = intsOf(node, 'axes') ?? inputs[1]?.data;
  if (given === undefined && inputs[1] !== undefined) return [{ type: x.type }];
  const nothing = given === undefined || given.length === 0;
  if (nothing && intOf(node, 'noop_with_empty_axes', 0) === 1) return [x];
  const axes = (nothing ? shape.map((_, i) => i) : given).map((axis) => axisOf(axis, shape.length));
  const kept = intOf(node, 'keepdims', 1) === 1;
  const out = shape.flatMap((size, i) => (axes.includes(i) ? (kept ? [1] : []) : [size]));
  const data = x.data !== undefined && out.every((size) => size === 1) ? folded(node.op, x.data) : undefined;
  return [{ type: x.type, shape: out, ...(data === undefined ? {} : { data: [data] }) }];
};

function folded(op: string, data: readonly number[]): number | undefined {
  if (op === 'ReduceProd') return elementsOf(data);
  if (op === 'ReduceSum') return data.reduce((sum, value) => sum + value, 0);
  if (op === 'ReduceMax') return Math.max(...data);
  return op === 'ReduceMin' ? Math.min(...data) : undefined;
}

const argument: Rule = ({ node, inputs: [x = {}] }) => {
  const axis = axisOf(intOf(node, 'axis', 0), x.shape?.length ?? 0);
  if (x.shape === undefined || axis === undefined) return [{ type: INT64 }];
  const kept = intOf(node, 'keepdims', 1) === 1;
  return [{ type: INT64, shape: x.shape.flatMap((size, i) => (i === axis ? (kept ? [1] : []) : [size])) }];
};

/** Pooling keeps batch and channels. */
const pool: Rule = ({ node, inputs: [x = {}] }) => {
  const kernel = intsOf(node, 'kernel_shape');
  if (x.shape === undefined || kernel === undefined || x.shape.length !== kernel.length + 2)
    return [{ type: x.type }];
  const space = kernel.length;
  const strides = intsOf(node, 'strides') ?? Array(space).fill(1);
  const dilations = intsOf(node, 'dilations') ?? Array(space).fill(1);
  const pads = intsOf(node, 'pads') ?? Array(2 * space).fill(0);
  const auto = node.attributes.get('auto_pad')?.text ?? 'NOTSET';
  const round = intOf(node, 'ceil_mode', 0) === 1 ? Math.ceil : Math.floor;
  const out = x.shape.slice(2).map((side, i) => {
    if (auto === 'SAME_UPPER' || auto === 'SAME_LOWER') return Math.ceil(side / strides[i]);
    const reach = dilations[i] * (kernel[i] - 1) + 1;
    return round((side + pads[i] + pads[i + space] - reach) / strides[i]) + 1;
  });
  const value: Value = out.every((side) => side >= 0)
    ? { type: x.type, shape: [x.shape[0], x.shape[1], ...out] }
    : { type: x.type };
  return [value, { ...value, type: INT64 }];
};

const globalPool: Rule = ({ inputs: [x = {}] }) => [
  { type: x.type, shape: x.shape?.map((size, i) => (i < 2 ? size : 1)) },
];

const pad: Rule = ({ node, inputs: [x = {}, amounts, , axes] }) => {
  const pads = intsOf(node, 'pads') ?? amounts?.data;
  if (x.shape === undefined || pads === undefined) return [{ type: x.type }];
  const over = axes?.data ?? x.shape.map((_, i) => i);
  const shape = [...x.shape];
  for (const [i, asked] of over.entries()) {
    const axis = axisOf(asked, shape.length);
    if (axis === undefined) return [{ type: x.type }];
    shape[axis] += (pads[i] ?? 0) + (pads[i + over.length] ?? 0);
  }
  return [{ type: x.type, shape: shape.every((size) => size >= 0) ? shape : undefined }];
};

const resize: Rule = ({ inputs }) => {
  const [x = {}] = inputs;
  if (x.shape === undefined) return [{ type: x.type }];
  // Upsample has its scales second, Resize third, and sizes fourth.
  const sizes = inputs[3]?.data;
  if (sizes?.length === x.shape.length) return [{ type: x.type, shape: sizes }];
  const scales = [inputs[2], inputs[1]].find((one) => one?.data?.length === x.shape!.length)?.data;
  return [{ type: x.type, shape: scales && x.shape.map((size, i) => Math.floor(size * scales[i])) }];
};

const topK: Rule = ({ node, inputs: [x = {}, k] }) => {
  const axis = axisOf(intOf(node, 'axis', -1), x.shape?.length ?? 0);
  const count = k?.data?.[0] ?? node.attributes.get('k')?.number;
  const shape =
    axis === undefined || count === undefined
      ? undefined
      : x.shape?.map((size, i) => (i === axis ? count : size));
  return [
    { type: x.type, shape },
    { type: INT64, shape },
  ];
};

/** Blocks of an image exchanged with channels. */
const space =
  (down: boolean): Rule =>
  ({ node, inputs: [x = {}] }) => {
    const block = intOf(node, 'blocksize', 1);
    if (x.shape?.length !== 4) return [{ type: x.type }];
    const [n, c, h, w] = x.shape;
    const shape = down
      ? [n, c * block * block, h / block, w / block]
      : [n, c / (block * block), h * block, w * block];
    return [{ type: x.type, shape: shape.every(Number.isInteger) ? shape : undefined }];
  };

const REDUCTIONS = 'Mean Sum Max Min Prod L1 L2 SumSquare LogSum LogSumExp'.split(' ');

export const REDUCE: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(REDUCTIONS.map((name) => [`Reduce${name}`, reduce])),
  ArgMax: argument,
  ArgMin: argument,
  MaxPool: pool,
  AveragePool: pool,
  LpPool: pool,
  QLinearAveragePool: pool,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
  QLinearGlobalAveragePool: globalPool,
  Pad: pad,
  Resize: resize,
  Upsample: resize,
  TopK: topK,
  SpaceToDepth: space(true),
  DepthToSpace: space(false),
};
