import { setImmediate } from 'node:timers/promises';
import type { LoadedModel } from '../../model/model.ts';
import type { NonlinearEvaluator } from '../../model/layer/nonlinear.ts';
import { batchOf, type Block } from '../data/blocks.ts';
import { arithmeticFor, FULL_PRECISION } from '../score/precision.ts';
import { scoreRows } from '../score/metrics.ts';

/** Mean loss over blocks with the given nonlinear functions, full precision otherwise: one evaluation of a sweep. */
export async function lossOver(
  model: LoadedModel,
  unit: NonlinearEvaluator,
  blocks: readonly Block[],
): Promise<number> {
  let loss = 0;
  let targets = 0;
  for (const block of blocks) {
    const hidden = model.forward(batchOf([block]), arithmeticFor(FULL_PRECISION, unit));
    const scored = block.targets.every((target) => target >= 0);
    for (let row = 0; row < block.targets.length; row += scored ? block.targets.length : 1) {
      if (block.targets[row] < 0) continue;
      const end = scored ? block.targets.length : row + 1;
      const logits = model.logits(hidden, row, end);
      scoreRows(logits, [logits], block.targets.subarray(row, end), model.outputs, (_run, _row, score) => {
        loss += score.loss;
      });
    }
    targets += block.scored;
    await setImmediate();
  }
  return loss / targets;
}
