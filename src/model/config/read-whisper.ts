import type { LanguageModel } from '../../huggingface/language-model.ts';
import { whisperSizes } from '../../huggingface/whisper.ts';
import { activation } from './activation.ts';
import type { WhisperConfig } from './config.ts';
import { inVocabulary, unsupported } from './config-checks.ts';
import { endTokens } from './read-decoder.ts';

/** PyTorch's default, which Whisper's norms have. */
const EPSILON = 1e-5;
/** From so many tokens on a vocabulary is that of the multilingual models (51,864 in the English ones). */
const MULTILINGUAL = 51_865;

export function whisper(model: LanguageModel): WhisperConfig {
  const { config } = model;
  const { targetPositions, vocabulary, ...sizes } = whisperSizes(config);
  const { encoder, decoder, hidden } = sizes;
  // The convolutions have GELU whatever the file says; windows are chosen for one function.
  const name = activation(config, 'activation_function');
  if (name !== 'gelu') throw unsupported(config.path, 'activation_function', name, 'gelu');
  const start = config.count(50_257, 'decoder_start_token_id');
  inVocabulary(config.path, 'decoder_start_token_id', [start], vocabulary);
  const cross = Array.from({ length: decoder.layers }, () => decoder.heads);
  return {
    family: 'whisper',
    modelType: 'whisper',
    ...sizes,
    layers: encoder.layers + decoder.layers,
    heads: decoder.heads,
    kvHeads: decoder.heads,
    headDim: hidden / decoder.heads,
    ffn: decoder.ffn,
    activation: name,
    epsilon: EPSILON,
    context: targetPositions,
    vocab: vocabulary,
    start,
    eos: endTokens(model, vocabulary).eos,
    multilingual: vocabulary >= MULTILINGUAL,
    suppressed: { always: [], first: [] },
    places: {
      softmax: [...Array.from({ length: encoder.layers }, () => encoder.heads), ...cross, ...cross],
      activation: encoder.layers + decoder.layers + 2,
    },
  };
}
