import { elementwise, linear, norm } from './build.ts';
import { ffnOperators } from './ffn.ts';
import type { Attention, DecoderStack, LayerSpec } from './model.ts';
import type { Extent, Operator, Phase } from './operator.ts';
import type { WorkloadOptions } from './options.ts';

/** Operators of a decoder-only stack: one prefill pass over the prompt, then one token at a time. */
export function decoderOperators(stack: DecoderStack, options: WorkloadOptions): Operator[] {
  const operators: Operator[] = [];
  for (const layer of stack.layers) {
    operators.push(...layerOperators(layer, options, 'prefill'), ...layerOperators(layer, options, 'decode'));
  }
  const hidden = stack.layers[0].hidden;
  const width = stack.embeddingWidth ?? hidden;
  for (const phase of ['prefill', 'decode'] as const) {
    const repeat = phase === 'prefill' || options.publishedRepeats ? 1 : decodeSteps(options);
    const m = rowsOf(options, phase);
    operators.push(
      linear(
        { name: 'logits', group: 'output', phase, repeat, layers: 1, m, k: width, n: stack.vocabulary },
        options,
      ),
    );
    if (width !== hidden) {
      const shape = { group: 'projection', phase, repeat, layers: 1, m } as const;
      operators.push(
        linear({ ...shape, name: 'embedding-in', k: width, n: hidden }, options),
        linear({ ...shape, name: 'embedding-out', k: hidden, n: width }, options),
      );
    }
    if (options.norms) operators.push(norm(stack.layers[0].norm, 'final-norm', m, hidden, phase, repeat, 1));
  }
  return operators.filter((op) => op.repeat > 0 && (options.prefill > 0 || hasRows(op)));
}

/** False for the prompt's operators when there is no prompt. */
const hasRows = (op: Operator): boolean =>
  op.kind === 'gemm'
    ? op.m > 0
    : op.kind === 'nonlinear'
      ? op.rows > 0 && op.columns !== 0
      : (op.kind === 'transfer' ? op.bits : op.elements) > 0;

/** Decode steps of the whole inference: one a generated token of a sequence. */
const decodeSteps = ({ context, prefill }: WorkloadOptions): number => Math.max(0, context - prefill);

/** Rows of the activation matrix: all prompt tokens of the batch at once, or one token of each sequence. */
const rowsOf = ({ batch, prefill }: WorkloadOptions, phase: Phase): number =>
  phase === 'prefill' ? batch * prefill : batch;

function layerOperators(layer: LayerSpec, options: WorkloadOptions, phase: Phase): Operator[] {
  const m = rowsOf(options, phase);
  // Mugi artifact: 4096 decode steps of the linear layers for every context length.
  const repeat = phase === 'prefill' ? 1 : options.publishedRepeats ? 4096 : decodeSteps(options);
  const at = { phase, repeat, layers: layer.count };
  const operators: Operator[] = [];
  for (const attention of layer.attention) {
    operators.push(...attentionOperators(layer, attention, options, phase, repeat));
  }
  if (layer.ffn !== undefined) operators.push(...ffnOperators(layer.hidden, layer.ffn, m, at, options));
  if (options.norms) {
    for (let i = 0; i < layer.norms; i++) {
      operators.push(norm(layer.norm, `norm-${i + 1}`, m, layer.hidden, phase, repeat, layer.count));
    }
  }
  if (options.residuals) {
    const sums = layer.attention.length + (layer.ffn === undefined ? 0 : 1);
    operators.push(elementwise('residual', 'residual', sums * m * layer.hidden, { adds: 1 }, at));
  }
  return operators;
}

