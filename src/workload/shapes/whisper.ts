import type { DecoderStack, EncoderStack } from '../model.ts';
import type { WhisperSizes } from '../../huggingface/whisper.ts';
import type { NonlinearName } from '../operator.ts';

/** Speech encoder and text decoder with cross-attention (Whisper, Radford 2022). */
export interface WhisperShape extends WhisperSizes {
  activation: NonlinearName;
}

/**
 * Two convolutions of width 3 (strides 1 and 2, GELU) as im2col products, the encoder layers, and a decoder whose
 * layers attend to their own tokens and then to the encoder's positions.
 */
export function whisperStacks(shape: WhisperShape): [EncoderStack, DecoderStack] {
  const { hidden, encoder, decoder, activation, melBins, sourcePositions, targetPositions } = shape;
  const attention = (heads: number) => ({ heads, kvHeads: heads, headDim: hidden / heads });
  const block = { hidden, norm: 'layernorm', rope: false } as const;
  const convolution = { group: 'projection', n: hidden, activation: 'gelu' } as const;
  return [
    {
      kind: 'encoder',
      sequence: sourcePositions,
      layers: [
        {
          ...block,
          count: encoder.layers,
          attention: [attention(encoder.heads)],
          ffn: { hidden: encoder.ffn, gated: false, activation },
          norms: 2,
          sequence: sourcePositions,
          windows: 1,
        },
      ],
      extra: [
        { ...convolution, name: 'conv-1', m: 2 * sourcePositions, k: 3 * melBins },
        { ...convolution, name: 'conv-2', m: sourcePositions, k: 3 * hidden },
      ],
      finalNorm: true,
      tableParameters: sourcePositions * hidden,
    },
    {
      kind: 'decoder',
      layers: [
        {
          ...block,
          count: decoder.layers,
          attention: [
            attention(decoder.heads),
            { ...attention(decoder.heads), crossSequence: sourcePositions },
          ],
          ffn: { hidden: decoder.ffn, gated: false, activation },
          norms: 3,
        },
      ],
      vocabulary: shape.vocabulary,
      maxContext: targetPositions,
      learnedPositions: targetPositions,
      tiedEmbeddings: true,
    },
  ];
}
