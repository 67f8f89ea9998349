import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generated } from './doubles.ts';
import { type TestTensors, writeFolder } from './write-checkpoint.ts';

/** A small Whisper whose halves differ in everything that may differ. */
export const WHISPER = {
  model_type: 'whisper',
  d_model: 16,
  encoder_layers: 2,
  encoder_attention_heads: 4,
  encoder_ffn_dim: 24,
  decoder_layers: 2,
  decoder_attention_heads: 2,
  decoder_ffn_dim: 40,
  num_mel_bins: 6,
  max_source_positions: 25,
  max_target_positions: 40,
  vocab_size: 261,
  activation_function: 'gelu',
  decoder_start_token_id: 257,
  eos_token_id: 256,
};

export function whisperShapes(): Record<string, number[]> {
  const d = WHISPER.d_model;
  const all: Record<string, number[]> = {
    'model.encoder.conv1.weight': [d, WHISPER.num_mel_bins, 3],
    'model.encoder.conv1.bias': [d],
    'model.encoder.conv2.weight': [d, d, 3],
    'model.encoder.conv2.bias': [d],
    'model.encoder.embed_positions.weight': [WHISPER.max_source_positions, d],
    'model.decoder.embed_tokens.weight': [WHISPER.vocab_size, d],
    'model.decoder.embed_positions.weight': [WHISPER.max_target_positions, d],
  };
  const norm = (name: string) => Object.assign(all, { [`${name}.weight`]: [d], [`${name}.bias`]: [d] });
  norm('model.encoder.layer_norm');
  norm('model.decoder.layer_norm');
  for (const half of ['encoder', 'decoder'] as const) {
    for (let n = 0; n < WHISPER[`${half}_layers`]; n++) {
      const at = `model.${half}.layers.${n}`;
      for (const attention of half === 'encoder' ? ['self_attn'] : ['self_attn', 'encoder_attn']) {
        norm(`${at}.${attention}_layer_norm`);
        for (const name of ['q_proj', 'k_proj', 'v_proj', 'out_proj']) {
          all[`${at}.${attention}.${name}.weight`] = [d, d];
          if (name !== 'k_proj') all[`${at}.${attention}.${name}.bias`] = [d];
        }
      }
      norm(`${at}.final_layer_norm`);
      const ffn = WHISPER[`${half}_ffn_dim`];
      Object.assign(all, {
        [`${at}.fc1.weight`]: [ffn, d],
        [`${at}.fc1.bias`]: [ffn],
        [`${at}.fc2.weight`]: [d, ffn],
        [`${at}.fc2.bias`]: [d],
      });
    }
  }
  return all;
}

/** Bytes as byte-level BPE writes them. */
function byteLetters(): string[] {
  const kept = (b: number) => (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || (b >= 174 && b <= 255);
  let extra = 0;
  return Array.from({ length: 256 }, (_, b) => String.fromCharCode(kept(b) ? b : 256 + extra++));
}

const SPECIAL = ['endoftext', 'startoftranscript', 'en', 'transcribe', 'notimestamps'];

/** A folder as Hugging Face has it: half a second of sound, text as single bytes. */
export function whisperFolder(
  tensors: TestTensors = generated(whisperShapes()),
  config: object = WHISPER,
  generation: object = { is_multilingual: true },
): string {
  const folder = writeFolder(config, tensors);
  const write = (name: string, value: object) => writeFileSync(join(folder, name), JSON.stringify(value));
  write('preprocessor_config.json', { feature_size: 6, chunk_length: 0.5, sampling_rate: 16_000 });
  write('generation_config.json', generation);
  const added = SPECIAL.map((name, i) => ({
    id: 256 + i,
    content: `<|${name}|>`,
    special: true,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  }));
  write('tokenizer.json', {
    version: '1.0',
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      vocab: Object.fromEntries([
        ...byteLetters().map((letter, i) => [letter, i]),
        ...SPECIAL.map((name, i) => [`<|${name}|>`, 256 + i]),
      ]),
      merges: [],
    },
  });
  write('tokenizer_config.json', { tokenizer_class: 'WhisperTokenizer' });
  return folder;
}
