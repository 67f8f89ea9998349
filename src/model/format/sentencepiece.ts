import { MugiError } from '../../errors.ts';
import { floats, inside, message, text, whole } from '../../protobuf.ts';

/** Pieces of a SentencePiece vocabulary. Types as in `sentencepiece_model.proto`, which GGUF has too. */
export interface Pieces {
  tokens: readonly string[];
  scores: readonly number[];
  /** 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused, 6 byte. */
  types: readonly number[];
  /** A space is put before a text. */
  prefix: boolean;
}

const UNKNOWN = 2;
const CONTROL = 3;
const USER_DEFINED = 4;

/** Tokens that stand for themselves in text; control tokens are no text when they are written out again. */
export const addedTokens = (tokens: readonly string[], types: readonly number[]) =>
  tokens.flatMap((content, id) => {
    const type = types[id] ?? 1;
    if (type !== CONTROL && type !== USER_DEFINED) return [];
    const special = type === CONTROL;
    return [{ id, content, special, single_word: false, lstrip: false, rstrip: false, normalized: false }];
  });

/** A `tokenizer.json` that cuts texts as SentencePiece's BPE does, whose merges follow from the pieces' scores. */
export function sentencePieceBpe({ tokens, scores, types, prefix }: Pieces): object {
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]));
  const merges = mergesFromScores(tokens, scores, types);
  const unknown = types.indexOf(UNKNOWN);
  return {
    ...around(prefix),
    model: {
      type: 'BPE',
      vocab,
      merges,
      fuse_unk: true,
      byte_fallback: true,
      ...(unknown < 0 ? {} : { unk_token: tokens[unknown] }),
    },
    added_tokens: addedTokens(tokens, types),
  };
}

function sentencePieceUnigram({ tokens, scores, types, prefix }: Pieces): object {
  return {
    ...around(prefix),
    model: {
      type: 'Unigram',
      unk_id: Math.max(0, types.indexOf(UNKNOWN)),
      vocab: tokens.map((token, id) => [token, scores[id]]),
      byte_fallback: types.includes(6),
    },
    added_tokens: addedTokens(tokens, types),
  };
}

/** What stands around the model: spaces become ▁ and back. */
const around = (prefix: boolean) => ({
  version: '1.0',
  pre_tokenizer: null,
  post_processor: null,
  normalizer: {
    type: 'Sequence',
    normalizers: [
      ...(prefix ? [{ type: 'Prepend', prepend: '▁' }] : []),
      { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
    ],
  },
  decoder: {
    type: 'Sequence',
    decoders: [
      { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
      { type: 'ByteFallback' },
      { type: 'Fuse' },
      ...(prefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
    ],
  },
});

/** Longest piece that is cut in two at every place. */
const LONGEST_PIECE = 1000;

/**
 * Reads `tokenizer.model` (`ModelProto` of sentencepiece_model.proto): pieces (1), trainer (2: model type 3), normaliser
 * (3: rules 2, prefix 3, removal of spaces 4). Normalisation by rules (NFKC) is refused where the file has any, and so is
 * the removal of spaces that stand beside others or at an end: texts would be cut otherwise.
 * @throws MugiError for a file that is no such message, and for models of words or characters
 */
export function sentencePieceTokenizer(bytes: Uint8Array, path: string): object {
  const broken = (why: string): MugiError =>
    new MugiError({
      code: 'invalid-file',
      message: `not a readable SentencePiece model: ${why}`,
      path,
      expected: 'tokenizer.model',
    });
  const pieces = { tokens: [] as string[], scores: [] as number[], types: [] as number[], prefix: true };
  let kind = 1;
  let rules = 0;
  // What a file leaves out is true (`NormalizerSpec`).
  let removesSpaces = true;
  try {
    message(bytes, {
      1: inside((piece) => {
        let [token, score, type] = ['', 0, 1];
        message(piece, {
          1: text((value) => (token = value)),
          2: floats((value) => (score = value)),
          3: whole((value) => (type = value)),
        });
        pieces.tokens.push(token);
        pieces.scores.push(score);
        pieces.types.push(type);
      }),
      2: inside((trainer) => message(trainer, { 3: whole((value) => (kind = value)) })),
      3: inside((normaliser) =>
        message(normaliser, {
          2: inside((map) => (rules = map.length)),
          3: whole((value) => (pieces.prefix = value !== 0)),
          4: whole((value) => (removesSpaces = value !== 0)),
        }),
      ),
    });
  } catch (error) {
    throw broken(error instanceof Error ? error.message : 'its bytes are no message');
  }
  if (pieces.tokens.length === 0) throw broken('it holds no pieces');
  if (pieces.tokens.some((token) => token.length > LONGEST_PIECE)) throw broken('a piece is too long');
  if (pieces.scores.some((score) => !Number.isFinite(score))) throw broken('a score is no number');
  if (rules > 0) {
    throw new MugiError({
      code: 'unsupported',
      message: 'the SentencePiece model normalises texts by rules of its own, which is not supported',
      path,
      expected: 'a tokenizer.json beside it, or the identity',
    });
  }
  if (removesSpaces) {
    throw new MugiError({
      code: 'unsupported',
      message: 'the SentencePiece model removes spaces beside spaces, which is not supported',
      path,
      expected: 'a tokenizer.json beside it, or remove_extra_whitespaces = false',
    });
  }
  if (kind === 1) return sentencePieceUnigram(pieces);
  if (kind === 2) return sentencePieceBpe(pieces);
  throw new MugiError({
    code: 'unsupported',
    message: 'the SentencePiece model cuts words or characters, which is not supported',
    path,
    expected: 'BPE or unigram',
  });
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
