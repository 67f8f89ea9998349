import { EXACT_ACTIVATIONS } from '../vlp/exact-activations.ts';
import { ERFC_SERIES } from '../number/erf.ts';
import { BEHIND, CHUNK } from './chunk.ts';
import type { After } from './kernels.ts';
import { Buffer } from './matrices.ts';
import type { KernelMemory } from './memory.ts';
import type { OperationName } from './pool.ts';
import { VECTOR_DEFINITION, type VectorKernels } from './vector.ts';

/** Elements of a block, which threads claim; a multiple of the eight that GELU takes at a time. */
const BLOCK = 1024;
/** Elements up to which the definitions, which need no copies, are as fast: one token of a small model. */
const FEW = 1024;
/** Multiply-accumulates in the time of an exact function of one element: two to four nanoseconds, GELU fifteen. */
const EXACT_WORK = 64;

/** Activations by their number in src/kernel/assembly/exact.ts. */
const NAMES = Object.keys(EXACT_ACTIVATIONS);

// What `combine` does, src/kernel/assembly/rows.ts.
const ADD = 0;
const MULTIPLY = 1;
const SCALE = 2;
const ROUND = 3;

/** Runs an operation over units [0, units), on several threads where `work` is worth it. */
type Run = (operation: OperationName, units: number, work: number, rest: readonly number[]) => void;

/** With what else the kernels need of it: results, a multiple of four floats, as they lie in kernel memory. */
interface PlacedVectorKernels extends VectorKernels {
  scale(address: number, count: number, by: After): void;
}

/** Vector operations by the compiled kernels: rows are copied in and out by as many as a cache holds. */
export function createVectorKernels(memory: KernelMemory, threads: number, run: Run): PlacedVectorKernels {
  const first = new Buffer(memory);
  const second = new Buffer(memory);
  const third = new Buffer(memory);
  const constants = new Buffer(memory);
  let series = 0;

  /** Brings `x` in by parts of whole units of `width` elements, and takes it back behind `work`. */
  function inParts(
    x: Float32Array,
    width: number,
    work: (at: number, count: number, from: number) => void,
  ): void {
    const most = Math.max(1, Math.floor((CHUNK * threads) / width)) * width;
    for (let from = 0; from < x.length; from += most) {
      const count = Math.min(most, x.length - from);
      const part = x.subarray(from, from + count);
      const at = first.reserve((count + BEHIND) * 4);
      memory.floats(at, count).set(part);
      work(at, count, from);
      part.set(memory.floats(at, count));
    }
  }

  /** A tensor beside the one that is worked on. */
  function beside(buffer: Buffer, values: Float32Array | Int32Array): number {
    const at = buffer.reserve((values.length + BEHIND) * 4);
    if (values instanceof Int32Array) memory.longs(at, values.length).set(values);
    else memory.floats(at, values.length).set(values);
    return at;
  }

  function number(value: number): number {
    const at = constants.reserve(8);
    memory.doubles(at, 1)[0] = value;
    return at;
  }

  function seriesOfErfc(): number {
    if (series === 0) {
      series = memory.allocate(ERFC_SERIES.length * 8);
      memory.doubles(series, ERFC_SERIES.length).set(ERFC_SERIES);
    }
    return series;
  }

  const blocks = (count: number): number => Math.ceil(count / BLOCK);

  function combine(what: number, x: Float32Array, by: number | Float32Array, bf16: boolean): void {
    const factor = typeof by === 'number' ? number(by) : 0;
    inParts(x, 1, (at, count, from) => {
      const other = typeof by === 'number' ? factor : beside(second, by.subarray(from, from + count));
      run('combine', blocks(count), count, [BLOCK, what, +bf16, at, other, count]);
    });
  }

  return {
    scale: (at, count, { factor, bf16 }) =>
      run('combine', blocks(count), count, [BLOCK, SCALE, +bf16, at, number(factor), count]),
    softmax(x, rows, columns, lengths) {
      inParts(x.subarray(0, rows * columns), columns, (at, count, from) => {
        const row = from / columns;
        const live = beside(second, lengths.subarray(row, row + count / columns));
        run('exactSoftmax', count / columns, EXACT_WORK * count, [at, live, columns]);
      });
    },
    activation(name, x) {
      const place = NAMES.indexOf(name);
      const coefficients = name === 'gelu' ? seriesOfErfc() : 0;
      inParts(x, 1, (at, count) => {
        const rest = [BLOCK, place, at, count, coefficients, ERFC_SERIES.length];
        run('exactActivation', blocks(count), EXACT_WORK * count, rest);
      });
    },
    normalise(x, norm, epsilon) {
      if (x.length <= FEW) return VECTOR_DEFINITION.normalise(x, norm, epsilon);
      const { weight, bias } = norm;
      const width = weight.length;
      const weights = beside(second, weight);
      const shift = bias === undefined ? 0 : beside(third, bias);
      const least = number(epsilon);
      inParts(x, width, (at, count) => {
        run('normalise', count / width, 4 * count, [at, width, weights, shift, least]);
      });
    },
    rotate(x, heads, width, angles, neighbours) {
      if (x.length <= FEW) return VECTOR_DEFINITION.rotate(x, heads, width, angles, neighbours);
      const { cos, sin, pairs } = angles;
      const row = heads * width;
      inParts(x, row, (at, count, from) => {
        const [begin, end] = [(from / row) * pairs, ((from + count) / row) * pairs];
        const c = beside(second, cos.subarray(begin, end));
        const s = beside(third, sin.subarray(begin, end));
        run('rotate', count / row, 4 * count, [at, heads, width, pairs, +neighbours, c, s]);
      });
    },
    add(x, y, bf16) {
      if (x.length <= FEW) VECTOR_DEFINITION.add(x, y, bf16);
      else combine(ADD, x, y, bf16);
    },
    multiply(x, by, bf16) {
      if (x.length <= FEW) VECTOR_DEFINITION.multiply(x, by, bf16);
      else combine(typeof by === 'number' ? SCALE : MULTIPLY, x, by, bf16);
    },
    round(x) {
      if (x.length <= FEW) VECTOR_DEFINITION.round(x);
      else combine(ROUND, x, 0, true);
    },
  };
}
