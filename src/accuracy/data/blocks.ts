import { createHash } from 'node:crypto';
import { MugiError } from '../../errors.ts';
import { inputOf, type ModelConfig, readsText } from '../../model/config/config.ts';
import type { Batch } from '../../model/model.ts';
import type { TextTokenizer } from '../../model/format/tokenizer.ts';
import type { TextDocument } from './embedded-text.ts';
import { keyOf } from '../../files/state.ts';

/** One independent piece of evaluation: a block of tokens, one image, one clip, or one sound with its text. Rows of targets: −1 is not scored. */
export interface Block {
  document: string;
  ids?: Int32Array;
  pixels?: Float32Array;
  /** Features of a sound, beside the `ids` of its text. */
  mel?: Float32Array;
  /** What is said in it. */
  said?: string;
  /** One per row of the model's result. */
  targets: Int32Array;
  /** Targets that are scored. */
  scored: number;
  /** Rows that go through the model's layers, where they are not its tokens. */
  rows?: number;
}

/** Longest block by default: attention scores of longer ones are slow without telling more about windows. */
export const DEFAULT_BLOCK = 1024;

/** Every how many tokens one is masked for an encoder's masked-language-model loss (BERT masks 15 %). */
const MASK_EVERY = 7;

/**
 * Cuts each document's tokens into blocks; none crosses a document. A decoder is fed `<bos>` and the block's tokens
 * but the last and predicts all of them (the rule mugi-tiny was validated by); without a `<bos>` the first token is
 * given. An encoder is fed the block between [CLS] and [SEP] with every 7th token replaced by [MASK].
 * @throws MugiError for a model that reads images, and a tokenizer without the tokens that frame a block
 */
export function textBlocks(
  config: ModelConfig,
  tokenizer: TextTokenizer,
  documents: readonly TextDocument[],
  length = Math.min(config.context, DEFAULT_BLOCK),
): Block[] {
  if (!readsText(config)) {
    throw new MugiError({
      code: 'invalid-value',
      message: `a ${config.modelType} model reads ${inputOf(config)}, not text`,
      path: inputOf(config) === 'speech' ? 'audio' : 'images',
    });
  }
  const size = config.family === 'bert' ? length - 2 : length;
  return documents.flatMap(({ name, text }) => {
    const ids = tokenizer.encode(text);
    const blocks: Block[] = [];
    for (let at = 0; at < ids.length; at += size) {
      const part = ids.slice(at, at + size);
      const block = config.family === 'bert' ? masked(part, tokenizer) : causal(part, config.bos);
      if (block.scored > 0) blocks.push({ document: name, ...block });
    }
    return blocks;
  });
}

type Inputs = Omit<Block, 'document'>;

function causal(ids: readonly number[], bos: number | undefined): Inputs {
  const inputs = bos === undefined ? ids.slice(0, -1) : [bos, ...ids.slice(0, -1)];
  const targets = bos === undefined ? ids.slice(1) : ids;
  return { ids: Int32Array.from(inputs), targets: Int32Array.from(targets), scored: targets.length };
}

function masked(ids: readonly number[], tokenizer: TextTokenizer): Inputs {
  /** BERT's name of a token, or RoBERTa's. */
  const special = (token: string, other: string): number => {
    const id = tokenizer.id(token) ?? tokenizer.id(other);
    if (id !== undefined) return id;
    throw new MugiError({
      code: 'invalid-file',
      message: `the tokenizer has no ${token} token`,
      path: 'tokenizer.json',
    });
  };
  const inputs = [special('[CLS]', '<s>'), ...ids, special('[SEP]', '</s>')];
  const targets = new Int32Array(inputs.length).fill(-1);
  let scored = 0;
  for (let i = Math.ceil(MASK_EVERY / 2); i <= ids.length; i += MASK_EVERY) {
    targets[i] = inputs[i];
    inputs[i] = special('[MASK]', '<mask>');
    scored += 1;
  }
  return { ids: Int32Array.from(inputs), targets, scored };
}

/** Puts blocks together as one batch: their rows follow one another. */
export function batchOf(blocks: readonly Block[]): Batch {
  if (blocks[0]?.pixels) {
    const size = blocks[0].pixels.length;
    const pixels = new Float32Array(size * blocks.length);
    for (const [i, block] of blocks.entries()) pixels.set(block.pixels!, i * size);
    return { kind: 'images', pixels, count: blocks.length };
  }
  const ids = Int32Array.from(blocks.flatMap(({ ids }) => [...ids!]));
  const sequences = blocks.map(({ ids }) => ({ rows: ids!.length }));
  if (blocks[0]?.mel === undefined) return { kind: 'tokens', ids, sequences };
  const size = blocks[0].mel.length;
  const mel = new Float32Array(size * blocks.length);
  for (const [i, block] of blocks.entries()) mel.set(block.mel!, i * size);
  return { kind: 'speech', mel, ids, sequences };
}

/** Stable name of what blocks hold, for work that may be interrupted. */
export const keyOfBlocks = (blocks: readonly Block[]): string =>
  keyOf(
    blocks.map(({ ids, pixels, mel, targets }) => {
      const read = pixels ?? mel;
      return [[...(ids ?? [])], read && digest(read), [...targets]];
    }),
  );

/** SHA-256 of what blocks hold, the same for every version of this program. */
export function digestOfBlocks(blocks: readonly Block[]): string {
  const hash = createHash('sha256');
  for (const { ids, pixels, mel, targets } of blocks) {
    for (const part of [ids, pixels, mel, targets]) {
      hash.update(`${part?.length ?? 'none'};`);
      if (part) hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    }
  }
  return hash.digest('hex');
}

const digest = ({ buffer, byteOffset, byteLength }: Float32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');
