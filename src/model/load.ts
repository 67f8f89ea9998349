import { basename, join } from 'node:path';
import { MugiError, nearest } from '../errors.ts';
import { asset } from '../files/asset.ts';
import { kindAt, readText } from '../files/read.ts';
import { parseJson } from '../huggingface/json.ts';
import { EMBEDDED_MODELS } from './embedded.ts';
import { loadBert } from './family/bert.ts';
import type { Checkpoint } from './checkpoint.ts';
import { Config, isRecord } from '../huggingface/config.ts';
import { inVocabulary } from './config/config-checks.ts';
import { isDecoder, type ModelConfig } from './config/config.ts';
import { finiteModel } from './finite.ts';
import { type ChatTemplate, folderTemplate } from './format/chat-template.ts';
import { openLlama2c } from './format/llama2c.ts';
import { openGguf } from './format/gguf.ts';
import { loadGpt2 } from './family/gpt2.ts';
import { loadDecoder } from './family/decoder.ts';
import type { LoadedModel } from './model.ts';
import { readConfig } from './config/read-config.ts';
import { withGeneration } from './config/whisper-generation.ts';
import { refuseUnread } from './unread.ts';
import { openSafetensors } from './format/safetensors.ts';
import { firstToken, readTokenizer, type TextTokenizer } from './format/tokenizer.ts';
import { loadSwin } from './family/swin.ts';
import { loadVit } from './family/vit.ts';
import { loadWhisper } from './family/whisper.ts';
import { refuseUnfit } from './weight/fitting.ts';
import { prepareThreads, type Threads } from './weight/kernel-memory.ts';
import { heldWeights, type Holding, NAMES_ALONE } from './weight/holding.ts';

/** What a user named with `--model`, opened: configuration and headers are read, weights are not. */
export interface OpenedModel {
  /** Short name for tables: the folder's or file's name. */
  name: string;
  /** The folder, or the GGUF file. */
  path: string;
  config: ModelConfig;
  checkpoint: Checkpoint;
  /** Names of the matrices of the layers, as `LoadedModel.linears` has them, of which no weight is read. */
  matrices(): readonly string[];
  /**
   * Reads all weights; refuses, before any is read, those that the memory cannot hold.
   * @param holding default: as stored. What is held in INT4 alone is quantised matrix by matrix on its way in.
   * @param onRead told of bytes as they come out of the files
   */
  load(holding?: Holding, onRead?: (bytes: number) => void): LoadedModel;
  /** Reads the tokenizer; refuses a checkpoint that has none. */
  tokenizer(): TextTokenizer;
  /** How a chat model takes a conversation; undefined where its files do not say. */
  template(): ChatTemplate | undefined;
}

/**
 * Opens an embedded model by name, a Hugging Face folder, a GGUF file, or a `.bin` of llama2.c.
 * @param threads that share its products, see `prepareThreads`
 * @throws MugiError for a model that does not exist or is not supported
 */
export async function openModel(name: string, threads?: Threads): Promise<OpenedModel> {
  const path = locate(name);
  if (kindAt(path) === 'file' && path.toLowerCase().endsWith('.bin')) {
    const { config, checkpoint, tokenizer } = openLlama2c(path);
    await prepareThreads(sizeOf(checkpoint, config), threads);
    return opened(path, config, checkpoint, { tokenizer, template: () => undefined });
  }
  if (kindAt(path) !== 'folder') {
    const { config, checkpoint, tokenizer, template } = openGguf(path);
    await prepareThreads(sizeOf(checkpoint, config), threads);
    return opened(path, config, checkpoint, { tokenizer, template });
  }
  const file = join(path, 'config.json');
  if (kindAt(file) === 'nothing') {
    throw new MugiError({
      code: 'missing-file',
      message: 'the folder has no config.json',
      path,
      expected: file,
    });
  }
  const raw = parseJson(readText(file, KIND), file);
  const config = readConfig(raw, file);
  const checkpoint = openSafetensors(path);
  await prepareThreads(sizeOf(checkpoint, config), threads);
  return opened(path, withTokens(config, path), checkpoint, {
    tokenizer: () => readTokenizer(path),
    template: () => folderTemplate(path),
  });
}

/** Bytes of a checkpoint's weights, and a quarter for what is made of them: INT4 copies, keys and values. */
const sizeOf = (checkpoint: Checkpoint, config: ModelConfig): number =>
  1.25 * heldWeights(checkpoint, config);

const KIND = { what: 'model configuration', limit: 16 * 2 ** 20 };

/** First and end tokens as the folder's other files have them: its tokenizer, and generation_config.json. */
function withTokens(config: ModelConfig, folder: string): ModelConfig {
  if (config.family === 'whisper') return withGeneration(config, folder);
  if (!isDecoder(config)) return config;
  const bos = firstToken(folder, config.bos);
  if (bos !== undefined) inVocabulary(join(folder, 'tokenizer.json'), 'the first token', [bos], config.vocab);
  const file = join(folder, 'generation_config.json');
  if (kindAt(file) === 'nothing') return { ...config, bos };
  const raw = parseJson(readText(file, KIND), file);
  const own = new Config(isRecord(raw) ? raw : {}, file).integers('eos_token_id');
  inVocabulary(file, 'eos_token_id', own, config.vocab);
  return { ...config, bos, eos: own.length > 0 ? own : config.eos };
}

function opened(
  path: string,
  config: ModelConfig,
  checkpoint: Checkpoint,
  text: Pick<OpenedModel, 'tokenizer' | 'template'>,
): OpenedModel {
  return {
    name: basename(path),
    path,
    config,
    checkpoint,
    ...text,
    matrices: () => [...build(config, checkpoint, NAMES_ALONE).linears.keys()],
    load(holding, onRead) {
      checkpoint.onRead = onRead;
      try {
        refuseUnfit(heldWeights(checkpoint, config, holding), path);
        const model = build(config, checkpoint, holding);
        refuseUnread(checkpoint, config);
        return finiteModel(model, path);
      } finally {
        checkpoint.onRead = undefined;
        checkpoint.close();
      }
    },
  };
}

function build(config: ModelConfig, checkpoint: Checkpoint, holding?: Holding): LoadedModel {
  switch (config.family) {
    case 'decoder':
      return loadDecoder(config, checkpoint, holding);
    case 'gpt2':
      return loadGpt2(config, checkpoint, holding);
    case 'bert':
      return loadBert(config, checkpoint, holding);
    case 'vit':
      return loadVit(config, checkpoint, holding);
    case 'swinv2':
      return loadSwin(config, checkpoint, holding);
    case 'whisper':
      return loadWhisper(config, checkpoint, holding);
  }
}

/** Folder of an embedded model. */
export const embeddedFolder = (name: string): string => asset(`models/${name}`);

function locate(name: string): string {
  if ((EMBEDDED_MODELS as readonly string[]).includes(name)) return embeddedFolder(name);
  if (kindAt(name) !== 'nothing') return name;
  throw new MugiError({
    code: 'missing-file',
    message: 'no such model: neither an embedded one nor a folder or GGUF file',
    path: name,
    expected: `one of ${EMBEDDED_MODELS.join(', ')}, a Hugging Face folder, a .gguf file, or a .bin of llama2.c`,
    received: name,
    nearest: nearest(name, EMBEDDED_MODELS),
  });
}
