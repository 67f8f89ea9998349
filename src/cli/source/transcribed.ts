import type { Block } from '../../accuracy/data/blocks.ts';
import { DEFAULT_LANGUAGE } from '../../accuracy/data/speech/speech.ts';
import type { AccuracyRow } from '../../accuracy/score/accuracy-row.ts';
import type { Precision } from '../../accuracy/score/precision.ts';
import type { Method, NonlinearSettings } from '../../accuracy/study/methods.ts';
import { transcriptions } from '../../accuracy/study/transcription.ts';
import type { OpenedModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import { withProgress } from '../../present/progress.ts';
import { writersOf } from './writers.ts';

interface TranscriptionFlags {
  transcribe?: true;
  language?: string;
  fresh?: true;
}

/**
 * Rows of methods with the word error rate of their transcriptions beside it, against that of the stored model; as they are
 * where none is asked for.
 */
export async function withTranscriptions(
  rows: readonly AccuracyRow[],
  { transcribe, language = DEFAULT_LANGUAGE, fresh }: TranscriptionFlags,
  options: {
    opened: OpenedModel;
    model: LoadedModel;
    blocks: readonly Block[];
    methods: readonly Method[];
    precision: Precision;
    settings: NonlinearSettings;
  },
): Promise<readonly AccuracyRow[]> {
  if (transcribe !== true) return rows;
  const { opened } = options;
  const writers = writersOf(opened.config, options);
  const [, ...written] = await withProgress(
    `transcription by ${opened.name}`,
    'texts',
    (onProgress) => transcriptions({ ...options, language, fresh, writers, onProgress }),
    'transcription',
  );
  return rows.map((row) => {
    const own = row.part === 'all' ? written.find(({ method }) => method === row.method) : undefined;
    if (own === undefined) return row;
    return {
      ...row,
      words: own.words,
      word_errors: own.word_errors,
      word_error_rate: own.word_error_rate,
      word_error_rate_ci95: own.word_error_rate_ci95,
      word_error_rate_over_stored: own.over_first,
      word_error_rate_over_stored_ci95: own.over_first_ci95,
    };
  });
}
