import { addElementwise, addNorm, addRope, cached, keeping, linear, nonlinear } from './build.ts';
import { ffnOperators } from './ffn.ts';
import type { EncoderLayerShape, EncoderStack, FixedGemm } from './model.ts';
import type { Operator } from './operator.ts';
import type { WorkloadOptions } from './options.ts';

/** An encoder has no decode: everything is one pass. */
const ONCE = { phase: 'prefill', repeat: 1 } as const;

/**
 * Operators of an encoder stack: `batch` inputs, each a whole sequence in one pass. Attention is not causal; with
 * windows (Swin) it is windows × heads small products of sequence × sequence. Keys and values stand on the weight
 * side of the array as a KV cache does, so that they have its bits, but nothing is kept and there is no cache write.
 * One part for each product around the layers, for each kind of layers, and for the last norm.
 */
export function encoderParts(stack: EncoderStack, options: WorkloadOptions): Operator[][] {
  const final: Operator[] = [];
  if (stack.finalNorm) {
    const last = stack.layers.at(-1)!;
    const rows = options.batch * tokensOf(last);
    addNorm(final, options, last.norm, 'final-norm', rows, last.hidden, { ...ONCE, layers: 1 });
  }
  return [
    ...stack.extra.map((gemm) => fixedGemmOperators(gemm, options, options.batch)),
    ...stack.layers.map((layer) => layerOperators(layer, options)),
    final,
  ];
}

/** Tokens of one input outside attention. */
const tokensOf = ({ tokens, windows, sequence }: EncoderLayerShape): number => tokens ?? windows * sequence;

/** The stack as it is used with this context: text encoders take as many tokens, up to their position table. */
export function encoderInUse(stack: EncoderStack, context: number): EncoderStack {
  if (stack.followsContext === undefined || context >= stack.sequence) return stack;
  return {
    ...stack,
    sequence: context,
    layers: stack.layers.map((layer) => ({ ...layer, sequence: context })),
    extra: stack.extra.map((gemm) => (gemm.perToken ? { ...gemm, m: context } : gemm)),
  };
}

/** Operators of a product of fixed shape; `batch` inputs lie behind one another on M. */
export function fixedGemmOperators(gemm: FixedGemm, options: WorkloadOptions, batch: number): Operator[] {
  const { name, group, k, n, activation, count = 1 } = gemm;
  const m = batch * gemm.m;
  const operators: Operator[] = [linear({ name, group, ...ONCE, layers: count, m, k, n }, options)];
  if (activation !== undefined) {
    operators.push(nonlinear(activation, `${name}-${activation}`, n, m, { ...ONCE, layers: 1 }));
  }
  if (gemm.norm !== undefined) {
    addNorm(operators, options, 'layernorm', `${name}-norm`, m, gemm.norm, { ...ONCE, layers: 1 });
  }
  return operators;
}

function layerOperators(layer: EncoderLayerShape, given: WorkloadOptions): Operator[] {
  const options = keeping(given, layer.formats);
  const { hidden, sequence, windows, count } = layer;
  const at = { ...ONCE, layers: count };
  const products = options.batch * windows;
  const rows = products * sequence;
  const tokens = options.batch * tokensOf(layer);
  const operators: Operator[] = [];
  for (const attention of layer.attention) {
    const { heads, kvHeads, headDim, window = sequence } = attention;
    // A window that looks both ways holds as many keys in the middle of a sequence, which is where most queries are.
    const keys = Math.min(window, sequence);
    const width = { q: heads, k: kvHeads, v: kvHeads };
    for (const name of ['q', 'k', 'v'] as const) {
      const shape = {
        name,
        group: 'projection',
        ...at,
        m: rows,
        k: hidden,
        n: width[name] * headDim,
      } as const;
      operators.push(linear(shape, options));
    }
    if (layer.rope) {
      const dim = attention.rotaryDim ?? headDim;
      addRope(operators, options, { tokens: rows, heads: heads + kvHeads, dim }, at);
    }
    if (attention.qkNorm === true) {
      addNorm(operators, options, layer.norm, 'qk-norm', rows * (heads + kvHeads), headDim, at);
    }
    const product = {
      ...at,
      batch: products * kvHeads,
      m: (heads / kvHeads) * sequence,
      causal: undefined,
    };
    operators.push(
      cached({ ...product, name: 'q·kT', operand: 'keys', k: headDim, n: keys }, options),
      cached({ ...product, name: 'a·v', operand: 'values', k: keys, n: headDim }, options),
      nonlinear('softmax', 'softmax', rows * heads, keys, at),
      linear({ name: 'a', group: 'projection', ...at, m: rows, k: heads * headDim, n: hidden }, options),
    );
  }
  if (layer.ffn !== undefined) operators.push(...ffnOperators(hidden, layer.ffn, tokens, at, options));
  for (let i = 0; i < layer.norms; i++) {
    addNorm(operators, options, layer.norm, `norm-${i + 1}`, tokens, hidden, at);
  }
  const sums = layer.attention.length + (layer.ffn === undefined ? 0 : 1);
  addElementwise(operators, options, 'residual', 'residual', sums * tokens * hidden, { adds: 1 }, at);
  return operators;
}
