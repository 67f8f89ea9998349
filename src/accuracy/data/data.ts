import { MugiError, wholeNumber } from '../../errors.ts';
import { EMBEDDED_MODELS } from '../../model/embedded.ts';
import {
  inputOf,
  isVision,
  type ModelConfig,
  type VisionConfig,
  type WhisperConfig,
} from '../../model/config/config.ts';
import type { OpenedModel } from '../../model/load.ts';
import { type Block, DEFAULT_BLOCK, textBlocks } from './blocks.ts';
import { embeddedText, type TextDocument } from './embedded-text.ts';
import { imageBlocks, layoutOf } from './images.ts';
import { speechBlocks } from './speech/speech.ts';
import { parquetTexts, textDocuments } from './text-file.ts';
import { assertDisjoint, type Split, splitBlocks, withoutRepeats } from './split.ts';

export interface DataOptions {
  /** Evaluation text; the embedded validation text when left out. */
  text?: string;
  /** Calibration text; an eighth of `text`, or the embedded training text, when left out. */
  calibration?: string;
  /** Images, or clips, for a model that reads them. */
  images?: string;
  /** Speech with its text, for a model that hears it, and its language (`en`). */
  audio?: string;
  language?: string;
  /** Tokens per block. */
  block?: number;
  /** First image of the test set; those before it calibrate. */
  testFrom?: number;
  /** False where nothing is calibrated, and nothing about calibration can be wrong; the test set is the same. */
  calibrates?: boolean;
  /** Texts that were read before, by path. */
  documents?: ReadonlyMap<string, readonly TextDocument[]>;
}

/** mugi's ViT was trained on the first 8,000 of MNIST's 10,000 test images (its README). */
const VIT_TRAINING_IMAGES = 8000;

/**
 * Blocks of calibration and test data for a model; they never share one.
 * @throws MugiError for a file that cannot be read or does not suit the model, and too little text to keep
 *   calibration and test apart
 */
export function prepareData(opened: OpenedModel, options: DataOptions): Split & { name: string } {
  const { config } = opened;
  if (isVision(config)) return imageData(opened, config, options);
  if (config.family === 'whisper') return speechData(opened, config, options);
  refuseOther(config, options, 'text');
  const length = wholeNumber(
    'block',
    options.block ?? Math.min(config.context, DEFAULT_BLOCK),
    4,
    config.context,
  );
  const tokenizer = opened.tokenizer();
  const blocks = (documents: readonly TextDocument[]): Block[] =>
    textBlocks(config, tokenizer, documents, length);
  const read = (path: string): Block[] => {
    const found = blocks(options.documents?.get(path) ?? textDocuments(path));
    if (found.length > 0) return found;
    throw new MugiError({
      code: 'invalid-file',
      message: 'the text yields no tokens to predict',
      path,
      expected: 'UTF-8 text, or JSON lines with a document a line',
    });
  };
  const { calibrates = true } = options;
  // Read even where it is not used: a mistyped name is reported at once.
  const separate = options.calibration === undefined ? undefined : read(options.calibration);
  const given = calibrates ? separate : undefined;
  if (options.text === undefined) {
    const split = {
      calibration: given ?? (calibrates ? blocks(embeddedText('calibration')) : []),
      test: blocks(embeddedText('validation')),
    };
    if (given) assertDisjoint(split);
    return { name: 'embedded', ...split };
  }
  const all = read(options.text);
  if (given) {
    const split = { calibration: given, test: all };
    assertDisjoint(split);
    return { name: options.text, ...split };
  }
  // One block, which cannot be shared.
  if (!calibrates && (all.length < 2 || options.calibration !== undefined)) {
    return { name: options.text, calibration: [], test: all };
  }
  if (all.length < 2) {
    throw new MugiError({
      code: 'invalid-value',
      message: `the text is one block of at most ${length} tokens: calibration and test would share it`,
      path: options.text,
      expected: 'a longer text, a smaller `block`, or a separate `calibration` text',
    });
  }
  const split = splitBlocks(all);
  return { name: options.text, ...(calibrates ? withoutRepeats(split, options.text) : split) };
}

/** The same where texts may be Parquet files, which are read piece by piece. */
export async function readData(opened: OpenedModel, options: DataOptions): Promise<Split & { name: string }> {
  return prepareData(opened, {
    ...options,
    documents: await parquetTexts([options.text, options.calibration]),
  });
}

function imageData(
  opened: OpenedModel,
  config: VisionConfig,
  options: DataOptions,
): Split & { name: string } {
  refuseOther(config, options, 'images');
  if (options.images === undefined) {
    throw new MugiError({
      code: 'invalid-value',
      message: `a ${config.modelType} model needs images`,
      path: 'images',
      expected: layoutOf(config),
    });
  }
  const all = imageBlocks(options.images, config, opened.path);
  const ours = (EMBEDDED_MODELS as readonly string[]).includes(opened.name) && all.length === 10_000;
  const from = options.testFrom ?? (ours ? VIT_TRAINING_IMAGES : undefined);
  // Folders are read label by label: spread each label over both parts.
  const ordered = from === undefined ? interleaved(all) : all;
  const split = splitBlocks(
    ordered,
    from === undefined ? undefined : wholeNumber('testFrom', from, 1, all.length - 1),
  );
  const disjoint = options.calibrates === false ? split : withoutRepeats(split, options.images);
  return { name: options.images, ...disjoint };
}

/** Speech and its text; the first eighth of the sounds calibrates. */
function speechData(
  opened: OpenedModel,
  config: WhisperConfig,
  options: DataOptions,
): Split & { name: string } {
  refuseOther(config, options, 'audio');
  const { audio, language, calibrates } = options;
  if (audio === undefined) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'a whisper model needs speech',
      path: 'audio',
      expected: 'a folder of WAV files with their texts',
    });
  }
  const split = splitBlocks(speechBlocks(audio, config, opened.path, opened.tokenizer(), language));
  return { name: audio, ...(calibrates === false ? split : withoutRepeats(split, audio)) };
}

/** Refuses data of a kind that the model does not read. */
function refuseOther(config: ModelConfig, options: DataOptions, own: 'text' | 'images' | 'audio'): void {
  const key = (['images', 'audio', 'text', 'calibration'] as const).find(
    (one) => one !== own && options[one] !== undefined && !(one === 'calibration' && own === 'text'),
  );
  if (key === undefined) return;
  throw new MugiError({
    code: 'invalid-value',
    message: `a ${config.modelType} model reads ${inputOf(config)}, not ${key === 'audio' ? 'speech' : key}`,
    path: key,
    expected: `\`${own}\``,
  });
}

/** Every eighth image first, the rest behind, so that the first eighth holds all labels. */
function interleaved(blocks: readonly Block[]): Block[] {
  return [...blocks.filter((_, i) => i % 8 === 0), ...blocks.filter((_, i) => i % 8 !== 0)];
}
