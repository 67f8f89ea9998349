import type { Arithmetic } from './arithmetic.ts';
import type { Sequence } from './layer/attention.ts';
import type { ModelConfig } from './config/config.ts';
import type { Linear } from './layer/linear.ts';

/** What goes through a model in one pass: several sequences whose rows are processed as one matrix. */
export type Batch =
  | {
      kind: 'tokens';
      ids: Int32Array;
      sequences: readonly Sequence[];
      /** Told behind each layer of a decoder, of how many: a pass of a large model takes minutes. */
      onLayer?: ((done: number, layers: number) => void) | undefined;
    }
  /** pixels [count × frames × channels × image × image], normalised; a single image is one frame. */
  | { kind: 'images'; pixels: Float32Array; count: number }
  /** mel [sequences × bins × frames]: one sound a sequence of text. */
  | { kind: 'speech'; mel: Float32Array; ids: Int32Array; sequences: readonly Sequence[] };

/** A batch that tells how far a pass over it has come, where its kind can. */
export const told = (batch: Batch, onLayer: (done: number, layers: number) => void): Batch =>
  batch.kind === 'tokens' ? { ...batch, onLayer } : batch;

/** A sound that a model has heard, and the text that is written of it, token by token. */
export interface Listener {
  /** Logits [outputs] behind further tokens. */
  next(ids: readonly number[]): Float32Array;
  /** Frees what the text attends to. */
  dispose(): void;
}

/** A loaded model. Weights are held once; how they are used is the arithmetic of each pass. */
export interface LoadedModel {
  config: ModelConfig;
  /** Every matrix product of the layers, by the checkpoint's tensor name: what weight quantisation replaces. */
  linears: ReadonlyMap<string, Linear>;
  /** Runs the layers; returns the rows that `logits` reads, after the last norm: [rows × hidden]. */
  forward(batch: Batch, arithmetic: Arithmetic): Float32Array;
  /** Rows [from, to) of a forward pass's result to logits [(to − from) × outputs]; without an arithmetic as stored. */
  logits(hidden: Float32Array, from: number, to: number, arithmetic?: Arithmetic): Float32Array;
  /** Size of the vocabulary, or number of labels. */
  outputs: number;
  /** Hears one sound, mel [bins × frames]; where the model reads speech. */
  listen?(mel: Float32Array, arithmetic: Arithmetic): Listener;
  /** Bytes that weights occupy in memory. */
  weightBytes(): number;
}
