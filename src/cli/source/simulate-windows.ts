import { windowAt } from '../../accuracy/windows/window-choice.ts';
import { readWindowFile } from '../../accuracy/windows/window-file.ts';
import { MugiError } from '../../errors.ts';
import { CODE_BITS, LUT_EXPONENTS, WINDOW_EXPONENTS } from '../../vlp/array.ts';
import { sizeOf } from '../../vlp/window.ts';
import type { Operation, Simulation } from '../../simulate/asked.ts';
import { remark } from '../options/output.ts';
import type { Options } from '../options/simulate-options.ts';

/** The LUT window of a run: from `--windows`, `--window`, or the operation's default. */
export function chosenWindow(
  operation: Exclude<Operation, 'gemm'>,
  rows: number,
  options: Options,
): Pick<Simulation, 'window' | 'anchor' | 'windowFrom'> {
  const { windows: file, layer, head } = options;
  if (file === undefined) return { window: options.window, anchor: options.anchor };
  if (operation === 'exp') {
    throw new MugiError({
      code: 'unsupported',
      message: 'a window file holds windows of softmax and of activations',
      path: 'windows',
      expected: 'softmax, silu or gelu',
      received: operation,
      nearest: 'softmax',
    });
  }
  const content = readWindowFile(file);
  if (content.mantissa_bits !== CODE_BITS) {
    throw new MugiError({
      code: 'unsupported',
      message: `the node codes ${CODE_BITS} mantissa bits`,
      path: `${file}: mantissa_bits`,
      expected: String(CODE_BITS),
      received: String(content.mantissa_bits),
      nearest: String(CODE_BITS),
    });
  }
  const { lo, hi, anchor } = windowAt(content.windows, { function: operation, layer, head }, file);
  const size = sizeOf({ lo, hi });
  if (size > LUT_EXPONENTS) {
    throw new MugiError({
      code: 'unsupported',
      message: `the node's LUT holds ${LUT_EXPONENTS} exponents`,
      path: `${file}: windows: ${operation}`,
      expected: `at most ${LUT_EXPONENTS} exponents`,
      received: `[${lo}, ${hi}]`,
      nearest: `[${hi - LUT_EXPONENTS + 1}, ${hi}]`,
    });
  }
  // Windows of one exponent a column do not slide, so that it does not matter how many inputs share one.
  if (size > WINDOW_EXPONENTS && content.group_rows !== rows) {
    remark(
      `note: ${file} was tuned for ${content.group_rows} inputs to a sliding window; ${options.design} has ${rows} rows`,
    );
  }
  return { window: { lo, hi }, anchor, windowFrom: { file, layer, head } };
}
