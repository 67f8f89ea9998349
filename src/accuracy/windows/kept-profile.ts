import { keyOf, type OnProgress, WorkState } from '../../files/state.ts';
import type { OpenedModel } from '../../model/load.ts';
import { type Block, keyOfBlocks } from '../data/blocks.ts';
import { fingerprint } from '../score/fingerprint.ts';
import { type Distribution, profileModel, type StoredProfile } from './profile.ts';

/** The profile of a model over blocks, its pass kept on the way, so that an interrupted one goes on. */
export async function keptProfile(
  opened: OpenedModel,
  blocks: readonly Block[],
  options: { fresh?: boolean; onProgress?: OnProgress },
): Promise<Distribution[]> {
  const model = opened.load();
  const state = new WorkState<StoredProfile>(
    keyOf(['profile', fingerprint(opened), keyOfBlocks(blocks)]),
    options.fresh,
  );
  return profileModel(model, blocks, options.onProgress, state);
}
