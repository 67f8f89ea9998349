import { BOOL } from '../graph.ts';
import { broadcast, type Rule, type Value } from '../value.ts';
import { computed } from './data.ts';

/** One output of the size and type of the first input. */
const SAME =
  'Abs Neg Reciprocal Sqrt Exp Log Erf Floor Ceil Round Sign Sin Cos Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh ' +
  'Relu LeakyRelu PRelu Elu Selu Celu ThresholdedRelu Sigmoid HardSigmoid HardSwish Swish Tanh Softplus Softsign Mish Gelu ' +
  'FastGelu BiasGelu QuickGelu Softmax LogSoftmax Hardmax LayerNormalization SimplifiedLayerNormalization RMSNormalization ' +
  'BatchNormalization InstanceNormalization GroupNormalization GroupNorm SkipLayerNormalization ' +
  'SkipSimplifiedLayerNormalization LpNormalization MeanVarianceNormalization LRN Clip Identity Dropout CumSum Trilu ' +
  'RotaryEmbedding ScatterElements ScatterND Scatter Not BitwiseNot Shrink ReverseSequence Bernoulli BiasAdd TensorScatter';

const BROADCAST =
  'Add Sub Mul Div Pow Mod Max Min Mean Sum BitShift BitwiseAnd BitwiseOr BitwiseXor QLinearAdd QLinearMul';
const COMPARE = 'Equal Less Greater LessOrEqual GreaterOrEqual And Or Xor';

const same: Rule = (site) => {
  const [first = {}] = site.inputs;
  const data = site.inputs.length === 1 ? computed(site, first.shape) : undefined;
  return [{ ...first, data: site.node.op === 'Identity' ? first.data : data }];
};

const pointwise: Rule = (site) => {
  const { inputs } = site;
  const shape = broadcast(inputs.map((input) => input?.shape));
  const type = inputs.find((input) => input?.type !== undefined)?.type;
  return [{ type, shape, data: computed(site, shape) }];
};

const compare: Rule = (site) => [{ ...pointwise(site)[0], type: BOOL }];

const where: Rule = (site) => {
  const [, yes = {}, no = {}] = site.inputs;
  const shape = broadcast(site.inputs.map((input) => input?.shape));
  return [{ type: yes.type ?? no.type, shape, data: computed(site, shape) }];
};

/** a, its scale and zero point, b, its scale and zero point. */
const quantised: Rule = ({ inputs }) => [
  { type: inputs[0]?.type, shape: broadcast([inputs[0]?.shape, inputs[3]?.shape]) },
];

const cast: Rule = ({ node, inputs: [first = {}] }) => {
  const type = node.attributes.get('to')?.number;
  const integer = type === 6 || type === 7;
  const data = integer ? first.data?.map(Math.trunc) : first.data;
  return [{ shape: first.shape, type, ...(data === undefined ? {} : { data }) }];
};

const quantise: Rule = ({ inputs: [first = {}, , zero] }) => [{ shape: first.shape, type: zero?.type ?? 2 }];
const dequantise: Rule = ({ inputs: [first = {}, scale] }) => [
  { shape: first.shape, type: scale?.type ?? 1 },
];
const dynamicQuantise: Rule = ({ inputs: [first = {}] }) => [
  { shape: first.shape, type: 2 },
  { shape: [], type: 1 },
  { shape: [], type: 2 },
];

/** The sum in front of a norm is handed on as the fourth output. */
const skipNorm: Rule = ({ inputs: [first = {}] }) => {
  const value: Value = { shape: first.shape, type: first.type };
  return [value, {}, {}, value];
};

const rules = (names: string, rule: Rule): [string, Rule][] => names.split(' ').map((name) => [name, rule]);

export const ELEMENTWISE: Readonly<Record<string, Rule>> = Object.fromEntries([
  ...rules(SAME, same),
  ...rules(BROADCAST, pointwise),
  ...rules(COMPARE, compare),
  ...rules('QLinearAdd QLinearMul', quantised),
  ...rules('SkipLayerNormalization SkipSimplifiedLayerNormalization', skipNorm),
  ['Where', where],
  ['Cast', cast],
  ['CastLike', ({ inputs: [first = {}, like = {}] }) => [{ shape: first.shape, type: like.type }]],
  ['QuantizeLinear', quantise],
  ['DequantizeLinear', dequantise],
  ['DynamicQuantizeLinear', dynamicQuantise],
  ['IsNaN', ({ inputs: [first = {}] }) => [{ shape: first.shape, type: BOOL }]],
  ['IsInf', ({ inputs: [first = {}] }) => [{ shape: first.shape, type: BOOL }]],
] satisfies [string, Rule][]);
