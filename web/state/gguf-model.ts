import { MugiError, unknownName } from '../../src/errors.ts';
import { ggmlBits } from '../../src/model/format/ggml-types.ts';
import type { GgufHeader } from '../../src/model/format/gguf-parse.ts';

/** Architectures of GGUF whose metadata say all of the config.json of the same model. */
const ARCHITECTURES = ['llama', 'qwen2', 'qwen3'] as const;

/** config.json's keys by those of ggml's docs/gguf.md, behind the architecture's name. */
const KEYS = {
  hidden_size: 'embedding_length',
  num_hidden_layers: 'block_count',
  intermediate_size: 'feed_forward_length',
  num_attention_heads: 'attention.head_count',
  num_key_value_heads: 'attention.head_count_kv',
  head_dim: 'attention.key_length',
  max_position_embeddings: 'context_length',
} as const;

/** Keys that a file may leave out. */
const OPTIONAL: readonly string[] = ['num_key_value_heads', 'head_dim'];

/**
 * What the config.json of a GGUF file's model would say, and the width that most of its weights have.
 * @throws MugiError for an architecture that is not read, and for metadata that is missing
 */
export function configOfGguf(header: GgufHeader, path: string): { model: object; weightBits?: number } {
  const { metadata, tensors } = header;
  const stated = metadata.get('general.architecture');
  const architecture = ARCHITECTURES.find((name) => name === stated);
  if (architecture === undefined) {
    throw unknownName('architecture of a GGUF file', String(stated ?? 'none'), ARCHITECTURES, path);
  }
  if (Number(metadata.get(`${architecture}.expert_count`) ?? 0) > 0) {
    throw new MugiError({
      code: 'unsupported',
      message: 'a mixture of experts is read from its config.json',
      path,
      expected: 'the config.json of the model',
    });
  }
  const model: Record<string, unknown> = { model_type: architecture };
  for (const [key, name] of Object.entries(KEYS)) {
    const value = metadata.get(`${architecture}.${name}`);
    if (typeof value === 'number') model[key] = value;
    else if (!OPTIONAL.includes(key)) {
      throw new MugiError({
        code: 'invalid-file',
        message: `the metadata key ${architecture}.${name} is missing or no number`,
        path,
        expected: 'a number',
      });
    }
  }
  const embedding = tensors.find(({ name }) => name === 'token_embd.weight');
  if (embedding?.shape[1] === undefined) {
    throw new MugiError({ code: 'invalid-file', message: 'the file has no matrix of embeddings', path });
  }
  model.vocab_size = embedding.shape[1];
  model.tie_word_embeddings = !tensors.some(({ name }) => name === 'output.weight');
  const bits = mostBits(tensors);
  return { model, ...(bits === undefined ? {} : { weightBits: bits }) };
}

/** The width of most weights of the layers' matrices. */
function mostBits(tensors: GgufHeader['tensors']): number | undefined {
  const elements = new Map<number, number>();
  for (const { name, shape, type } of tensors) {
    const bits = ggmlBits(type);
    if (bits === undefined || shape.length !== 2 || !name.startsWith('blk.')) continue;
    elements.set(bits, (elements.get(bits) ?? 0) + shape[0] * shape[1]);
  }
  return [...elements].sort((a, b) => b[1] - a[1])[0]?.[0];
}
