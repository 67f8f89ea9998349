/**
 * What must be computed, apart from any hardware: the operators of one inference. Sizes follow the field's
 * GEMM names: activations [M, K] times weights or KV cache [K, N] give outputs [M, N].
 */

export type Phase = 'prefill' | 'decode';

/** The stacks of the paper's breakdowns (Mugi Fig. 15, 16), and what the paper leaves out. */
export const GROUPS = ['projection', 'attention', 'ffn', 'nonlinear', 'output', 'other'] as const;
export type Group = (typeof GROUPS)[number];

/** One value a group. */
export const byGroup = <T>(make: (group: Group) => T): Record<Group, T> =>
  Object.fromEntries(GROUPS.map((group) => [group, make(group)])) as Record<Group, T>;

/** Every whole number in [from, to], one a decode position: the context length grows as tokens are made. */
export interface Span {
  from: number;
  to: number;
}

/** A size that is fixed, or that takes each value of a span in turn. */
export type Extent = number | Span;

interface Common {
  name: string;
  group: Group;
  phase: Phase;
  /** Executions of the operator in one layer (each over its whole span, where it has one). */
  repeat: number;
  /** Layers that hold the operator; 1 for the output head. */
  layers: number;
}

export interface GemmOperator extends Common {
  kind: 'gemm';
  /** Independent products of the same shape: batch × KV heads in attention, experts in MoE, else 1. */
  batch: number;
  m: number;
  /** At most one of k and n is a span. */
  k: Extent;
  n: Extent;
  /** What stands on the weight side: trained weights, or of the KV cache keys (tokens on N) or values (tokens on K). */
  operand: 'weights' | 'keys' | 'values';
  activationBits: number;
  weightBits: number;
  /** Bits of scales and zero points that cross the chip's edge with each weight; none when absent. */
  scaleBits?: number;
  outputBits: number;
  /**
   * Query positions in one product when it is causal (prefill attention): `rowsPerPosition` rows of M for each
   * position, of which position p needs keys 0…p only, and the last `window` of them where there is a sliding
   * window. Absent: the whole rectangle is computed.
   */
  causal?: { axis: 'k' | 'n'; rowsPerPosition: number; window?: number } | undefined;
}

/** A product of trained weights by itself, as arrays are run and measured on: BF16 activations, INT4 weights. */
export const oneProduct = (
  sizes: Pick<GemmOperator, 'm' | 'k' | 'n'> & Partial<GemmOperator>,
): GemmOperator => ({
  kind: 'gemm',
  name: 'product',
  group: 'projection',
  phase: 'decode',
  repeat: 1,
  layers: 1,
  batch: 1,
  operand: 'weights',
  activationBits: 16,
  weightBits: 4,
  outputBits: 16,
  ...sizes,
});

const NONLINEAR_FUNCTIONS = ['softmax', 'silu', 'gelu', 'relu'] as const;
export type NonlinearName = (typeof NONLINEAR_FUNCTIONS)[number];

/** `rows` × `columns` elements. Softmax normalises along the columns; activations have no such direction. */
export interface NonlinearOperator extends Common {
  kind: 'nonlinear';
  group: 'nonlinear';
  function: NonlinearName;
  rows: number;
  columns: Extent;
  /** Share of the rectangle that is really needed, below 1 for causal prefill. */
  needed?: number | undefined;
}

/**
 * Element-wise work that the published model leaves out: norms, rotary embedding, residual sums, gate products; the
 * weighted sum of experts (`combine`); depthwise convolutions and state updates of recurrent layers. Counts are per execution, over the whole tensor.
 */
export interface ElementwiseOperator extends Common {
  kind: 'elementwise';
  function: 'rmsnorm' | 'layernorm' | 'rope' | 'residual' | 'gate' | 'combine' | 'convolution' | 'recurrence';
  elements: number;
  multiplies: number;
  adds: number;
  /** Reciprocals or reciprocal roots: one a row of a norm. */
  divides: number;
  /** Angles of a rotary embedding: each has a sine and a cosine, of a table made before unless VLP looks them up. */
  angles: number;
}

/** The softmax over the experts of a router, which a switch of VLP may move to the vector unit. */
export const ROUTER_SOFTMAX = 'router-softmax';

/** The activation behind a layer's convolution, which some of its projections read. */
export const CONVOLVED = 'convolution-silu';

/** Data moved off-chip without arithmetic: keys and values appended to the cache. */
export interface TransferOperator extends Common {
  kind: 'transfer';
  bits: number;
  /** Keys and values among them, each of a token and head, that a design may store with a scale. */
  vectors?: number;
}

export type Operator = GemmOperator | NonlinearOperator | ElementwiseOperator | TransferOperator;

/** Kinds of operators that a workload may leave out: element-wise functions, and transfers. */
export type Omissible = ElementwiseOperator['function'] | TransferOperator['kind'];

/** Operators of one inference with what they are for. Plain data; the same for every design. */
export interface Workload {
  model: string;
  batch: number;
  /** Final context length in tokens, prefill included (the sequence length of an encoder). */
  context: number;
  /** Tokens processed in one pass before decoding; equal to `context` when nothing is decoded. */
  prefill: number;
  /** Tokens that the inference handles, prompt included: batch × context, as the paper counts (Table 3). */
  tokens: number;
  operators: readonly Operator[];
  /**
   * Operators of each part of the model in turn: of a kind of layers, of a product around the layers. `blocksOf` says
   * what the parts are.
   */
  parts: readonly number[];
  /** What a reader must know about how the model was turned into operators. */
  notes: string[];
  /** The operators are a list of plain products, of a SCALE-Sim topology. */
  topology?: true;
}

export const isSpan = (extent: Extent): extent is Span => typeof extent !== 'number';

/** How many values the extent takes: 1 when it is fixed. */
export const steps = (extent: Extent): number =>
  isSpan(extent) ? Math.max(0, extent.to - extent.from + 1) : 1;

/** The sum of the values: the size itself when it is fixed. */
export const total = (extent: Extent): number =>
  isSpan(extent) ? (steps(extent) * (extent.from + extent.to)) / 2 : extent;

/** Multiply-accumulates of one execution, over its whole span, as a dense rectangle. */
export function macs(op: GemmOperator): number {
  const fixed = (isSpan(op.k) ? 1 : op.k) * (isSpan(op.n) ? 1 : op.n);
  const varying = isSpan(op.k) ? total(op.k) : isSpan(op.n) ? total(op.n) : 1;
  return op.batch * op.m * fixed * varying;
}

/**
 * Multiply-accumulates of a whole inference, as dense rectangles (causality skips some of them): of all products,
 * and of the convolutions and state updates of recurrent layers. Norms, rotations and other element-wise work are
 * not among them.
 */
export const macsOf = ({ operators }: Pick<Workload, 'operators'>): number =>
  operators.reduce((sum, op) => {
    if (op.kind === 'gemm') return sum + macs(op) * op.repeat * op.layers;
    const recurrent =
      op.kind === 'elementwise' && (op.function === 'recurrence' || op.function === 'convolution');
    return recurrent ? sum + Math.min(op.multiplies, op.adds) * op.repeat * op.layers : sum;
  }, 0);
