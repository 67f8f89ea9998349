import { MugiError, wholeNumber } from '../../errors.ts';
import type { GemmJob } from '../../machine/mugi/program/gemm.ts';
import type { NonlinearJob } from '../../machine/mugi/program/nonlinear.ts';
import { patternsOf, randomGemm, randomTensor } from '../../machine/mugi/program/random-job.ts';
import { checkGemmSize, checkTensorSize } from '../options/simulate-limits.ts';
import type { Operation, Options } from '../options/simulate-options.ts';
import { nodeSums } from './node.ts';
import { checkShape, maskOf, matrix, readInput, weightsOf } from './simulate-input.ts';

/** A GEMM from a file, or a random one. */
export function gemmJob(rows: number, options: Options): GemmJob {
  const { input: path } = options;
  const { accumulation, chain } = nodeSums(rows, options).gemm;
  if (path === undefined) {
    const { m, k, n, group } = options;
    checkGemmSize(rows, { m, k, n, groupSize: group ?? k, chain }, options.trace);
    return randomGemm({ rows, m, k, n, group, seed: options.seed, accumulation, chain });
  }
  const file = readInput(path, ['activations', 'weights', 'scales', 'group']);
  const a = matrix(file, 'activations', path);
  const w = matrix(file, 'weights', path);
  if (a.width !== w.width) {
    throw new MugiError({
      code: 'invalid-file',
      message: 'activations [m][k] and weights [n][k] differ in k',
      path: `${path}: weights[0]`,
      expected: `${a.width} values`,
      received: `${w.width} values`,
    });
  }
  const group = options.group ?? file.group ?? a.width;
  const groupSize = wholeNumber(
    'group',
    typeof group === 'number' ? group : Number.NaN,
    1,
    1 << 20,
    `${path}: group`,
  );
  checkGemmSize(rows, { m: a.height, k: a.width, n: w.height, groupSize, chain }, options.trace);
  const scales = file.scales === undefined ? undefined : matrix(file, 'scales', path);
  if (scales !== undefined) {
    checkShape('scales', path, scales, { height: w.height, width: Math.ceil(a.width / groupSize) });
  }
  return {
    rows,
    m: a.height,
    k: a.width,
    n: w.height,
    groupSize,
    chain,
    activations: patternsOf(a.values),
    weights: weightsOf(w.values, w.width, path),
    scales: scales === undefined ? undefined : patternsOf(scales.values),
    accumulation,
  };
}

/** A tensor from a file, or a random one. */
export function tensor(
  rows: number,
  operation: Exclude<Operation, 'gemm'>,
  options: Options,
): Pick<NonlinearJob, 'input' | 'mask' | 'height' | 'width' | 'accumulation'> {
  const path = options.input;
  const { accumulation } = nodeSums(rows, options).softmax;
  if (path === undefined) {
    const { m: height, n: width } = options;
    checkTensorSize(rows, operation, height, width, accumulation, options.trace);
    return { ...randomTensor(operation, height, width, options.seed), accumulation };
  }
  const file = readInput(path, ['input', 'mask']);
  const { height, width, values } = matrix(file, 'input', path);
  checkTensorSize(rows, operation, height, width, accumulation, options.trace);
  const mask = file.mask === undefined ? undefined : matrix(file, 'mask', path);
  if (mask !== undefined && operation !== 'softmax') {
    throw new MugiError({
      code: 'invalid-file',
      message: 'only softmax takes a mask',
      path: `${path}: mask`,
    });
  }
  if (mask !== undefined) checkShape('mask', path, mask, { height, width });
  return {
    height,
    width,
    input: patternsOf(values),
    mask: mask === undefined ? undefined : maskOf(mask.values, width, path),
    accumulation,
  };
}
