import { MugiError, wholeNumber } from '../../errors.ts';
import { checkedRows } from '../../machine/mugi/configuration.ts';
import type { GemmJob } from '../../machine/mugi/program/gemm.ts';
import type { NonlinearJob } from '../../machine/mugi/program/nonlinear.ts';
import { gaussian, random } from '../../number/random.ts';
import { checkGemmSize, checkTensorSize } from '../options/simulate-limits.ts';
import type { Operation, Options } from '../options/simulate-options.ts';
import { checkShape, maskOf, matrix, patternsOf, readInput, weightsOf } from './simulate-input.ts';

/** Rows of a design name; the width of the node is fixed. */
export function rowsOf(design: string): number {
  const match = /^mugi-(\d+)(?:x(\d+))?$/.exec(design);
  if (match === null) {
    throw new MugiError({
      code: 'unknown-name',
      message: `the cycle model knows the Mugi node only, not "${design}"`,
      path: 'design',
      expected: 'mugi-H with H a power of two from 8 to 256',
      received: design,
      nearest: 'mugi-8',
    });
  }
  if (match[2] !== undefined && match[2] !== '8') {
    throw new MugiError({
      code: 'invalid-value',
      message: 'the node has eight columns, one per slot of the 3-bit temporal code',
      path: 'design',
      expected: 'a width of 8',
      received: match[2],
      nearest: `mugi-${match[1]}`,
    });
  }
  return checkedRows(Number(match[1]), 'design');
}

/** A GEMM from a file, or a random one. */
export function gemmJob(rows: number, options: Options): GemmJob {
  const { accumulate: accumulation, input: path } = options;
  if (path === undefined) {
    const { m, k, n, group } = options;
    checkGemmSize(rows, { m, k, n, groupSize: group ?? k }, options.trace);
    const next = random(options.seed);
    const groups = Math.ceil(k / (group ?? k));
    return {
      rows,
      m,
      k,
      n,
      groupSize: group ?? k,
      activations: patternsOf(gaussian(next, m * k, 1)),
      weights: Int8Array.from({ length: n * k }, () => Math.floor(next() * 15) - 7),
      scales:
        group === undefined
          ? undefined
          : patternsOf(Float64Array.from({ length: n * groups }, () => next() / 8)),
      accumulation,
    };
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
  checkGemmSize(rows, { m: a.height, k: a.width, n: w.height, groupSize }, options.trace);
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
    activations: patternsOf(a.values),
    weights: weightsOf(w.values, w.width, path),
    scales: scales === undefined ? undefined : patternsOf(scales.values),
    accumulation,
  };
}

/** A tensor from a file, or a random one. */
export function tensor(
  rows: number,
  operation: Operation,
  options: Options,
): Pick<NonlinearJob, 'input' | 'mask' | 'height' | 'width'> {
  const path = options.input;
  if (path === undefined) {
    const { m: height, n: width } = options;
    checkTensorSize(rows, operation, height, width, options.trace);
    const values = gaussian(random(options.seed), height * width, operation === 'softmax' ? 2 : 1.5);
    return {
      height,
      width,
      input: patternsOf(operation === 'exp' ? values.map((x) => -Math.abs(x)) : values),
    };
  }
  const file = readInput(path, ['input', 'mask']);
  const { height, width, values } = matrix(file, 'input', path);
  checkTensorSize(rows, operation, height, width, options.trace);
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
