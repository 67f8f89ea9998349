import { packedWeights } from '../../model/format/packed-weights.ts';
import { weightsDigest } from '../../model/fingerprint.ts';
import type { OpenedModel } from '../../model/load.ts';

/** What identifies a model to work that was kept: its configuration, what its weights are, and whose INT4 they have. */
export const fingerprint = (opened: OpenedModel): unknown => [
  opened.config,
  weightsDigest(opened.checkpoint),
  ...(packedWeights(opened.checkpoint.unread).length > 0 ? ['INT4 of the file'] : []),
];
