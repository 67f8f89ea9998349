import { MugiError } from '../errors.ts';
import type { SoftmaxCall } from './softmax-call.ts';

/** Refuses sizes that do not fit together. */
export function checkTensors(
  operator: string,
  x: { readonly length: number },
  out: { readonly length: number },
  rows: number,
  cols: number,
): void {
  const fail = (message: string, expected: string, received: string): never => {
    throw new MugiError({ code: 'invalid-value', message: `${operator}: ${message}`, expected, received });
  };
  if (!(Number.isInteger(rows) && rows > 0 && Number.isInteger(cols) && cols > 0)) {
    fail('an empty tensor has no values', 'rows and cols whole and at least 1', `${rows} × ${cols}`);
  }
  if (x.length < rows * cols || out.length < rows * cols) {
    const sizes = `input ${x.length}, output ${out.length}`;
    fail('the tensors are smaller than rows × cols', `${rows} × ${cols} = ${rows * cols} elements`, sizes);
  }
}

/** Refuses masks whose size or content does not fit the matrix. */
export function checkMask(
  operator: string,
  rows: number,
  cols: number,
  options: { masked?: Uint8Array | undefined; lengths?: Int32Array | undefined },
): void {
  const { masked, lengths } = options;
  if (masked !== undefined && masked.length < rows * cols) {
    throw new MugiError({
      code: 'invalid-value',
      message: `${operator}: the mask is smaller than rows × cols`,
      expected: `${rows * cols} elements`,
      received: String(masked.length),
    });
  }
  if (lengths === undefined) return;
  if (lengths.length < rows) {
    throw new MugiError({
      code: 'invalid-value',
      message: `${operator}: one length per row is needed`,
      expected: `${rows} lengths`,
      received: String(lengths.length),
    });
  }
  for (let r = 0; r < rows; r++) {
    const length = lengths[r];
    if (Number.isInteger(length) && length >= 0 && length <= cols) continue;
    throw new MugiError({
      code: 'invalid-value',
      message: `${operator}: the length of row ${r} is outside the row`,
      expected: `0 to ${cols}`,
      received: String(length),
    });
  }
}

/** Refuses a call of softmax whose parts do not fit together. */
export function checkSoftmax(call: SoftmaxCall): void {
  checkTensors('softmax', call.scores, call.out, call.rows, call.cols);
  checkMask('softmax', call.rows, call.cols, call);
}
