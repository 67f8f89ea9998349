/**
 * `mugi/models`: real checkpoints (Hugging Face folders, GGUF files, the bundled ones) run in a chosen arithmetic, and
 * what a nonlinear method costs in accuracy. For Node: it reads files and keeps unfinished work on disk.
 *
 *     import { lossIncreases, openModel } from 'mugi/models';
 */
export { MugiError, type ErrorDetails } from '../errors.ts';
export { type DataOptions, prepareData } from '../accuracy/data/data.ts';
export { batchOf, type Block } from '../accuracy/data/blocks.ts';
export { embeddedText, type TextDocument } from '../accuracy/data/embedded-text.ts';
export {
  type LossIncreaseOptions,
  type LossMeasurement,
  lossIncreases,
} from '../accuracy/score/loss-increase.ts';
export { measure, type MeasureOptions } from '../accuracy/score/measure.ts';
export type { AccuracyRow } from '../accuracy/score/accuracy-row.ts';
export { FULL_PRECISION, type Precision } from '../accuracy/score/precision.ts';
export { type GenerateOptions, generate } from '../model/generate.ts';
export { DEFAULT_MODEL, EMBEDDED_MODELS } from '../model/embedded.ts';
export { type OpenedModel, openModel } from '../model/load.ts';
export type { Batch, LoadedModel } from '../model/model.ts';
export type { Arithmetic } from '../model/arithmetic.ts';
export type { TextTokenizer } from '../model/format/tokenizer.ts';
export { FILES } from '../source/index.ts';
export { exactNonlinear } from '../model/layer/nonlinear.ts';
