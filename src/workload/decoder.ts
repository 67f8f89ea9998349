import type { Attention, DecoderStack, Ffn, LayerSpec } from './model.ts';
import type { ElementwiseOperator, Extent, GemmOperator, Operator, Phase } from './operator.ts';

/** How a model is turned into operators. */
export interface WorkloadOptions {
  batch: number;
  /** Final context length in tokens. */
  context: number;
  /** Prompt length in tokens, at most `context`. */
  prefill: number;
  activationBits: number;
  weightBits: number;
  kvBits: number;
  /**
   * Decode steps of linear layers and activations as the published model has them: 4096 whatever the context,
   * and one for the output head. `false`: context − prefill for all (repair "decode-repeats").
   */
  publishedRepeats: boolean;
  /** Operators that the published model leaves out, each with its own switch. */
  norms: boolean;
  rope: boolean;
  residuals: boolean;
  gateProducts: boolean;
  causalPrefill: boolean;
  kvWrites: boolean;
}

/** Operators of a decoder-only stack: one prefill pass over the prompt, then one token at a time. */
export function decoderOperators(stack: DecoderStack, options: WorkloadOptions): Operator[] {
  const operators: Operator[] = [];
  for (const layer of stack.layers) {
    operators.push(...layerOperators(layer, options, 'prefill'), ...layerOperators(layer, options, 'decode'));
  }
  const hidden = stack.layers[0]!.hidden;
  for (const phase of ['prefill', 'decode'] as const) {
    const repeat = phase === 'prefill' || options.publishedRepeats ? 1 : decodeSteps(options);
    const m = rowsOf(options, phase);
    operators.push(
      linear(
        { name: 'logits', group: 'output', phase, repeat, layers: 1, m, k: hidden, n: stack.vocabulary },
        options,
      ),
    );
    if (options.norms) operators.push(norm(stack.layers[0]!.norm, 'final-norm', m, hidden, phase, repeat, 1));
  }
  return operators.filter((op) => op.repeat > 0);
}

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

type At = Pick<Operator, 'phase' | 'repeat' | 'layers'>;

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
      operators.push({ kind: 'transfer', name: `${prefix}kv-write`, group: 'attention', ...at, bits });
    }
    if (options.rope && layer.rope && !cross) {
      // x·cos + rotate(x)·sin: two multiplies and one add an element of q and k.
      const elements = m * (heads + kvHeads) * headDim;
      operators.push(elementwise('rope', 'rope', elements, { multiplies: 2, adds: 1 }, at));
    }
  }
  const positions = phase === 'prefill' ? prefill : 1;
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
        ...(causal ? { causal: { axis: 'n', rowsPerPosition: group } } : {}),
      },
      {
        ...shared,
        name: `${prefix}a·v`,
        k: keys,
        n: headDim,
        ...(causal ? { causal: { axis: 'k', rowsPerPosition: group } } : {}),
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

function ffnOperators(hidden: number, ffn: Ffn, m: number, at: At, options: WorkloadOptions): Operator[] {
  const operators: Operator[] = [];
  const network = (rows: number, networks: number, width: number, prefix: string): void => {
    const shape = { group: 'ffn', ...at, batch: networks, m: rows } as const;
    operators.push(linear({ ...shape, name: `${prefix}up`, k: hidden, n: width }, options));
    if (ffn.gated) operators.push(linear({ ...shape, name: `${prefix}gate`, k: hidden, n: width }, options));
    operators.push(linear({ ...shape, name: `${prefix}down`, k: width, n: hidden }, options), {
      kind: 'nonlinear',
      name: `${prefix}${ffn.activation}`,
      group: 'nonlinear',
      function: ffn.activation,
      ...at,
      rows: networks * width,
      columns: rows,
    });
    if (ffn.gated && options.gateProducts) {
      operators.push(
        elementwise('gate', `${prefix}gate-product`, networks * width * rows, { multiplies: 1 }, at),
      );
    }
  };
  if (ffn.experts === undefined) {
    network(m, 1, ffn.hidden, '');
    return operators;
  }
  const { total, active, shared, sharedHidden = ffn.hidden } = ffn.experts;
  operators.push(linear({ name: 'router', group: 'ffn', ...at, m, k: hidden, n: total }, options));
  // Expected number of different experts that m tokens touch when each picks `active` of `total` at random;
  // the m × active assignments are spread over them as evenly as whole numbers allow.
  const assignments = m * active;
  const touched = Math.max(1, Math.min(assignments, Math.round(total * (1 - (1 - active / total) ** m))));
  const low = Math.floor(assignments / touched);
  const high = assignments - low * touched;
  if (high > 0) network(low + 1, high, ffn.hidden, 'expert-');
  if (touched > high) network(low, touched - high, ffn.hidden, high > 0 ? 'expert-low-' : 'expert-');
  if (shared > 0) network(m, shared, sharedHidden, 'shared-');
  return operators;
}

type Linear = Omit<
  GemmOperator,
  'kind' | 'operand' | 'activationBits' | 'weightBits' | 'outputBits' | 'batch'
> & { batch?: number };

/** A product with trained weights. */
export function linear(shape: Linear, options: WorkloadOptions): GemmOperator {
  // Written out, so that all operators share one object layout (evaluation visits many).
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
    weightBits: options.weightBits,
    outputBits: options.activationBits,
    causal: undefined,
  };
}

/** A norm over `rows` vectors: square and sum, scale by the reciprocal root, weight; LayerNorm centres first. */
export function norm(
  kind: 'rmsnorm' | 'layernorm',
  name: string,
  rows: number,
  hidden: number,
  phase: Phase,
  repeat: number,
  layers: number,
): ElementwiseOperator {
  const passes = kind === 'rmsnorm' ? { multiplies: 3, adds: 1 } : { multiplies: 3, adds: 4 };
  return elementwise(kind, name, rows * hidden, passes, { phase, repeat, layers }, rows);
}

/** `passes` are operations an element. */
export function elementwise(
  kind: ElementwiseOperator['function'],
  name: string,
  elements: number,
  passes: { multiplies?: number; adds?: number },
  at: At,
  divides = 0,
): ElementwiseOperator {
  return {
    kind: 'elementwise',
    name,
    group: 'other',
    function: kind,
    ...at,
    elements,
    multiplies: elements * (passes.multiplies ?? 0),
    adds: elements * (passes.adds ?? 0),
    divides,
  };
}
