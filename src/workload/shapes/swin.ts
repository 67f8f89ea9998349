import { type SwinSizes, swinStages } from '../../huggingface/swin.ts';
import type { EncoderStack } from '../model.ts';
import type { NonlinearName } from '../operator.ts';

/** Hierarchical transformer with attention in windows (Swin, Liu 2021; SwinV2, Liu 2022). */
export interface SwinShape extends SwinSizes {
  version: 1 | 2;
  activation: NonlinearName;
  classes: number;
}

/**
 * Stages of half the resolution and twice the width. A stage attends in windows of window × window tokens, padded
 * to whole windows; one no larger than a window attends as a whole. Half the blocks shift their windows, which
 * changes no shape (the cyclic shift keeps their number). Between stages, patch merging maps the 4·C values of
 * 2 × 2 tokens to 2·C; its norm is over 4·C in Swin and over 2·C in SwinV2. SwinV2 normalises queries and keys
 * (cosine attention).
 */
export function swinStack(shape: SwinShape): EncoderStack {
  const { version, patch, channels, embed, activation, classes } = shape;
  const stages = swinStages(shape, version);
  const grid = stages[0].side;
  const stack: EncoderStack = {
    kind: 'encoder',
    sequence: grid * grid,
    layers: [],
    extra: [
      {
        name: 'patch-embedding',
        group: 'projection',
        m: grid * grid,
        k: patch * patch * channels,
        n: embed,
        norm: embed,
      },
    ],
    finalNorm: true,
    tableParameters: 0,
  };
  for (const [n, { depth: count, hidden, heads, ffn, side, window }] of stages.entries()) {
    stack.layers.push({
      count,
      hidden,
      attention: [
        {
          heads,
          kvHeads: heads,
          headDim: hidden / heads,
          ...(version === 2 ? { qkNorm: true } : {}),
        },
      ],
      ffn: { hidden: ffn, gated: false, activation },
      norm: 'layernorm',
      norms: 2,
      ...(version === 2 ? { normsAt: 'result' as const } : {}),
      rope: false,
      sequence: window * window,
      windows: Math.ceil(side / window) ** 2,
      tokens: side * side,
    });
    // Position biases: a table an offset and head, or the small network that makes it (2 → 512 → heads).
    stack.tableParameters += count * heads * (version === 1 ? (2 * window - 1) ** 2 : 512);
    if (version === 2) stack.tableParameters += count * 2 * 512;
    const next = stages[n + 1];
    if (next === undefined) break;
    stack.extra.push({
      name: `patch-merging-${n + 1}`,
      behind: n + 1,
      group: 'projection',
      m: next.side * next.side,
      k: 4 * hidden,
      n: 2 * hidden,
      norm: version === 1 ? 4 * hidden : 2 * hidden,
    });
  }
  if (classes > 0) {
    stack.extra.push({ name: 'classifier', group: 'output', m: 1, k: stages.at(-1)!.hidden, n: classes });
  }
  return stack;
}

export const SWIN_NOTES: Record<SwinShape['version'], string[]> = {
  1: ['relative position biases are added to the scores; those sums are not counted'],
  2: [
    'the network that makes the position biases sees no input and is run once for all; adding the biases is not counted',
  ],
};
