import { weightsDigest } from '../../model/fingerprint.ts';
import type { OpenedModel } from '../../model/load.ts';

/** What identifies a model to work that was kept: its configuration and what its weights are. */
export const fingerprint = (opened: OpenedModel): unknown => [
  opened.config,
  weightsDigest(opened.checkpoint),
];
