import { closeSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MugiError } from '../../errors.ts';
import { kindAt, openForReading, readBytes } from '../../files/read.ts';
import { Checkpoint, type TensorInfo } from '../checkpoint.ts';
import type { DecoderConfig } from '../config/config.ts';
import { readConfig } from '../config/read-config.ts';
import { sentencePieceBpe } from './sentencepiece.ts';
import { type TextTokenizer, tokenizerFrom } from './tokenizer.ts';

/** `ak42`, before a header with a version; files of version 0 begin with their sizes. */
const MAGIC = 0x616b3432;
const HEADER = 256;
/** No size of a Llama is larger, and none of version 0 begins with the magic number. */
const MOST = 2 ** 24;
const BOS = 1;
const EOS = 2;

/** Sizes of a model, in the order in which both versions have them. */
interface Sizes {
  dim: number;
  hidden: number;
  layers: number;
  heads: number;
  kvHeads: number;
  vocab: number;
  context: number;
  /** The output matrix is the embedding's. */
  shared: boolean;
}

/**
 * Opens a Llama in the format of llama2.c (Karpathy): FP32, versions 0 and 1 of its export.py; its tokenizer is `tokenizer.bin`
 * beside it, or that of a Hugging Face folder.
 * @throws MugiError for a file that is none, is cut off, or is quantised (version 2)
 */
export function openLlama2c(path: string): {
  config: DecoderConfig;
  checkpoint: Checkpoint;
  tokenizer: () => TextTokenizer;
} {
  const { fd, size } = openForReading(path, { what: 'llama2.c model', limit: 2 ** 40 });
  const head = Buffer.alloc(HEADER);
  try {
    readSync(fd, head, 0, Math.min(HEADER, size), 0);
  } finally {
    closeSync(fd);
  }
  const version = head.readUInt32LE(0) === MAGIC ? head.readInt32LE(4) : 0;
  if (version > 1 || version < 0)
    throw new MugiError({
      code: 'unsupported',
      message: `a llama2.c file of version ${version} is quantised its own way, which is not read`,
      path,
      expected: 'version 0 or 1 of llama2.c’s export, in FP32',
      received: `version ${version}`,
    });
  const sizes = sizesOf(head, version, path);
  const at = version === 0 ? 7 * 4 : HEADER;
  // A layer has eight rows of `dim` floats at the least, so that no list is longer than the file.
  if (8 * 4 * sizes.layers * sizes.dim > size) throw wrongSize(path, 'more', size);
  const { tensors, end } =
    version === 0 ? layoutOf(sizes, legacy(sizes), path, at) : layoutOf(sizes, newer(sizes), path, at);
  if (end !== size) throw wrongSize(path, String(end), size);
  return {
    config: configOf(sizes, path),
    checkpoint: new Checkpoint(path, tensors),
    tokenizer: () => binTokenizer(join(dirname(path), 'tokenizer.bin'), sizes.vocab),
  };
}

const wrongSize = (path: string, wanted: string, size: number): MugiError =>
  new MugiError({
    code: 'invalid-file',
    message: `a llama2.c model of these sizes has ${wanted} bytes`,
    path,
    expected: `${wanted} bytes`,
    received: `${size} bytes`,
  });

function sizesOf(head: Buffer, version: number, path: string): Sizes {
  const from = version === 0 ? 0 : 8;
  const [dim, hidden, layers, heads, kvHeads, vocab, context] = Array.from({ length: 7 }, (_, i) =>
    head.readInt32LE(from + 4 * i),
  );
  // Version 0 says by the sign of the vocabulary that the output matrix is its own.
  const shared = version === 0 ? vocab > 0 : head[from + 28] !== 0;
  const sizes = {
    dim,
    hidden,
    layers,
    heads,
    kvHeads,
    vocab: version === 0 ? Math.abs(vocab) : vocab,
    context,
  };
  const bad = Object.entries(sizes).find(([, value]) => !(value >= 1 && value <= MOST));
  if (bad !== undefined || dim % heads !== 0 || (dim / heads) % 2 !== 0 || heads % kvHeads !== 0)
    throw new MugiError({
      code: 'invalid-file',
      message: 'not a model of llama2.c: its header does not hold the sizes of one',
      path,
      expected: 'seven sizes, or "ak42" and a version before them; another model is a folder or a .gguf file',
      received: Object.entries(sizes)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    });
  return { ...sizes, shared };
}

/** Blocks of a file one after another: the name of a tensor, or of one a layer, and its shape; no name is skipped. */
type Layout = readonly { name?: string; each?: string; shape: readonly number[] }[];

const matrices = ({ dim, hidden, heads, kvHeads }: Sizes) => {
  const kv = (dim / heads) * kvHeads;
  return {
    q: { each: 'self_attn.q_proj', shape: [dim, dim] },
    k: { each: 'self_attn.k_proj', shape: [kv, dim] },
    v: { each: 'self_attn.v_proj', shape: [kv, dim] },
    o: { each: 'self_attn.o_proj', shape: [dim, dim] },
    gate: { each: 'mlp.gate_proj', shape: [hidden, dim] },
    down: { each: 'mlp.down_proj', shape: [dim, hidden] },
    up: { each: 'mlp.up_proj', shape: [hidden, dim] },
    before: { each: 'input_layernorm', shape: [dim] },
    behind: { each: 'post_attention_layernorm', shape: [dim] },
  };
};

