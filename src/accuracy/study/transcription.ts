import { setImmediate } from 'node:timers/promises';
import { MugiError } from '../../errors.ts';
import { keyOf, type OnProgress, WorkState } from '../../files/state.ts';
import type { Arithmetic } from '../../model/arithmetic.ts';
import type { OpenedModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import { transcribe } from '../../model/transcribe.ts';
import { type Block, keyOfBlocks } from '../data/blocks.ts';
import { startTokens } from '../data/speech/speech.ts';
import { fingerprint } from '../score/fingerprint.ts';
import { pairedDifference, ratioEstimate } from '../score/statistics.ts';
import { wordErrors, wordsOf } from '../score/word-errors.ts';

/** One way of writing: name and settings identify it to interrupted work. */
export interface Writer {
  name: string;
  settings: unknown;
  arithmetic: Arithmetic;
}

/** Errors of one writer's texts. JSON names. */
export interface Transcription {
  method: string;
  words: number;
  word_errors: number;
  /** Words replaced, left out or put in, by words said. */
  word_error_rate: number;
  word_error_rate_ci95: number;
  /** Above the first writer, on the same sounds. */
  over_first: number;
  over_first_ci95: number;
  texts: { document: string; said: string; written: string; words: number; errors: number }[];
}

/**
 * Greedy transcription of the sounds of blocks by each writer, and its word error rate. Finished texts are kept, so that
 * interrupted work goes on.
 * @throws MugiError for a model that does not hear
 */
export async function transcriptions(options: {
  opened: OpenedModel;
  model: LoadedModel;
  blocks: readonly Block[];
  language: string;
  writers: readonly Writer[];
  fresh?: boolean;
  onProgress?: OnProgress;
}): Promise<Transcription[]> {
  const { opened, model, blocks, writers } = options;
  const { config } = opened;
  if (config.family !== 'whisper' || model.listen === undefined) {
    throw new MugiError({
      code: 'unsupported',
      message: `a ${config.modelType} model does not hear speech`,
      path: 'transcribe',
      expected: 'a whisper model',
    });
  }
  if (!blocks.some(({ said = '' }) => wordsOf(said).length > 0)) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'the texts hold no word, so none can be wrong',
      path: 'audio',
    });
  }
  const tokenizer = opened.tokenizer();
  const start = startTokens(config, tokenizer, options.language);
  const state = new WorkState<string>(
    keyOf([
      'transcription',
      fingerprint(opened),
      start,
      keyOfBlocks(blocks),
      writers.map(({ settings }) => settings),
    ]),
    options.fresh,
  );
  const results: Transcription[] = [];
  let [done, kept] = [0, 0];
  for (const [w, { name, arithmetic }] of writers.entries()) {
    const texts: Transcription['texts'] = [];
    for (const [i, { document, mel, said = '' }] of blocks.entries()) {
      const unit = `${w} ${i}`;
      if (state.get(unit) !== undefined) kept += 1;
      const written = await state.once(unit, async () => {
        const listener = model.listen!(mel!, arithmetic);
        const ids = [...transcribe(listener, config, start)];
        listener.dispose();
        return Promise.resolve(tokenizer.decode(ids).trim());
      });
      const words = wordsOf(said);
      texts.push({
        document,
        said,
        written,
        words: words.length,
        errors: wordErrors(words, wordsOf(written)),
      });
      options.onProgress?.(++done, writers.length * blocks.length, kept);
      await setImmediate();
    }
    results.push(rated(name, texts, results[0]?.texts ?? texts));
  }
  state.finish();
  return results;
}

function rated(method: string, texts: Transcription['texts'], first: Transcription['texts']): Transcription {
  const counts = texts.map(({ words }) => words);
  const errors = (of: Transcription['texts']) => of.map((text) => text.errors);
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
  const rate = ratioEstimate(errors(texts), counts);
  const over = pairedDifference(errors(texts), errors(first), counts);
  return {
    method,
    words: sum(counts),
    word_errors: sum(errors(texts)),
    word_error_rate: rate.mean,
    word_error_rate_ci95: rate.ci95,
    over_first: over.mean,
    over_first_ci95: over.ci95,
    texts,
  };
}
