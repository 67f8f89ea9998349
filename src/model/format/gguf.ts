import { dirname, join } from 'node:path';
import { MugiError } from '../../errors.ts';
import { kindAt } from '../../files/read.ts';
import { Checkpoint, type TensorInfo } from '../checkpoint.ts';
import { truncated } from '../truncated.ts';
import type { DecoderConfig } from '../config/config.ts';
import { ggufConfig, ROPE_FACTORS } from './gguf-config.ts';
import { GGML_TYPES } from './ggml-types.ts';
import { readGgufHeader } from './gguf-header.ts';
import type { GgufHeader } from './gguf-parse.ts';
import { ggufTokenizer } from './gguf-tokenizer.ts';
import { blockElements, isStored, storedBytes } from './stored-type.ts';
import { readTokenizer, type TextTokenizer } from './tokenizer.ts';

/** GGUF's tensor names within a block, and Hugging Face's within a layer. */
const IN_LAYER: Readonly<Record<string, string>> = {
  attn_norm: 'input_layernorm',
  attn_q: 'self_attn.q_proj',
  attn_k: 'self_attn.k_proj',
  attn_v: 'self_attn.v_proj',
  attn_output: 'self_attn.o_proj',
  ffn_norm: 'post_attention_layernorm',
  ffn_gate: 'mlp.gate_proj',
  ffn_up: 'mlp.up_proj',
  ffn_down: 'mlp.down_proj',
};

const OUTSIDE: Readonly<Record<string, string>> = {
  'token_embd.weight': 'model.embed_tokens.weight',
  'output_norm.weight': 'model.norm.weight',
  'output.weight': 'lm_head.weight',
  [ROPE_FACTORS]: ROPE_FACTORS,
};

/**
 * Opens a GGUF file of architecture llama (Llama, Mistral) or qwen2: header and rotary factors only.
 * @throws MugiError for a file that is not GGUF, of another architecture, or with tensors of unsupported types
 */
export function openGguf(path: string): {
  config: DecoderConfig;
  checkpoint: Checkpoint;
  tokenizer: () => TextTokenizer;
} {
  const parts = splitParts(path);
  const [{ metadata }] = parts;
  const architecture = String(metadata.get('general.architecture'));
  if (architecture !== 'llama' && architecture !== 'qwen2') {
    throw new MugiError({
      code: 'unsupported',
      message: `a GGUF file of architecture ${architecture} cannot be run`,
      path: `${path}: general.architecture`,
      expected: 'llama or qwen2 (other families as a Hugging Face folder)',
      received: architecture,
    });
  }
  const tensors = parts.flatMap(({ path: file, tensors: stored, size }) =>
    stored.map((info): TensorInfo => {
      if (/^rope_factors_(long|short)\./.test(info.name)) {
        throw new MugiError({
          code: 'unsupported',
          message: `the engine does not support the rotary factors of tensor ${info.name} (longrope)`,
          path,
        });
      }
      const name = hubName(info.name);
      const type = GGML_TYPES[info.type] ?? `ggml type ${info.type}`;
      const shape = info.shape.toReversed();
      const count = shape.reduce((a, b) => a * b, 1);
      if (!isStored(type)) {
        throw new MugiError({
          code: 'unsupported',
          message: `tensor ${info.name} is stored as ${type}, which is not supported`,
          path,
          expected: Object.values(GGML_TYPES).filter(isStored).join(', '),
          received: type,
        });
      }
      const block = blockElements(type);
      if (shape.at(-1)! % block !== 0) {
        throw new MugiError({
          code: 'invalid-file',
          message: `tensor ${info.name} has rows of ${shape.at(-1)} elements, which are no whole blocks of ${type}`,
          path,
          expected: `a multiple of ${block}`,
          received: String(shape.at(-1)),
        });
      }
      const { offset } = info;
      const bytes = storedBytes(type, count);
      if (offset + bytes > size) throw truncated(file, offset + bytes, size, `tensor ${info.name}`);
      return { name, type, shape, file, offset, bytes };
    }),
  );
  const checkpoint = new Checkpoint(path, tensors);
  const config = ggufConfig(architecture, metadata, checkpoint);
  const tokenizer = () =>
    kindAt(join(dirname(path), 'tokenizer.json')) !== 'nothing'
      ? readTokenizer(dirname(path))
      : ggufTokenizer(metadata, path);
  return { config, checkpoint, tokenizer };
}

/**
 * The headers of a file, or of all parts that it was split into (llama.cpp's gguf-split): metadata of the first, tensors of
 * each.
 * @throws MugiError for a part that is missing, and a tensor that stands in two
 */
function splitParts(path: string): (GgufHeader & { path: string })[] {
  const header = readGgufHeader(path);
  const count = Number(header.metadata.get('split.count') ?? 1);
  if (count <= 1) return [{ ...header, path }];
  const named = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/.exec(path);
  if (named === null || Number(named[3]) !== count || count > MAX_PARTS) {
    throw new MugiError({
      code: 'missing-file',
      message: `the file is one of ${count} parts (split.count), and its name does not say which`,
      path,
      expected: `a name that ends in -00001-of-${String(count).padStart(5, '0')}.gguf, and the other parts beside it`,
    });
  }
  const names = new Set<string>();
  return Array.from({ length: count }, (_, i) => {
    const file = `${named[1]}-${String(i + 1).padStart(5, '0')}-of-${named[3]}.gguf`;
    if (kindAt(file) === 'nothing') {
      throw new MugiError({
        code: 'missing-file',
        message: `part ${i + 1} of ${count} is missing`,
        path: file,
      });
    }
    const part = { ...readGgufHeader(file), path: file };
    for (const { name } of part.tensors) {
      if (!names.has(name)) names.add(name);
      else
        throw new MugiError({
          code: 'invalid-file',
          message: `tensor ${name} stands in two parts`,
          path: file,
        });
    }
    return part;
  });
}

const MAX_PARTS = 1000;

/** The Hugging Face name of a GGUF tensor; its own for one that no model here reads, which is refused by it. */
function hubName(name: string): string {
  if (Object.hasOwn(OUTSIDE, name)) return OUTSIDE[name];
  const block = /^blk\.(\d+)\.(\w+)\.(weight|bias)$/.exec(name);
  if (block === null || !Object.hasOwn(IN_LAYER, block[2])) return name;
  return `model.layers.${block[1]}.${IN_LAYER[block[2]]}.${block[3]}`;
}