/** Version 0 (`legacy_export`): angles stand before an output matrix. */
function legacy(sizes: Sizes): Layout {
  const { dim, vocab, context, heads, shared } = sizes;
  const { q, k, v, o, gate, down, up, before, behind } = matrices(sizes);
  return [
    { name: 'model.embed_tokens', shape: [vocab, dim] },
    before,
    q,
    k,
    v,
    o,
    behind,
    gate,
    down,
    up,
    { name: 'model.norm', shape: [dim] },
    { shape: [2, context, dim / heads / 2] },
    ...(shared ? [] : [{ name: 'lm_head', shape: [vocab, dim] }]),
  ];
}

/** Version 1 (`version1_export`): norms first. */
function newer(sizes: Sizes): Layout {
  const { dim, vocab, shared } = sizes;
  const { q, k, v, o, gate, down, up, before, behind } = matrices(sizes);
  return [
    before,
    behind,
    { name: 'model.norm', shape: [dim] },
    { name: 'model.embed_tokens', shape: [vocab, dim] },
    q,
    k,
    v,
    o,
    gate,
    down,
    up,
    ...(shared ? [] : [{ name: 'lm_head', shape: [vocab, dim] }]),
  ];
}

function layoutOf(
  { layers }: Sizes,
  layout: Layout,
  file: string,
  begin: number,
): { tensors: TensorInfo[]; end: number } {
  const tensors: TensorInfo[] = [];
  let offset = begin;
  for (const { name, each, shape } of layout) {
    const bytes = 4 * shape.reduce((a, b) => a * b, 1);
    const names =
      each === undefined ? [name] : Array.from({ length: layers }, (_, n) => `model.layers.${n}.${each}`);
    for (const one of names) {
      if (one !== undefined) tensors.push({ name: `${one}.weight`, type: 'F32', shape, file, offset, bytes });
      offset += bytes;
    }
  }
  return { tensors, end: offset };
}

function configOf(sizes: Sizes, path: string): DecoderConfig {
  const { dim, hidden, layers, heads, kvHeads, vocab, context, shared } = sizes;
  const raw = {
    model_type: 'llama',
    hidden_size: dim,
    intermediate_size: hidden,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: kvHeads,
    vocab_size: vocab,
    max_position_embeddings: context,
    rms_norm_eps: 1e-5,
    hidden_act: 'silu',
    rope_theta: 10_000,
    tie_word_embeddings: shared,
    ...(vocab > EOS ? { bos_token_id: BOS, eos_token_id: EOS } : {}),
  };
  const config = readConfig(raw, path) as DecoderConfig;
  // Weights as Meta's code has them: neighbours are a pair.
  return {
    ...config,
    each: config.each.map((layer) => ({
      ...layer,
      rope: layer.rope && { ...layer.rope, interleaved: true },
    })),
  };
}

/** A piece is text of some bytes. */
const LONGEST_PIECE = 1000;

/** `tokenizer.bin`: the longest piece, then for each token its score, its length in bytes, and its text. */
function binTokenizer(path: string, vocab: number): TextTokenizer {
  if (kindAt(path) === 'nothing')
    throw new MugiError({
      code: 'missing-file',
      message: 'no tokenizer.bin beside the model: text cannot be turned into tokens',
      path,
      expected: path,
    });
  const bytes = Buffer.from(readBytes(path, { what: 'tokenizer', limit: 64 * 2 ** 20 }));
  const [tokens, scores, types]: [string[], number[], number[]] = [[], [], []];
  let at = 4;
  for (let id = 0; id < vocab; id++) {
    const length = at + 8 <= bytes.length ? bytes.readInt32LE(at + 4) : -1;
    const score = length < 0 ? Number.NaN : bytes.readFloatLE(at);
    if (length < 0 || length > LONGEST_PIECE || at + 8 + length > bytes.length || !Number.isFinite(score))
      throw new MugiError({
        code: 'invalid-file',
        message: `not a tokenizer.bin of ${vocab} tokens: token ${id} is cut off or broken`,
        path,
        expected: 'the tokenizer.bin that the model was made with',
      });
    const text = bytes.toString('utf8', at + 8, at + 8 + length);
    tokens.push(special(id) ?? text.replaceAll(' ', '▁'));
    scores.push(score);
    types.push(special(id) !== undefined ? (id === 0 ? 2 : 3) : /^<0x[0-9A-F]{2}>$/.test(text) ? 6 : 1);
    at += 8 + length;
  }
  return tokenizerFrom(sentencePieceBpe({ tokens, scores, types, prefix: true }), {}, path);
}

/** The first three tokens of SentencePiece, which tokenizer.bin writes with line ends around them. */
const special = (id: number): string | undefined => ['<unk>', '<s>', '</s>'][id];