function attentionOperators(
  layer: LayerSpec,
  attention: Attention,
  options: WorkloadOptions,
  phase: Phase,
  repeat: number,
): Operator[] {
  const { batch, prefill, context } = options;
  const { heads, kvHeads, headDim, crossSequence } = attention;
  const at = { phase, repeat, layers: layer.count };
  const m = rowsOf(options, phase);
  const group = heads / kvHeads;
  const cross = crossSequence !== undefined;
  const prefix = cross ? 'cross-' : '';
  const operators: Operator[] = [
    linear(
      { name: `${prefix}q`, group: 'projection', ...at, m, k: layer.hidden, n: heads * headDim },
      options,
    ),
  ];
  // Keys and values of a cross-attention are made once per inference, from the whole encoder sequence.
  if (!cross || phase === 'prefill') {
    const rows = cross ? batch * crossSequence : m;
    for (const name of ['k', 'v']) {
      operators.push(
        linear(
          { name: prefix + name, group: 'projection', ...at, m: rows, k: layer.hidden, n: kvHeads * headDim },
          options,
        ),
      );
    }
    if (options.kvWrites) {
      const bits = 2 * rows * kvHeads * headDim * options.kvBits;
      operators.push({ kind: 'transfer', name: `${prefix}kv-write`, group: 'other', ...at, bits });
    }
    if (options.rope && layer.rope && !cross) {
      // x·cos + rotate(x)·sin: two multiplies and one add an element of q and k.
      const elements = m * (heads + kvHeads) * (attention.rotaryDim ?? headDim);
      operators.push(elementwise('rope', 'rope', elements, { multiplies: 2, adds: 1 }, at));
    }
  }
  if (options.norms && attention.qkNorm === true) {
    operators.push(
      norm(layer.norm, `${prefix}qk-norm`, m * (heads + kvHeads), headDim, phase, repeat, layer.count),
    );
  }
  const positions = phase === 'prefill' ? prefill : 1;
  const window = attention.window !== undefined && attention.window < prefill ? attention.window : undefined;
  for (const { keys, times } of keyExtents(attention, phase, prefill, context)) {
    const causal = options.causalPrefill && phase === 'prefill' && !cross && positions > 1;
    const shared = {
      kind: 'gemm',
      group: 'attention',
      phase,
      repeat: times,
      layers: layer.count,
      batch: batch * kvHeads,
      m: group * positions,
      operand: 'kv-cache',
      activationBits: options.activationBits,
      weightBits: options.kvBits,
      outputBits: options.activationBits,
    } as const;
    operators.push(
      {
        ...shared,
        name: `${prefix}q·kT`,
        k: headDim,
        n: keys,
        ...(causal
          ? { causal: { axis: 'n', rowsPerPosition: group, ...(window === undefined ? {} : { window }) } }
          : {}),
      },
      {
        ...shared,
        name: `${prefix}a·v`,
        k: keys,
        n: headDim,
        ...(causal
          ? { causal: { axis: 'k', rowsPerPosition: group, ...(window === undefined ? {} : { window }) } }
          : {}),
      },
      {
        kind: 'nonlinear',
        name: `${prefix}softmax`,
        group: 'nonlinear',
        function: 'softmax',
        phase,
        repeat: times,
        layers: layer.count,
        rows: batch * heads * positions,
        columns: keys,
        ...(causal ? { needed: causalShare(prefill, attention.window) } : {}),
      },
    );
  }
  operators.push(
    linear(
      { name: `${prefix}a`, group: 'projection', ...at, m, k: heads * headDim, n: layer.hidden },
      options,
    ),
  );
  return operators;
}

/**
 * How many keys the queries of a phase see, and how often. Decode sees one more key a step until a sliding
 * window is full, and the window from then on.
 */
function keyExtents(
  { window, crossSequence }: Attention,
  phase: Phase,
  prefill: number,
  context: number,
): { keys: Extent; times: number }[] {
  const decoded = Math.max(0, context - prefill);
  if (crossSequence !== undefined) return [{ keys: crossSequence, times: phase === 'prefill' ? 1 : decoded }];
  if (phase === 'prefill') return [{ keys: prefill, times: 1 }];
  if (decoded === 0) return [];
  const full = window === undefined ? context : Math.min(window, context);
  const growing = prefill + 1 <= full ? [{ keys: { from: prefill + 1, to: full }, times: 1 }] : [];
  const saturated = context - Math.max(full, prefill);
  return saturated > 0 ? [...growing, { keys: full, times: saturated }] : growing;
}

/** Share of a P × P score matrix that causality (and a sliding window) leaves: position p sees min(p+1, w) keys. */
function causalShare(positions: number, window = positions): number {
  const w = Math.min(window, positions);
  return ((w * (w + 1)) / 2 + (positions - w) * w) / (positions * positions);
}
