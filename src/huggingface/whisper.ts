import type { Config } from './config.ts';
import { headSize } from './heads.ts';

/** Layers of one half of Whisper. */
export interface WhisperHalf {
  layers: number;
  heads: number;
  ffn: number;
}

/** Sizes of a Whisper model. */
export interface WhisperSizes {
  hidden: number;
  encoder: WhisperHalf;
  decoder: WhisperHalf;
  melBins: number;
  /** Encoder positions, half as many as frames: 1500 for 30 s. */
  sourcePositions: number;
  /** Text positions: 448. */
  targetPositions: number;
  vocabulary: number;
}

export function whisperSizes(config: Config): WhisperSizes {
  const hidden = config.size('d_model');
  const half = (name: 'encoder' | 'decoder'): WhisperHalf => {
    const heads = config.size(`${name}_attention_heads`);
    headSize(config, `${name}_attention_heads`, hidden, heads);
    return { layers: config.layers(`${name}_layers`), heads, ffn: config.size(`${name}_ffn_dim`) };
  };
  return {
    hidden,
    encoder: half('encoder'),
    decoder: half('decoder'),
    melBins: config.size('num_mel_bins'),
    sourcePositions: config.size('max_source_positions'),
    targetPositions: config.size('max_target_positions'),
    vocabulary: config.size('vocab_size'),
  };
}
