import { layerMatrices } from './matrices.ts';
import type { DecoderStack, Formats, GraphStack, LayerSpec, ModelShape } from './model.ts';
import { kvElements, parameterCount, stateElements } from './parameters.ts';

/** What each number of a model's summary counts. */
export const DEFINITIONS = {
  parameters: 'matrices, embedding tables and norm weights, QK norms included; biases are left out',
  active_parameters:
    'those that one token passes through, both embedding tables included (cards often leave the input embedding out)',
  weight_bits:
    'bits that most weights are stored in, scales not included; 4 where neither the file nor --weight-bits says more',
  weight_bits_with_scales:
    'mean over the matrices of the layers, with the scales and zero points that come with them',
  head_weight_bits: 'bits of the output head',
  kv_bits: 'bits of an element of the KV cache; 4 where neither the file nor --kv-bits says more',
  kv_elements_per_token:
    'elements that the cache keeps of one token, all layers together; windows keep fewer tokens, not fewer elements',
  kv_bytes_per_token: 'the same in bytes, at kv_bits',
  state_elements: 'elements that recurrent layers keep of a sequence, whatever its length',
  macs_per_token:
    'multiply-accumulates of one decode step of one sequence at the end of decode_context tokens: products with weights, keys and values, convolutions and state updates',
} as const;

/** What was asked of the bits, over what the file says. */
export interface AskedBits {
  weightBits?: number | undefined;
  kvBits?: number | undefined;
}

/** Bits where neither the file nor the user says more (Mugi §2.3.2: INT4 weights and KV cache). */
const ASSUMED = 4;

/** Numbers of a model that no hardware changes. */
export function modelNumbers(model: ModelShape, asked: AskedBits = {}) {
  const { total, active } = parameterCount(model);
  const layers = model.stacks.flatMap((stack): readonly LayerSpec[] =>
    stack.kind === 'gemms' || stack.kind === 'graph' ? [] : stack.layers,
  );
  const graphs = model.stacks.filter((stack) => stack.kind === 'graph');
  const attention = layers.flatMap((layer) => layer.attention)[0];
  const ffn = layers.find((layer) => layer.ffn !== undefined)?.ffn;
  const experts = layers.find((layer) => layer.ffn?.experts !== undefined)?.ffn?.experts;
  const kvBits = asked.kvBits ?? model.kvBits ?? ASSUMED;
  const elements = kvElements(model);
  const own = asked.weightBits === undefined;
  const decoder = model.stacks.find((stack): stack is DecoderStack => stack.kind === 'decoder');
  const head = decoder?.formats?.logits?.bits;
  return {
    layers: layers.reduce((sum, { count }) => sum + count, 0),
    hidden: layers[0]?.hidden ?? null,
    heads: attention?.heads ?? null,
    kv_heads: attention === undefined ? null : attention.latent === undefined ? attention.kvHeads : 1,
    head_dim: attention?.headDim ?? null,
    ffn: ffn?.hidden ?? null,
    activation: ffn?.activation ?? null,
    experts: experts?.total ?? null,
    experts_per_token: experts?.active ?? null,
    vocabulary: decoder?.vocabulary ?? null,
    parameters: total,
    active_parameters: active,
    weight_bits: asked.weightBits ?? model.weightBits ?? ASSUMED,
    weight_bits_with_scales: own ? meanBits(layers, graphs) : asked.weightBits!,
    head_weight_bits:
      decoder === undefined ? null : own ? (head ?? model.weightBits ?? ASSUMED) : asked.weightBits!,
    weight_bits_assumed: own && model.weightBits === undefined,
    kv_bits: kvBits,
    kv_bits_assumed: asked.kvBits === undefined && model.kvBits === undefined,
    kv_elements_per_token: elements,
    kv_bytes_per_token: (elements * kvBits) / 8,
    state_elements: stateElements(model),
  };
}

/** Mean bits of a weight in the layers, with its scales. */
function meanBits(layers: readonly LayerSpec[], graphs: readonly GraphStack[]): number {
  let [weights, bits] = [0, 0];
  for (const { operators } of graphs) {
    for (const one of operators) {
      if (one.kind !== 'gemm' || !one.weights) continue;
      const elements = one.batch * one.k * one.n * one.count;
      const { bits: width, scaleBits } = one.format ?? { bits: ASSUMED, scaleBits: 0 };
      weights += elements;
      bits += elements * (width + scaleBits);
    }
  }
  for (const layer of layers) {
    for (const { name, k, n, count } of layerMatrices(layer)) {
      const format = formatOf(layer.formats, name);
      weights += k * n * count * layer.count;
      bits += k * n * count * layer.count * (format.bits + format.scaleBits);
    }
  }
  return weights === 0 ? ASSUMED : bits / weights;
}

const formatOf = (formats: Formats | undefined, name: string) =>
  formats?.[name] ?? { bits: ASSUMED, scaleBits: 0 };
