import { addElementwise, addNorm, addRope, addTransfer, keeping, linear } from './build.ts';
import { ffnOperators } from './ffn.ts';
import { gateOperators, indexOperators } from './attention-extras.ts';
import { latentOperators } from './latent.ts';
import { headMatrix } from './matrices.ts';
import type { Attention, DecoderStack, LayerSpec } from './model.ts';
import type { Operator, Phase } from './operator.ts';
import type { WorkloadOptions } from './options.ts';
import { recurrenceOperators } from './recurrence.ts';
import { scoreOperators } from './scores.ts';

/**
 * Operators of a decoder-only stack: one prefill pass over the prompt, then one token at a time. One part for each kind
 * of layers, and one for what stands around them.
 */
export function decoderParts(stack: DecoderStack, options: WorkloadOptions): Operator[][] {
  const layers = stack.layers.map((layer) => [
    ...layerOperators(layer, options, 'prefill'),
    ...layerOperators(layer, options, 'decode'),
  ]);
  const operators: Operator[] = [];
  const hidden = stack.layers[0].hidden;
  const width = stack.embeddingWidth ?? hidden;
  for (const phase of ['prefill', 'decode'] as const) {
    const repeat = phase === 'prefill' ? 1 : decodeSteps(options);
    const m = rowsOf(options, phase);
    const head = headMatrix(stack);
    if (head !== undefined) {
      // A model that writes no text needs the last position alone, unless it labels every one.
      const rows =
        stack.head === undefined || stack.head.everyPosition === true ? m : Math.min(m, options.batch);
      const { name, k, n } = head;
      operators.push(
        linear(
          { name, group: 'output', phase, repeat, layers: 1, m: rows, k, n },
          keeping(options, stack.formats),
        ),
      );
    }
    if (width !== hidden) {
      const shape = { group: 'projection', phase, repeat, layers: 1, m } as const;
      operators.push(
        linear({ ...shape, name: 'embedding-in', k: width, n: hidden }, options),
        linear({ ...shape, name: 'embedding-out', k: hidden, n: width }, options),
      );
    }
    addNorm(operators, options, stack.layers[0].norm, 'final-norm', m, hidden, { phase, repeat, layers: 1 });
  }
  const parts = [...layers, operators];
  return options.prefill > 0 ? parts : parts.map((part) => part.filter(hasRows));
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

function layerOperators(layer: LayerSpec, given: WorkloadOptions, phase: Phase): Operator[] {
  const options = keeping(given, layer.formats);
  const m = rowsOf(options, phase);
  const repeat = phase === 'prefill' ? 1 : decodeSteps(options);
  const at = { phase, repeat, layers: layer.count };
  const operators: Operator[] = [];
  for (const attention of layer.attention) {
    const make = attention.latent === undefined ? attentionOperators : latentOperators;
    operators.push(...make(layer, attention, options, phase, repeat));
  }
  if (layer.recurrence !== undefined) {
    operators.push(...recurrenceOperators(layer.hidden, layer.recurrence, m, at, options));
  }
  if (layer.ffn !== undefined) operators.push(...ffnOperators(layer.hidden, layer.ffn, m, at, options));
  for (let i = 0; i < layer.norms; i++) {
    addNorm(operators, options, layer.norm, `norm-${i + 1}`, m, layer.hidden, at);
  }
  const mixers = layer.attention.length + (layer.recurrence === undefined ? 0 : 1);
  const sums = mixers + (layer.ffn === undefined ? 0 : 1);
  addElementwise(operators, options, 'residual', 'residual', sums * m * layer.hidden, { adds: 1 }, at);
  return operators;
}

function attentionOperators(
  layer: LayerSpec,
  attention: Attention,
  options: WorkloadOptions,
  phase: Phase,
  repeat: number,
): Operator[] {
  const { batch } = options;
  const { heads, kvHeads, headDim, valueDim = headDim, crossSequence, sharesKv = false } = attention;
  const at = { phase, repeat, layers: layer.count };
  const m = rowsOf(options, phase);
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
    const projections = sharesKv ? [] : attention.keysAreValues === true ? ['k'] : ['k', 'v'];
    for (const name of projections) {
      const n = kvHeads * (name === 'k' ? headDim : valueDim);
      operators.push(
        linear({ name: prefix + name, group: 'projection', ...at, m: rows, k: layer.hidden, n }, options),
      );
    }
    if (!sharesKv) {
      const heads = rows * kvHeads;
      const written = { elements: heads * (headDim + valueDim), vectors: 2 * heads };
      addTransfer(operators, options, `${prefix}kv-write`, written, at);
    }
    if (layer.rope && !cross && attention.rotaryDim !== 0) {
      const turned = heads + (sharesKv ? 0 : kvHeads);
      addRope(operators, options, { tokens: m, heads: turned, dim: attention.rotaryDim ?? headDim }, at);
    }
  }
  if (attention.qkNorm === true) {
    const vectors = m * (heads + (sharesKv ? 0 : kvHeads));
    addNorm(operators, options, layer.norm, `${prefix}qk-norm`, vectors, headDim, at);
  }
  if (attention.indexer !== undefined)
    operators.push(...indexOperators(layer, attention.indexer, options, at));
  operators.push(
    ...scoreOperators(
      { prefix, heads, kvHeads, keyDim: headDim, valueDim },
      attention,
      options,
      phase,
      layer.count,
    ),
  );
  if (attention.outputGate !== undefined) {
    operators.push(...gateOperators(layer.hidden, attention.outputGate, m, at, options));
  }
  operators.push(
    linear(
      { name: `${prefix}a`, group: 'projection', ...at, m, k: heads * valueDim, n: layer.hidden },
      options,
    ),
  );
  return operators;
}
