import { z } from 'zod';
import { MugiError } from '../../../errors.ts';
import type { WhisperConfig } from '../../../model/config/config.ts';
import { preprocessorFile, readPreprocessor } from '../preprocessor.ts';
import { logMel, type MelSettings } from './log-mel.ts';
import { resample } from './resample.ts';
import { readWav } from './wav.ts';

/** Samples a second of speech, from telephones to studios. */
const [SLOWEST, FASTEST] = [4000, 192_000];

/** `preprocessor_config.json` of a Whisper folder; defaults are transformers'. */
const Extractor = z.object({
  feature_size: z.number().int().positive().max(4096).optional(),
  sampling_rate: z.number().int().positive().max(1e6).default(16_000),
  hop_length: z.number().int().positive().default(160),
  chunk_length: z.number().positive().max(3600).default(30),
  n_fft: z.number().int().min(2).max(65_536).default(400),
  padding_value: z.number().default(0),
});

/**
 * How sounds become features for a model: its folder's `preprocessor_config.json`.
 * @throws MugiError for a file that is malformed, or whose features the model cannot read
 */
export function melSettings(folder: string, { melBins, sourcePositions }: WhisperConfig): MelSettings {
  // The file holds the filters, too.
  const found = readPreprocessor(folder, Extractor, 'how speech is prepared', 16 * 2 ** 20);
  const { feature_size: bins = melBins, sampling_rate: rate, hop_length: hop, n_fft: frame } = found;
  const length = Math.floor(found.chunk_length * rate);
  const frames = Math.floor(length / hop);
  if (bins !== melBins || frames !== 2 * sourcePositions) {
    throw new MugiError({
      code: 'invalid-file',
      message: 'the features are not those that the model reads',
      path: preprocessorFile(folder),
      expected: `${melBins} bands and ${2 * sourcePositions} frames`,
      received: `${bins} bands and ${frames} frames`,
    });
  }
  return { bins, rate, hop, frame, length, padding: found.padding_value };
}

/**
 * Features [bins × frames] of a file, at the model's sampling rate, cut or padded to its length.
 * @throws MugiError for a file that is not read, or whose sampling rate is none of a sound
 */
export function featuresOf(path: string, settings: MelSettings): Float32Array {
  const { rate: wanted, length } = settings;
  const { rate, samples } = readWav(path, length / wanted);
  if (rate === wanted || (rate >= SLOWEST && rate <= FASTEST))
    return logMel(resample(samples, rate, wanted, length), settings);
  throw new MugiError({
    code: 'invalid-value',
    message: 'no sound has such a sampling rate',
    path,
    expected: `${SLOWEST} to ${FASTEST} samples a second`,
    received: `${rate} samples a second`,
  });
}
