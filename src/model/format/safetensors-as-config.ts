import { MugiError } from '../../errors.ts';
import type { SafetensorsHeader } from './safetensors-header.ts';

/** What a header's shapes leave open, by the keys of config.json. */
export interface Unstated {
  /** Width of a head; needed where no tensor has it. */
  head_dim?: number;
}

const LAYER = /^model\.layers\.(\d+)\./;

/**
 * The config.json of a decoder whose checkpoint has the matrices of Llama, Qwen 2 or Qwen 3, from the shapes in its header.
 * The number of heads follows from the width of a head, which norms and buffers of some models have; else it must be given.
 * @throws MugiError for other names, a shard of several, and a width that is missing or does not divide the matrices
 */
export function safetensorsAsConfig(
  { tensors, unread }: SafetensorsHeader,
  path: string,
  { head_dim: given }: Unstated = {},
): object {
  const shapes = new Map(
    [...tensors.values()]
      .map(({ name, shape }) => [name, shape] as const)
      .concat([...unread].map(([name, { shape }]) => [name, shape] as const)),
  );
  const shapeOf = (name: string, dimensions: number): readonly number[] => {
    const shape = shapes.get(name);
    if (shape?.length === dimensions && shape.every((size) => size > 0)) return shape;
    throw foreign(path, name, [...shapes.keys()]);
  };
  const [vocab, hidden] = shapeOf('model.embed_tokens.weight', 2);
  shapeOf('model.norm.weight', 1);
  const layers = new Set([...shapes.keys()].flatMap((name) => LAYER.exec(name)?.slice(1, 2) ?? []));
  const count = layers.size;
  for (let i = 0; i < count; i++) shapeOf(`model.layers.${i}.self_attn.q_proj.weight`, 2);
  const of = (name: string) => shapeOf(`model.layers.0.${name}.weight`, 2);
  const [queries] = of('self_attn.q_proj');
  const [keys] = of('self_attn.k_proj');
  const [intermediate] = of('mlp.gate_proj');
  const has = (name: string): boolean => shapes.has(`model.layers.0.self_attn.${name}`);
  const normed = has('q_norm.weight');
  const biased = has('q_proj.bias');
  const stated = normed
    ? shapeOf('model.layers.0.self_attn.q_norm.weight', 1)[0]
    : 2 * (shapes.get('model.layers.0.self_attn.rotary_emb.inv_freq')?.[0] ?? Number.NaN);
  const width = Number.isNaN(stated) ? given : stated;
  if (width === undefined) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'the header has the shapes of all matrices, but none that tells the width of a head',
      path,
      expected: 'head_dim=N beside the file, or the config.json of its folder',
    });
  }
  if (!Number.isInteger(width) || width < 1 || queries % width !== 0 || keys % width !== 0) {
    throw new MugiError({
      code: 'invalid-value',
      message: `heads of ${width} do not divide the query and key matrices`,
      path: `${path}: head_dim`,
      expected: `a divisor of ${queries} and ${keys}`,
      received: String(width),
    });
  }
  return {
    model_type: normed ? 'qwen3' : biased && !has('o_proj.bias') ? 'qwen2' : 'llama',
    hidden_size: hidden,
    intermediate_size: intermediate,
    num_hidden_layers: count,
    num_attention_heads: queries / width,
    num_key_value_heads: keys / width,
    head_dim: width,
    vocab_size: vocab,
    tie_word_embeddings: !shapes.has('lm_head.weight'),
    ...(biased && has('o_proj.bias') ? { attention_bias: true } : {}),
  };
}

function foreign(path: string, name: string, names: readonly string[]): MugiError {
  return new MugiError({
    code: 'unsupported',
    message: `tensor ${name} is not in the header: the file is one of several, or of another family than Llama, Qwen 2 and Qwen 3`,
    path,
    expected: 'the config.json of the same folder',
    received: `${names.length} tensors`,
  });
}
