import { MugiError, wholeNumber } from '../errors.ts';
import type { GemmJob } from '../machine/mugi/program/gemm.ts';
import type { NonlinearJob } from '../machine/mugi/program/nonlinear.ts';
import { patternsOf, randomGemm, randomTensor } from '../machine/mugi/program/random-job.ts';
import type { Operation, Simulation } from './asked.ts';
import { checkGemmSize, checkTensorSize } from './limits.ts';
import { nodeSums } from './node.ts';
import { checkShape, keyed, maskOf, matrix, weightsOf } from './values.ts';

/** A GEMM of one's own values, or a random one. */
export function gemmJob(rows: number, asked: Simulation): GemmJob {
  const { values, group: shared } = asked;
  const { accumulation, chain } = nodeSums(rows, asked).gemm;
  if (values === undefined) {
    const { m, k, n, group } = asked;
    checkGemmSize(rows, { m, k, n, groupSize: group ?? k, chain }, asked.traced);
    return randomGemm({ rows, m, k, n, group, seed: asked.seed, accumulation, chain });
  }
  const { path } = values;
  const file = keyed(values, ['activations', 'weights', 'scales', 'group']);
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
  const group = shared ?? file.group ?? a.width;
  const groupSize = wholeNumber(
    'group',
    typeof group === 'number' ? group : Number.NaN,
    1,
    1 << 20,
    `${path}: group`,
  );
  checkGemmSize(rows, { m: a.height, k: a.width, n: w.height, groupSize, chain }, asked.traced);
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

/** A tensor of one's own values, or a random one. */
export function tensor(
  rows: number,
  operation: Exclude<Operation, 'gemm'>,
  asked: Simulation,
): Pick<NonlinearJob, 'input' | 'mask' | 'height' | 'width' | 'accumulation'> {
  const { values: own } = asked;
  const { accumulation } = nodeSums(rows, asked).softmax;
  if (own === undefined) {
    const { m: height, n: width } = asked;
    checkTensorSize(rows, operation, height, width, accumulation, asked.traced);
    return { ...randomTensor(operation, height, width, asked.seed), accumulation };
  }
  const { path } = own;
  const file = keyed(own, ['input', 'mask']);
  const { height, width, values } = matrix(file, 'input', path);
  checkTensorSize(rows, operation, height, width, accumulation, asked.traced);
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
