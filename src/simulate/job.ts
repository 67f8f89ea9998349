import { MugiError, wholeNumber } from '../errors.ts';
import type { GemmJob } from '../machine/mugi/program/gemm.ts';
import type { NonlinearJob } from '../machine/mugi/program/nonlinear.ts';
import {
  type GemmOperands,
  patternsOf,
  randomOperands,
  randomTensor,
} from '../machine/mugi/program/random-job.ts';
import type { Operation, Simulation } from './asked.ts';
import { checkGemmSize, checkTensorSize, type GemmShape } from './limits.ts';
import { nodeSums } from './node.ts';
import { checkShape, keyed, maskOf, matrix, weightsOf } from './values.ts';

/** A GEMM of one's own values, or a random one, for the node. */
export function gemmJob(rows: number, asked: Simulation): GemmJob {
  const { accumulation, chain } = nodeSums(rows, asked).gemm;
  const operands = gemmOperands(asked, (shape) => checkGemmSize(rows, { ...shape, chain }, asked));
  return { rows, accumulation, chain, ...operands };
}

/**
 * Operands of one's own values, or random ones.
 * @param check refuses sizes that cannot be run, before values are made
 */
export function gemmOperands(asked: Simulation, check: (shape: GemmShape) => void): GemmOperands {
  const { values, group: shared } = asked;
  if (values === undefined) {
    const { m, k, n, group, seed } = asked;
    check({ m, k, n, groupSize: group ?? k });
    return randomOperands({ m, k, n, group, seed });
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
  check({ m: a.height, k: a.width, n: w.height, groupSize });
  const scales = file.scales === undefined ? undefined : matrix(file, 'scales', path);
  if (scales !== undefined) {
    checkShape('scales', path, scales, { height: w.height, width: Math.ceil(a.width / groupSize) });
  }
  return {
    m: a.height,
    k: a.width,
    n: w.height,
    groupSize,
    activations: patternsOf(a.values),
    weights: weightsOf(w.values, w.width, path),
    scales: scales === undefined ? undefined : patternsOf(scales.values),
  };
}

/** A tensor of one's own values, or a random one, for the node. */
export function tensor(
  rows: number,
  operation: Exclude<Operation, 'gemm'>,
  asked: Simulation,
): TensorOperands & Pick<NonlinearJob, 'accumulation'> {
  const { accumulation } = nodeSums(rows, asked).softmax;
  const operands = tensorOperands(operation, asked, (height, width) =>
    checkTensorSize(rows, operation, height, width, accumulation, asked),
  );
  return { ...operands, accumulation };
}

type TensorOperands = Pick<NonlinearJob, 'input' | 'mask' | 'height' | 'width'>;

/**
 * A tensor of one's own values, or a random one.
 * @param check refuses sizes that cannot be run, before values are made
 */
export function tensorOperands(
  operation: Exclude<Operation, 'gemm'>,
  { values: own, m, n, seed }: Simulation,
  check: (height: number, width: number) => void,
): TensorOperands {
  if (own === undefined) {
    check(m, n);
    return randomTensor(operation, m, n, seed);
  }
  const { path } = own;
  const file = keyed(own, ['input', 'mask']);
  const { height, width, values } = matrix(file, 'input', path);
  check(height, width);
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
  };
}
