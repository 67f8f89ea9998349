import { MugiError, unknownName } from '../../errors.ts';
import { ggmlFormat } from './ggml-types.ts';
import { GgufMetadata } from './gguf-metadata.ts';
import { BLOCK_MATRICES } from './gguf-names.ts';
import type { GgufHeader } from './gguf-parse.ts';

/** Architectures of GGUF whose metadata say all of the config.json of the same model. */
const ARCHITECTURES = ['llama', 'qwen2', 'qwen3'] as const;

/** A run of equal layers, and how their matrix is stored. */
interface Run {
  layers: number;
  bits: number;
  scale_bits: number;
}

/**
 * The config.json of a GGUF file's model, with a `quantization_config` that says how each matrix is stored: what a
 * workload is made of. Only the header is needed.
 * @throws MugiError for an architecture that is not read, and for metadata that is missing
 */
export function ggufAsConfig(header: Pick<GgufHeader, 'metadata' | 'tensors'>, path: string): object {
  const { metadata, tensors } = header;
  const stated = metadata.get('general.architecture');
  const architecture = ARCHITECTURES.find((name) => name === stated);
  if (architecture === undefined)
    throw unknownName('architecture of a GGUF file', String(stated ?? 'none'), ARCHITECTURES, path);
  const read = new GgufMetadata(metadata, architecture, path);
  if (read.number(read.key('expert_count'), 0) > 0) {
    throw new MugiError({
      code: 'unsupported',
      message: 'a mixture of experts is read from its config.json',
      path,
      expected: 'the config.json of the model',
    });
  }
  const shape = read.shape();
  const valueDim = read.size('attention.value_length', shape.head_dim);
  const window = read.key('attention.sliding_window');
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const embedding = byName.get('token_embd.weight');
  const words = embedding?.shape[1];
  if (embedding === undefined || words === undefined) throw missing('token_embd.weight', path);
  if (valueDim !== shape.head_dim) {
    throw new MugiError({
      code: 'unsupported',
      message: 'heads whose values have another width than their keys are read from config.json',
      path: `${path}: ${read.key('attention.value_length')}`,
      expected: String(shape.head_dim),
      received: String(valueDim),
    });
  }
  const stored = (type: number): Omit<Run, 'layers'> => {
    const { bits, scaleBits } = ggmlFormat(type) ?? { bits: 16, scaleBits: 0 };
    return { bits, scale_bits: scaleBits };
  };
  const head = byName.get('output.weight');
  const modules = Object.fromEntries(
    Object.entries(BLOCK_MATRICES).map(([name, module]) => {
      const runs: Run[] = [];
      for (let i = 0; i < shape.num_hidden_layers; i++) {
        const tensor = byName.get(`blk.${i}.${name}.weight`);
        if (tensor === undefined) throw missing(`blk.${i}.${name}.weight`, path);
        const own = stored(tensor.type);
        const last = runs.at(-1);
        if (last?.bits === own.bits && last.scale_bits === own.scale_bits) last.layers += 1;
        else runs.push({ layers: 1, ...own });
      }
      return [module, runs];
    }),
  );
  return {
    model_type: metadata.has(window) && architecture === 'llama' ? 'mistral' : architecture,
    ...shape,
    ...(metadata.has(window) ? { sliding_window: read.size('attention.sliding_window') } : {}),
    partial_rotary_factor: read.size('rope.dimension_count', shape.head_dim) / shape.head_dim,
    vocab_size: words,
    tie_word_embeddings: head === undefined,
    quantization_config: {
      quant_method: 'gguf',
      modules,
      lm_head: stored((head ?? embedding).type),
    },
  };
}

const missing = (tensor: string, path: string): MugiError =>
  new MugiError({
    code: 'invalid-file',
    message: `tensor ${tensor} is missing`,
    path,
    expected: 'all matrices of the model; of a file in parts, the first beside the others',
  });
