import { MugiError } from '../errors.ts';
import { decoderOperators, type WorkloadOptions } from './decoder.ts';
import type { Model } from './model.ts';
import type { Operator, Workload } from './operator.ts';

/** Operators of one inference of `model`. */
export function workloadOf(model: Model, options: WorkloadOptions): Workload {
  const operators: Operator[] = [];
  for (const stack of model.stacks) {
    if (stack.kind !== 'decoder') {
      throw new MugiError({
        code: 'unsupported',
        message: `${model.name}: encoder stacks are not read`,
        path: model.name,
      });
    }
    operators.push(...decoderOperators(stack, options));
  }
  const { batch, context, prefill } = options;
  return {
    model: model.name,
    batch,
    context,
    prefill,
    tokens: batch * context,
    operators,
    notes: model.notes ?? [],
  };
}
