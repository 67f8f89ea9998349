import { MugiError } from '../errors.ts';
import type { LoadedModel } from './model.ts';

/**
 * The model, whose results are numbers or an error. Means over results that are NaN or infinite would pass for
 * measurements: the first such row is refused instead.
 * @param path of the weights, for errors
 */
export function finiteModel(model: LoadedModel, path: string): LoadedModel {
  return {
    ...model,
    forward: (batch, arithmetic) => finite(model.forward(batch, arithmetic), 'hidden states', path),
    logits: (hidden, from, to, arithmetic) =>
      finite(model.logits(hidden, from, to, arithmetic), 'logits', path),
  };
}

function finite(values: Float32Array, what: string, path: string): Float32Array {
  // A sum is NaN or infinite if a term is; of finite floats it cannot overflow a double.
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  if (Number.isFinite(sum)) return values;
  throw new MugiError({
    code: 'invalid-file',
    message: `the model gives ${what} that are not finite: ${values.find((value) => !Number.isFinite(value))}`,
    path,
    expected: 'weights, and an arithmetic, whose numbers stay in the range of FP32',
  });
}
