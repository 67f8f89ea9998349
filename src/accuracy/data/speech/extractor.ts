import { join } from 'node:path';
import { z } from 'zod';
import { MugiError } from '../../../errors.ts';
import { kindAt, readJson } from '../../../files/read.ts';
import type { WhisperConfig } from '../../../model/config/config.ts';
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
  const path = join(folder, 'preprocessor_config.json');
  const found: unknown =
    kindAt(path) === 'nothing'
      ? {}
      : readJson(path, { what: 'preprocessor configuration', limit: 16 * 2 ** 20 }, (_, value) =>
          value === null ? undefined : value,
        );
  const parsed = Extractor.safeParse(found);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new MugiError({
      code: 'invalid-file',
      message: `how speech is prepared cannot be read: ${issue.message}`,
      path: issue.path.length === 0 ? path : `${path}: ${issue.path.join('.')}`,
    });
  }
  const { feature_size: bins = melBins, sampling_rate: rate, hop_length: hop, n_fft: frame } = parsed.data;
  const length = Math.floor(parsed.data.chunk_length * rate);
  const frames = Math.floor(length / hop);
  if (bins !== melBins || frames !== 2 * sourcePositions) {
    throw new MugiError({
      code: 'invalid-file',
      message: 'the features are not those that the model reads',
      path,
      expected: `${melBins} bands and ${2 * sourcePositions} frames`,
      received: `${bins} bands and ${frames} frames`,
    });
  }
  return { bins, rate, hop, frame, length, padding: parsed.data.padding_value };
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
