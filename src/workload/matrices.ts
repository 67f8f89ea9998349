import type { Attention, DecoderStack, EncoderStack, Ffn, LayerSpec } from './model.ts';

/** Weight matrices of one kind: `count` of them in the model, `k` × `n` each. */
export interface Matrix {
  /** Name of the operator that multiplies with it. */
  name: string;
  k: number;
  n: number;
  count: number;
  /** How many of them a token passes through; `count` outside a mixture of experts. */
  active: number;
}

/** Matrices of one layer, in execution order. The operators of a layer multiply with these and with no others. */
export function layerMatrices(layer: LayerSpec): Matrix[] {
  const { hidden, attention, recurrence, ffn } = layer;
  return [
    ...attention.flatMap((one) => attentionMatrices(hidden, one)),
    ...(recurrence?.projections ?? []).map(({ name, k = hidden, n }) => one(name, k, n)),
    ...(recurrence === undefined ? [] : [one('out', recurrence.output, hidden)]),
    ...(ffn === undefined ? [] : ffnMatrices(hidden, ffn)),
  ];
}

const one = (name: string, k: number, n: number): Matrix => ({ name, k, n, count: 1, active: 1 });

function attentionMatrices(hidden: number, attention: Attention): Matrix[] {
  const { heads, kvHeads, headDim, valueDim = headDim, latent, indexer } = attention;
  const prefix = attention.crossSequence === undefined ? '' : 'cross-';
  const gate = attention.outputGate === undefined ? [] : [one('output-gate', hidden, attention.outputGate)];
  const index =
    indexer === undefined || indexer.shared === true
      ? []
      : [
          one('index-q', indexer.queryRank, indexer.heads * indexer.dim),
          one('index-k', hidden, indexer.dim),
          ...(indexer.unweighted === true ? [] : [one('index-weight', hidden, indexer.heads)]),
        ];
  if (latent !== undefined) {
    const { queryRank, rank, plain, rotary, value } = latent;
    const query = heads * (plain + rotary);
    return [
      ...(queryRank === undefined
        ? [one('q', hidden, query)]
        : [one('q-down', hidden, queryRank), one('q-up', queryRank, query)]),
      one('kv-down', hidden, rank + rotary),
      one('kv-up', rank, heads * (plain + value)),
      ...gate,
      one('a', heads * value, hidden),
      ...index,
    ];
  }
  const own = attention.sharesKv === true ? [] : [one(`${prefix}k`, hidden, kvHeads * headDim)];
  const values =
    attention.sharesKv === true || attention.keysAreValues === true
      ? []
      : [one(`${prefix}v`, hidden, kvHeads * valueDim)];
  return [
    one(`${prefix}q`, hidden, heads * headDim),
    ...own,
    ...values,
    ...gate,
    one(`${prefix}a`, heads * valueDim, hidden),
    ...index,
  ];
}

/** Names of a network's matrices, by what stands in front of them. */
const network = (prefix: string, { gated }: Ffn, input: number, width: number): Matrix[] => [
  one(`${prefix}up`, input, width),
  ...(gated ? [one(`${prefix}gate`, input, width)] : []),
  one(`${prefix}down`, width, input),
];

function ffnMatrices(hidden: number, ffn: Ffn): Matrix[] {
  const { experts } = ffn;
  if (experts === undefined) return network('', ffn, hidden, ffn.hidden);
  const { total, active, shared, sharedHidden = ffn.hidden, width = hidden } = experts;
  return [
    one('router', hidden, total),
    ...(width === hidden ? [] : [one('latent-down', hidden, width), one('latent-up', width, hidden)]),
    ...network('expert-', ffn, width, ffn.hidden).map((matrix) => ({ ...matrix, count: total, active })),
    ...(shared === 0
      ? []
      : network('shared-', ffn, hidden, sharedHidden).map((matrix) => ({
          ...matrix,
          count: shared,
          active: shared,
        }))),
    ...(experts.sharedGate === true ? [one('shared-weight', hidden, 1)] : []),
  ];
}

/** The head of a decoder: its words, or the outputs of a model that writes none. Tied ones are the embedding. */
export function headMatrix(stack: DecoderStack): Matrix | undefined {
  const width = stack.embeddingWidth ?? stack.layers[0].hidden;
  const outputs = stack.head?.outputs ?? stack.vocabulary;
  return outputs === 0 ? undefined : one('logits', width, outputs);
}

/** All matrices of a stack but its embedding; a tied head counts as none. */
export function stackMatrices(stack: DecoderStack | EncoderStack): Matrix[] {
  const layers = stack.layers.flatMap((layer) =>
    layerMatrices(layer).map((matrix) => ({
      ...matrix,
      count: matrix.count * layer.count,
      active: matrix.active * layer.count,
    })),
  );
  if (stack.kind === 'encoder') return layers;
  const head = headMatrix(stack);
  const { hidden } = stack.layers[0];
  const width = stack.embeddingWidth ?? hidden;
  return [
    ...layers,
    ...(head === undefined || (stack.tiedEmbeddings && stack.head === undefined) ? [] : [head]),
    ...(width === hidden ? [] : [one('embedding-in', width, hidden), one('embedding-out', hidden, width)]),
  ];
}
