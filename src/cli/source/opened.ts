import { type OpenedModel, openModel } from '../../model/load.ts';
import type { Threads } from '../../model/weight/kernel-memory.ts';
import { isOtherPart } from '../../model/unread.ts';
import { progress } from '../../present/progress.ts';

/**
 * Opens the model of a command, which takes the machine's cores unless told otherwise. Its weights are read behind a bar: a
 * large one takes minutes to.
 */
export async function openShown(name: string, threads: Threads = 'cores'): Promise<OpenedModel> {
  const opened = await openModel(name, threads);
  const { tensors, unread } = opened.checkpoint;
  const total = [...tensors, ...unread].reduce(
    (sum, [tensor, { bytes }]) => sum + (isOtherPart(tensor) ? 0 : bytes),
    0,
  );
  return {
    ...opened,
    load(holding) {
      const bar = progress(`reading ${opened.name}`, total, process.stderr, 'weights');
      let done = 0;
      try {
        return opened.load(holding, (bytes) => {
          done += bytes;
          bar.update(done, undefined, { done, total, unit: 'bytes' });
        });
      } finally {
        bar.stop();
      }
    },
  };
}
