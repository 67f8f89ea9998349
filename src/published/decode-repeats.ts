import type { Operator } from '../workload/operator.ts';
import type { Quirk } from './quirk.ts';

/** Decode steps of the artifact, whatever the context. */
const STEPS = 4096;
/** What stands once a model, behind the layers or before them. */
const OUTSIDE_LAYERS = ['logits', 'embedding-in', 'embedding-out', 'final-norm'];

/** What repeats as it should, since it grows with the context: attention and what chooses its keys. */
const OVER_KEYS = ['softmax', 'cross-softmax', 'index-relu', 'index-sum'];
const growsWithContext = (op: Operator): boolean =>
  op.kind === 'gemm' ? op.operand !== 'weights' : OVER_KEYS.includes(op.name);

export const decodeRepeats = {
  name: 'decode-repeats',
  published: 'linear layers decode 4096 steps for every context, the output head one',
  repaired:
    'linear layers, activations and the output head run once per generated token: context − prompt steps',
  workload(op, { stacks }) {
    // A slip of the decoder-only models; the artifact has no encoder-decoder, and none that writes no text.
    const [only] = stacks;
    const decodes = stacks.length === 1 && only.kind === 'decoder' && only.head === undefined;
    if (decodes && op.phase === 'decode' && !growsWithContext(op))
      op.repeat = OUTSIDE_LAYERS.includes(op.name) ? 1 : STEPS;
  },
} as const satisfies Quirk;
