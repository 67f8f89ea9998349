import type { Formats } from './model.ts';
import type { Omissible } from './operator.ts';

/** How a model is turned into operators. */
export interface WorkloadOptions {
  batch: number;
  /** Final context length in tokens. */
  context: number;
  /** Prompt length in tokens, at most `context`. */
  prefill: number;
  activationBits: number;
  weightBits: number;
  /** Of the output matrix, where it is asked for by itself. */
  headBits?: number;
  kvBits: number;
  /** Every matrix has `weightBits`, whatever format the file states for it. */
  oneWidth?: boolean;
  /** Kinds of operators that are left out. */
  omits?: readonly Omissible[];
  /** Formats of the matrices at hand, by the name of their operator; set while a layer is turned into operators. */
  formats?: Formats;
}
