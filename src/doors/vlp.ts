/**
 * `mugi/vlp`: the arithmetic of value-level parallelism, and the methods that it is compared with. Pure: the same in
 * Node, a worker and a browser.
 *
 *     import { bf16, gemm, NODE_ARITHMETIC, vlp } from 'mugi/vlp';
 */
export { MugiError, type ErrorDetails } from '../errors.ts';
export * as bf16 from '../number/bf16.ts';
export * as fp8 from '../number/fp8.ts';
export * as int4 from '../number/int4.ts';
export { approximationNamed, APPROXIMATIONS, type MethodOptions } from '../approximation/index.ts';
export type {
  Approximation,
  ElementwiseOperator,
  SoftmaxOperator,
} from '../approximation/approximation.ts';
export {
  MASK_ROWS,
  maskContract,
  type MaskOutcome,
  type MaskRow,
  rowSoftmax,
  type RowSoftmax,
} from '../approximation/mask-contract.ts';
export type { RowCertificate } from '../vlp/certificate.ts';
export { FUNCTIONS, functionNamed, type NonlinearFunction } from '../vlp/function.ts';
export { FP32_ACCUMULATION, gemm, type GemmArithmetic, NODE_ARITHMETIC } from '../vlp/gemm.ts';
export { buildLut, type Lut } from '../vlp/lut.ts';
export type { VlpConfig, VlpOptions } from '../vlp/mode.ts';
export { dequantize, quantizeKeys, quantizeValues, quantizeWeights } from '../vlp/quantize.ts';
export { createSinCos } from '../vlp/sine.ts';
export { newStatistics, type Region, REGIONS, type Statistics } from '../vlp/statistics.ts';
export { spikes, subscribe } from '../vlp/temporal-code.ts';
export { vlp, type VlpFunction } from '../vlp/vlp.ts';
