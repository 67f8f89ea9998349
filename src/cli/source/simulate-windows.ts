import { windowAt } from '../../accuracy/windows/window-choice.ts';
import { readPlan } from '../../accuracy/plan/plan-file.ts';
import { plannedAt } from '../../accuracy/plan/planned-functions.ts';
import { readWindowFile, type WindowEntry } from '../../accuracy/windows/window-file.ts';
import { MugiError } from '../../errors.ts';
import { CODE_BITS, LUT_EXPONENTS, WINDOW_EXPONENTS } from '../../vlp/array.ts';
import { sizeOf } from '../../vlp/window.ts';
import type { Operation, Simulation } from '../../simulate/asked.ts';
import { remark } from '../options/output.ts';
import type { Options } from '../options/simulate-options.ts';

/** The LUT window of a run: from `--windows`, `--plan`, `--window`, or the operation's default. */
export function chosenWindow(
  operation: Exclude<Operation, 'gemm'>,
  rows: number,
  options: Options,
): Pick<Simulation, 'window' | 'anchor' | 'windowFrom'> {
  const { layer, head } = options;
  const file = options.windows ?? options.plan;
  if (file === undefined) return { window: options.window, anchor: options.anchor };
  if (operation === 'exp') {
    throw new MugiError({
      code: 'unsupported',
      message: 'the file holds windows of softmax and of activations',
      path: options.windows === undefined ? 'plan' : 'windows',
      expected: 'softmax, silu or gelu',
      received: operation,
      nearest: 'softmax',
    });
  }
  const content =
    options.windows === undefined ? fromPlan(file, operation, rows, options) : readWindowFile(file);
  if (content.mantissa_bits !== CODE_BITS) {
    throw new MugiError({
      code: 'unsupported',
      message: `the node codes ${CODE_BITS} mantissa bits`,
      path: `${file}: ${options.windows === undefined ? 'mantissa' : 'mantissa_bits'}`,
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

/** What a window file says, from the entries of a plan. */
interface PlannedWindows {
  mantissa_bits: number;
  group_rows: number;
  windows: WindowEntry[];
}

/**
 * The windows of a plan, with the code and rows of the place that runs.
 * @throws MugiError for a place that VLP does not compute
 */
function fromPlan(path: string, operation: string, rows: number, { layer, head }: Options): PlannedWindows {
  const { functions } = readPlan(path);
  const windows = functions.flatMap(({ function: name, layer: at, heads, window }): WindowEntry[] =>
    window === undefined ? [] : [{ function: name, layer: at, heads, ...window }],
  );
  const found = plannedAt(functions, operation, layer ?? 0, head ?? 0);
  const { method = 'vlp', mantissa = CODE_BITS, group_rows = rows } = found ?? {};
  if (method === 'vlp') return { mantissa_bits: mantissa, group_rows, windows };
  throw new MugiError({
    code: 'unsupported',
    message: `the plan computes ${operation} by ${method} there, and the node by VLP`,
    path: `${path}: functions: ${operation}`,
    expected: 'a layer and head whose method is vlp',
    received: method,
  });
}
