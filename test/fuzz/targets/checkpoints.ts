import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { textBlocks } from '../../../src/accuracy/data/blocks.ts';
import { readTokenizer, type TextTokenizer } from '../../../src/model/format/tokenizer.ts';
import { EXACT_SUMS } from '../../../src/vlp/gemm.ts';
import { exactNonlinear } from '../../../src/model/layer/nonlinear.ts';
import { openModel } from '../../../src/model/load.ts';
import { type Dice, mutateBytes, mutateJson, mutateText } from '../mutate.ts';
import { expectFinite, WrongResult } from '../outcome.ts';
import { packedCheckpoints } from '../seeds/packed.ts';
import * as seeds from '../seeds/checkpoints.ts';
import { TEXT } from '../seeds/data.ts';
import { folderOf } from '../seeds/folder.ts';
import { sentencePieces, TOKENIZERS } from '../seeds/tokenizers.ts';
import { gguf, once, type Target } from './target.ts';

async function runModel(path: string): Promise<void> {
  const model = (await openModel(path)).load();
  const { config } = model;
  const arithmetic = {
    activations: 'fp32',
    weights: { type: 'stored' },
    kv: 'fp32',
    products: EXACT_SUMS,
    nonlinear: exactNonlinear,
  } as const;
  if (config.family === 'vit') {
    const pixels = new Float32Array(config.frames * config.channels * config.image ** 2).fill(0.25);
    const hidden = model.forward({ kind: 'images', pixels, count: 1 }, arithmetic);
    expectFinite(model.logits(hidden, 0, 1), 'a logit');
    return;
  }
  const ids = Int32Array.of(1, 2, 3);
  const hidden = model.forward({ kind: 'tokens', ids, sequences: [{ rows: 3 }] }, arithmetic);
  expectFinite(model.logits(hidden, 0, 3), 'a logit');
}

const checkpoint = once(seeds.checkpointFiles);
const packed = once(packedCheckpoints);
const llama2c = once(seeds.llama2c);

/** The header of a safetensors file, as JSON, and what is behind it. */
function parts(weights: Uint8Array): { header: string; rest: Uint8Array } {
  const end = 8 + Number(Buffer.from(weights).readBigUInt64LE(0));
  return { header: Buffer.from(weights.subarray(8, end)).toString(), rest: weights.subarray(end) };
}

/** A safetensors file with its header changed, sizes kept right or not, or with any of its bytes. */
function changedWeights(weights: Uint8Array, dice: Dice): Uint8Array {
  if (!dice.chance(0.6)) return mutateBytes(weights, dice);
  const { header, rest } = parts(weights);
  const changed = Buffer.from(mutateJson(header, dice));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(changed.length + (dice.chance(0.05) ? dice.below(9) : 0)));
  return Buffer.concat([size, changed, rest]);
}

/** Reads the tokenizer of a folder, and writes with it. */
function tokenize(folder: string, texts: readonly string[], dice: Dice): TextTokenizer {
  const tokenizer = readTokenizer(folder);
  const ids = tokenizer.encode(dice.pick(texts));
  if (ids.some((id) => !Number.isInteger(id) || id < 0)) throw new WrongResult(`token ${ids.join()}`);
  if (typeof tokenizer.decode(ids.slice(0, 20)) !== 'string') throw new WrongResult('a text that is none');
  return tokenizer;
}

/** Readers of models that are run. */
export const CHECKPOINTS: readonly Target[] = [
  {
    name: 'model to be run',
    weight: 25,
    try(dice, folder) {
      const { config, weights } = checkpoint();
      folderOf(folder, { 'config.json': mutateJson(config, dice), 'model.safetensors': weights });
      return runModel(folder);
    },
  },
  {
    name: 'safetensors',
    weight: 20,
    try(dice, folder) {
      const { config, weights } = checkpoint();
      folderOf(folder, { 'config.json': config, 'model.safetensors': changedWeights(weights, dice) });
      return runModel(folder);
    },
  },
  {
    name: 'packed weights',
    weight: 15,
    try(dice, folder) {
      const { config, weights } = dice.pick(packed());
      const changed = dice.chance(0.7) ? changedWeights(weights, dice) : weights;
      const at = join(folder, 'packed');
      folderOf(at, {
        'config.json': dice.chance(0.3) ? mutateJson(config, dice) : config,
        'model.safetensors': changed,
      });
      return runModel(at);
    },
  },
  {
    name: 'safetensors index',
    weight: 8,
    try(dice, folder) {
      const { config, weights } = checkpoint();
      const names = Object.keys(JSON.parse(parts(weights).header) as object);
      const map = Object.fromEntries(
        names.filter((name) => name !== '__metadata__').map((name) => [name, 'a.safetensors']),
      );
      const path = join(folder, 'sharded');
      folderOf(path, {
        'config.json': config,
        'a.safetensors': weights,
        'model.safetensors.index.json': mutateJson(JSON.stringify({ metadata: {}, weight_map: map }), dice),
      });
      return runModel(path);
    },
  },
  {
    name: 'llama2.c',
    weight: 8,
    try(dice, folder) {
      const at = join(folder, 'llama2c');
      const { model, tokenizer } = llama2c();
      folderOf(at, {
        'model.bin': dice.chance(0.8) ? mutateBytes(model, dice) : model,
        'tokenizer.bin': mutateBytes(tokenizer, dice),
      });
      const path = join(at, 'model.bin');
      return runModel(path).then(async () => {
        const read = (await openModel(path)).tokenizer();
        read.decode(read.encode('ab ab ba'));
      });
    },
  },
  {
    name: 'chat template',
    weight: 5,
    async try(dice, folder) {
      const { config, weights } = checkpoint();
      const at = join(folder, 'chat');
      const text = dice.chance(0.7) ? mutateText(seeds.CHAT, dice) : seeds.CHAT;
      const stated = JSON.stringify({
        chat_template: text,
        bos_token: '<s>',
        eos_token: { content: '</s>' },
      });
      folderOf(at, {
        'config.json': config,
        'model.safetensors': weights,
        'tokenizer_config.json': dice.chance(0.5) ? mutateJson(stated, dice) : stated,
      });
      const template = (await openModel(at)).template();
      if (template !== undefined && typeof template([{ role: 'user', content: 'Hello' }]) !== 'string')
        throw new WrongResult('a conversation that is no text');
    },
  },
  {
    name: 'GGUF',
    weight: 20,
    async try(dice, folder) {
      const path = join(folder, 'model.gguf');
      writeFileSync(path, mutateBytes(gguf(), dice));
      await runModel(path);
      const tokenizer = (await openModel(path)).tokenizer();
      tokenizer.decode(tokenizer.encode('ab ab ba'));
    },
  },
  {
    name: 'tokenizer',
    weight: 15,
    try(dice, folder) {
      folderOf(folder, { 'tokenizer.json': mutateJson(dice.pick(TOKENIZERS), dice) });
      const tokenizer = tokenize(folder, [TEXT, 't'.repeat(60), 'ab ü\u0000 \ud800'], dice);
      const config = { family: 'gpt2', context: 64, bos: 1 } as Parameters<typeof textBlocks>[0];
      textBlocks(config, tokenizer, [{ name: 'text', text: TEXT }]);
    },
  },
  {
    name: 'SentencePiece',
    weight: 8,
    try(dice, folder) {
      const at = join(folder, 'pieces');
      folderOf(at, { 'tokenizer.model': mutateBytes(sentencePieces(dice.pick([1, 2])), dice) });
      tokenize(at, [TEXT, 'aba abü', 'ab ü\u0000 \ud800'], dice);
    },
  },
];
