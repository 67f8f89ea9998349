import { MugiError } from '../../errors.ts';
import type { Sequence } from './attention.ts';
import type { LoadedModel, Batch } from '../model.ts';
import type { WeightMatrix } from '../weight/weight-matrix.ts';

/**
 * Rows of the embedding table for token ids: [ids × hidden].
 * @throws MugiError for an id outside the vocabulary
 */
export function embed(table: WeightMatrix, ids: Int32Array): Float32Array {
  const out = new Float32Array(ids.length * table.inputs);
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i];
    if (id < 0 || id >= table.outputs) {
      throw new MugiError({
        code: 'invalid-value',
        message: `token id ${id} is outside the vocabulary of ${table.outputs}`,
        expected: `0 to ${table.outputs - 1}`,
        received: String(id),
      });
    }
    table.rows(id, id + 1, out.subarray(i * table.inputs, (i + 1) * table.inputs));
  }
  return out;
}

/** Position of every row of a batch within its sequence; refuses sequences longer than the model's context. */
export function positionsOf(sequences: readonly Sequence[], context: number): Int32Array {
  const positions: number[] = [];
  for (const { rows, cache } of sequences) {
    const past = cache?.length() ?? 0;
    if (past + rows > context) {
      throw new MugiError({
        code: 'invalid-value',
        message: `a sequence of ${past + rows} tokens is longer than the model's context of ${context}`,
        expected: `at most ${context} tokens`,
        received: String(past + rows),
        nearest: String(context),
      });
    }
    for (let i = 0; i < rows; i++) positions.push(past + i);
  }
  return Int32Array.from(positions);
}

/**
 * The token ids of a batch, for families that read text.
 * @throws MugiError for a batch of images
 */
export function tokensOf(batch: Batch, model: Pick<LoadedModel, 'config'>) {
  if (batch.kind === 'tokens') return batch;
  throw new MugiError({
    code: 'invalid-value',
    message: `a ${model.config.modelType} model reads text, not images`,
  });
}
