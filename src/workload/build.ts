import type { ElementwiseOperator, Extent, GemmOperator, NonlinearOperator, Operator } from './operator.ts';
import type { Format, Formats } from './model.ts';
import type { WorkloadOptions } from './options.ts';

/** When an operator runs, and how often. */
export type At = Pick<Operator, 'phase' | 'repeat' | 'layers'>;

type Linear = Omit<
  GemmOperator,
  'kind' | 'operand' | 'activationBits' | 'weightBits' | 'scaleBits' | 'outputBits' | 'batch'
> & { batch?: number };

/** The options with which a layer's (or a stack's) matrices keep the formats of the file. */
export const keeping = (options: WorkloadOptions, formats: Formats | undefined): WorkloadOptions =>
  formats === undefined || options.oneWidth === true ? options : { ...options, formats };

/*
 * Operators are written out here, key by key, so that all of one kind share an object layout: evaluation visits many.
 */

/** A product with trained weights, in the format that its matrix is stored in. */
export function linear(
  shape: Linear,
  options: WorkloadOptions,
  // Experts with fewer tokens than the others have the same matrices.
  format: Format | undefined = options.formats?.[shape.name.replace('-low-', '-')],
): GemmOperator {
  const own = shape.group === 'output' ? options.headBits : undefined;
  return {
    kind: 'gemm',
    name: shape.name,
    group: shape.group,
    phase: shape.phase,
    repeat: shape.repeat,
    layers: shape.layers,
    batch: shape.batch ?? 1,
    m: shape.m,
    k: shape.k,
    n: shape.n,
    operand: 'weights',
    activationBits: options.activationBits,
    weightBits: own ?? format?.bits ?? options.weightBits,
    scaleBits: own === undefined ? (format?.scaleBits ?? 0) : 0,
    outputBits: options.activationBits,
    causal: undefined,
  };
}

/** A product of activations with keys or values of the cache. */
export function cached(
  shape: Omit<Linear, 'group' | 'causal'> & Pick<GemmOperator, 'causal'> & { operand: 'keys' | 'values' },
  options: WorkloadOptions,
): GemmOperator {
  return {
    kind: 'gemm',
    name: shape.name,
    group: 'attention',
    phase: shape.phase,
    repeat: shape.repeat,
    layers: shape.layers,
    batch: shape.batch ?? 1,
    m: shape.m,
    k: shape.k,
    n: shape.n,
    operand: shape.operand,
    activationBits: options.activationBits,
    weightBits: options.kvBits,
    scaleBits: 0,
    outputBits: options.activationBits,
    causal: shape.causal,
  };
}

/** A nonlinear function; `needed` is the share of its rectangle that causality leaves. */
export function nonlinear(
  fn: NonlinearOperator['function'],
  name: string,
  rows: number,
  columns: Extent,
  at: At,
  needed?: number,
): NonlinearOperator {
  return {
    kind: 'nonlinear',
    name,
    group: 'nonlinear',
    function: fn,
    phase: at.phase,
    repeat: at.repeat,
    layers: at.layers,
    rows,
    columns,
    needed,
  };
}

/** Adds keys and values that are written to the cache, unless transfers are left out. */
export function addTransfer(
  operators: Operator[],
  { omits, kvBits }: WorkloadOptions,
  name: string,
  { elements, vectors }: { elements: number; vectors: number },
  at: At,
): void {
  if (omits?.includes('transfer') === true) return;
  operators.push({
    kind: 'transfer',
    name,
    group: 'other',
    phase: at.phase,
    repeat: at.repeat,
    layers: at.layers,
    bits: elements * kvBits,
    // BF16 needs no scale.
    ...(kvBits < 16 ? { vectors } : {}),
  });
}

/** Operations an element of a norm: square and sum, scale by the reciprocal root, weight; LayerNorm centres first. */
export const NORM_PASSES = {
  rmsnorm: { multiplies: 3, adds: 1 },
  layernorm: { multiplies: 3, adds: 4 },
} as const;

/** Operations an element of a rotary embedding: x·cos + rotate(x)·sin. */
export const ROPE_PASSES = { multiplies: 2, adds: 1 } as const;

/** Adds a norm over `rows` vectors. */
export const addNorm = (
  operators: Operator[],
  options: WorkloadOptions,
  kind: 'rmsnorm' | 'layernorm',
  name: string,
  rows: number,
  hidden: number,
  at: At,
): void => addElementwise(operators, options, kind, name, rows * hidden, NORM_PASSES[kind], at, rows);

/** Adds a rotary embedding of so many heads and tokens. */
export const addRope = (
  operators: Operator[],
  options: WorkloadOptions,
  { tokens, heads, dim }: { tokens: number; heads: number; dim: number },
  at: At,
): void =>
  addElementwise(
    operators,
    options,
    'rope',
    'rope',
    tokens * heads * dim,
    ROPE_PASSES,
    at,
    0,
    (tokens * dim) / 2,
  );

/** Adds element-wise work, unless its kind is left out; `passes` are operations an element. */
export function addElementwise(
  operators: Operator[],
  { omits }: WorkloadOptions,
  kind: ElementwiseOperator['function'],
  name: string,
  elements: number,
  passes: { multiplies?: number; adds?: number },
  at: At,
  divides = 0,
  angles = 0,
): void {
  if (omits?.includes(kind) === true) return;
  operators.push({
    kind: 'elementwise',
    name,
    group: 'other',
    function: kind,
    phase: at.phase,
    repeat: at.repeat,
    layers: at.layers,
    elements,
    multiplies: elements * (passes.multiplies ?? 0),
    adds: elements * (passes.adds ?? 0),
    divides,
    angles,
  });
}
