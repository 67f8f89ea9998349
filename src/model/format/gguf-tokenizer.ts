import { MugiError } from '../../errors.ts';
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

/** Token types of GGUF that stand for themselves in text: control (3) and user-defined (4). */
const SPECIAL = new Set([3, 4]);

/**
 * The tokenizer that a GGUF file carries in its metadata: `gpt2` is byte-level BPE with merges, `llama` is
 * SentencePiece BPE, whose merges follow from the pieces' scores.
 * @throws MugiError for a tokenizer of another kind
 */
export function ggufTokenizer(metadata: ReadonlyMap<string, unknown>, path: string): TextTokenizer {
  const model = metadata.get('tokenizer.ggml.model');
  const tokens = listOf(metadata, 'tokenizer.ggml.tokens', 'string', path);
  const pre = String(metadata.get('tokenizer.ggml.pre') ?? 'default');
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
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  const merges =
    model === 'gpt2'
      ? (listOf(metadata, 'tokenizer.ggml.merges', 'string', path) ?? [])
      : mergesFromScores(tokens, listOf(metadata, 'tokenizer.ggml.scores', 'number', path) ?? [], types);
  const added = tokens.flatMap((content, id) =>
    SPECIAL.has(types[id] ?? 1)
      ? [{ id, content, special: true, single_word: false, lstrip: false, rstrip: false, normalized: false }]
      : [],
  );
  const bpe = { type: 'BPE', vocab, merges, fuse_unk: model === 'llama', byte_fallback: model === 'llama' };
  const json =
    model === 'gpt2'
      ? {
          ...byteLevel(PATTERNS.get(pre)),
          model: bpe,
          added_tokens: added,
          post_processor: null,
          normalizer: null,
        }
      : { ...sentencePiece(), model: bpe, added_tokens: added, post_processor: null, pre_tokenizer: null };
  return tokenizerFrom({ version: '1.0', ...json }, {}, path);
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

function sentencePiece() {
  return {
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Prepend', prepend: '▁' },
        { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
      ],
    },
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
    },
  };
}

/** Every way to make a piece of two pieces, best-scored result first: the order in which SentencePiece merges. */
function mergesFromScores(
  tokens: readonly string[],
  scores: readonly number[],
  types: readonly number[],
): string[] {
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const found: { left: string; right: string; id: number }[] = [];
  for (const [id, token] of tokens.entries()) {
    if ((types[id] ?? 1) !== 1) continue;
    const characters = [...token];
    for (let cut = 1; cut < characters.length; cut++) {
      const left = characters.slice(0, cut).join('');
      const right = characters.slice(cut).join('');
      if (ids.has(left) && ids.has(right)) found.push({ left, right, id });
    }
  }
  found.sort((a, b) => (scores[b.id] ?? -b.id) - (scores[a.id] ?? -a.id) || a.id - b.id);
  return found.map(({ left, right }) => `${left} ${right}`);
}
