/**
 * `mugi`: names to numbers without a command line. Pure: the same in Node, a worker and a browser. The other doors are
 * in src/doors/.
 *
 *     import { evaluatePoint, metrics } from 'mugi';
 *     metrics(evaluatePoint({ design: 'mugi-256', model: 'llama-2-70b' })).tokens_per_s;
 */
export { type CycleModel, cycleModel } from './design/cycle-model.ts';
export { type Design, peakMacs } from './design/design.ts';
export type { Family } from './design/family.ts';
export { designNamed, designNames, FAMILIES } from './design/index.ts';
export { type ErrorDetails, MugiError } from './errors.ts';
export { type ComponentUse, componentUse } from './evaluate/components.ts';
export { evaluate } from './evaluate/evaluate.ts';
export type { Evaluation } from './evaluate/evaluation.ts';
export { type Metrics, metrics } from './evaluate/metrics.ts';
export { answer, evaluatePoint, type Point, type Sources, workloadFor } from './question/point.ts';
export type { PricedDesign } from './evaluate/price.ts';
export { priceDesign } from './evaluate/whole-machines.ts';
export { type Explanation, why } from './evaluate/why.ts';
export { parse, toArguments, toCommand } from './question/command.ts';
export {
  type Question,
  question,
  type QuestionInput,
  questionKey,
  questionSchema,
} from './question/question.ts';
export { type Preset, preset, type Repair, REPAIRS } from './published/preset.ts';
export { DEFAULT_ENVIRONMENT, type Environment } from './technology/environment.ts';
export { TECHNOLOGIES, technologyNamed } from './technology/index.ts';
export type { Technology } from './technology/technology.ts';
export { modelFromConfig } from './workload/hf-config.ts';
export type { ModelShape } from './workload/model.ts';
export { MODELS, modelNamed } from './workload/models.ts';
export type { Operator, Workload } from './workload/operator.ts';
export { modelFromOnnx } from './workload/onnx/model.ts';
export { modelFromTopology } from './workload/scale-sim.ts';
export { workloadOf } from './workload/workload.ts';
