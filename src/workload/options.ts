import type { Formats } from './model.ts';

/** How a model is turned into operators. */
export interface WorkloadOptions {
  batch: number;
  /** Final context length in tokens. */
  context: number;
  /** Prompt length in tokens, at most `context`. */
  prefill: number;
  activationBits: number;
  weightBits: number;
  kvBits: number;
  /** Every matrix has `weightBits`, whatever format the file states for it. */
  oneWidth?: boolean;
  /** Formats of the matrices at hand, by the name of their operator; set while a layer is turned into operators. */
  formats?: Formats;
  /**
   * Decode steps of linear layers and activations as the published model has them: 4096 whatever the context,
   * and one for the output head. `false`: context − prefill for all (repair "decode-repeats").
   */
  publishedRepeats: boolean;
  /** Operators that the published model leaves out, each with its own switch. */
  norms: boolean;
  rope: boolean;
  residuals: boolean;
  gateProducts: boolean;
  causalPrefill: boolean;
  kvWrites: boolean;
}
