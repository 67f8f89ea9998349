import { MugiError } from '../../errors.ts';
import { addedTokens, sentencePieceBpe } from './sentencepiece.ts';
import { type TextTokenizer, tokenizerFrom } from './tokenizer.ts';

/** Word-splitting patterns that `tokenizer.ggml.pre` names (the tokenizer.json files of the models they come from). */
const PATTERNS: ReadonlyMap<string, string> = new Map([
  [
    'llama-bpe',
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  ],
  [
    'qwen2',
    "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  ],
]);

/** Pre-tokenizers that split as `llama-bpe` does (llama.cpp, llm_tokenizer_bpe). */
const LIKE_LLAMA = ['llama3', 'llama-v3', 'falcon3', 'pixtral', 'lfm2', 'smaug-bpe'];

/**
 * The tokenizer that a GGUF file carries in its metadata: `gpt2` is byte-level BPE with merges, `llama` is
 * SentencePiece BPE, whose merges follow from the pieces' scores.
 * @throws MugiError for a tokenizer of another kind
 */
export function ggufTokenizer(metadata: ReadonlyMap<string, unknown>, path: string): TextTokenizer {
  const model = metadata.get('tokenizer.ggml.model');
  const tokens = listOf(metadata, 'tokenizer.ggml.tokens', 'string', path);
  const given = String(metadata.get('tokenizer.ggml.pre') ?? 'default');
  const pre = LIKE_LLAMA.includes(given) ? 'llama-bpe' : given;
  const known = model === 'llama' || pre === 'default' || pre === 'gpt-2' || PATTERNS.has(pre);
  if ((model !== 'gpt2' && model !== 'llama') || !tokens || !known) {
    throw new MugiError({
      code: 'unsupported',
      message: `the file's tokenizer (${String(model)}, ${pre}) is not supported`,
      path: `${path}: tokenizer.ggml.model`,
      expected: `gpt2 (pre default, gpt-2, ${[...PATTERNS.keys()].join(', ')}) or llama, or a tokenizer.json beside the file`,
      received: `${String(model)}, ${pre}`,
    });
  }
  const types = listOf(metadata, 'tokenizer.ggml.token_type', 'number', path) ?? [];
  if (model === 'llama') {
    const scores = listOf(metadata, 'tokenizer.ggml.scores', 'number', path) ?? [];
    const prefix = metadata.get('tokenizer.ggml.add_space_prefix') !== false;
    return tokenizerFrom(sentencePieceBpe({ tokens, scores, types, prefix }), {}, path);
  }
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  const merges = listOf(metadata, 'tokenizer.ggml.merges', 'string', path) ?? [];
  const json = {
    version: '1.0',
    ...byteLevel(PATTERNS.get(pre)),
    model: { type: 'BPE', vocab, merges, fuse_unk: false, byte_fallback: false },
    added_tokens: addedTokens(tokens, types),
    post_processor: null,
    normalizer: null,
  };
  return tokenizerFrom(json, {}, path);
}

interface Element {
  string: string;
  number: number;
}

/** Far above any piece of a vocabulary; every way to cut one in two is looked at. */
const LONGEST_PIECE = 1000;

/** A metadata key that is a list of texts or of numbers; undefined where there is none. */
function listOf<K extends keyof Element>(
  metadata: ReadonlyMap<string, unknown>,
  key: string,
  type: K,
  path: string,
): Element[K][] | undefined {
  const value = metadata.get(key);
  if (value === undefined) return undefined;
  const fits = (one: unknown): one is Element[K] =>
    typeof one === type && (typeof one !== 'string' || one.length <= LONGEST_PIECE);
  if (Array.isArray(value) && value.every(fits)) return value;
  throw new MugiError({
    code: 'invalid-file',
    message: `the metadata key ${key} is no list of ${type === 'string' ? 'pieces of text' : 'numbers'}`,
    path,
  });
}

function byteLevel(pattern: string | undefined) {
  const level = {
    type: 'ByteLevel',
    add_prefix_space: false,
    trim_offsets: true,
    use_regex: pattern === undefined,
  };
  const split = { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false };
  return {
    pre_tokenizer: pattern === undefined ? level : { type: 'Sequence', pretokenizers: [split, level] },
    decoder: level,
  };
}
