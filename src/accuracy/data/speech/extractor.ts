import { z } from 'zod';
import { MugiError } from '../../../errors.ts';
import type { WhisperConfig } from '../../../model/config/config.ts';
import { preprocessorFile, readPreprocessor } from '../preprocessor.ts';
import { logMel, type MelSettings } from './log-mel.ts';
import { readWav } from './wav.ts';

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
 * Features [bins × frames] of a file, cut or padded to the model's length.
 * @throws MugiError for a file that is not read, or of another sampling rate: nothing is resampled
 */
export function featuresOf(path: string, settings: MelSettings): Float32Array {
  const { rate, samples } = readWav(path, settings.length);
  if (rate === settings.rate) return logMel(samples, settings);
  throw new MugiError({
    code: 'invalid-value',
    message: 'the sound does not have the sampling rate that the model reads',
    path,
    expected: `${settings.rate} samples a second`,
    received: `${rate} samples a second`,
  });
}
