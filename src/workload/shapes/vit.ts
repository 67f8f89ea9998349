import type { VitSizes } from '../../huggingface/vision.ts';
import type { EncoderStack } from '../model.ts';
import type { NonlinearName } from '../operator.ts';

/** Vision transformer over patches of an image, or tubelets of a video (Dosovitskiy 2021; Arnab 2021). */
export interface VitShape extends VitSizes {
  activation: NonlinearName;
  /** Outputs of the classifier on the class token; 0 without one. */
  classes: number;
}

/**
 * Patches and one class token through pre-norm layers. The patch embedding is a convolution whose stride is its
 * size, so its im2col product has M = patches and K = elements of a patch.
 */
export function vitStack(shape: VitShape): EncoderStack {
  const { layers, hidden, heads, ffn, activation, input, patch, channels, classes } = shape;
  const patches = input.reduce((product, size, axis) => product * (size / patch[axis]), 1);
  const elements = patch.reduce((product, size) => product * size, channels);
  const sequence = patches + 1;
  return {
    kind: 'encoder',
    sequence,
    layers: [
      {
        count: layers,
        hidden,
        attention: [{ heads, kvHeads: heads, headDim: hidden / heads }],
        ffn: { hidden: ffn, gated: false, activation },
        norm: 'layernorm',
        norms: 2,
        rope: false,
        sequence,
        windows: 1,
      },
    ],
    extra: [
      { name: 'patch-embedding', group: 'projection', m: patches, k: elements, n: hidden },
      ...(classes > 0 ? [{ name: 'classifier', group: 'output', m: 1, k: hidden, n: classes } as const] : []),
    ],
    finalNorm: true,
    tableParameters: (sequence + 1) * hidden,
  };
}
