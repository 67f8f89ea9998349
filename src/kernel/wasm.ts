import { checkArithmetic, type GemmArithmetic, NODE_ARITHMETIC } from '../vlp/gemm.ts';
import {
  type Backend,
  checkPanel,
  checkProduct,
  checkRange,
  type FloatFormat,
  type Kernels,
  type Product,
  refuseForeign,
} from './kernels.ts';
import { floatRowsAtOnce, int4Call, rowsAtOnce } from './int4-call.ts';
import { Buffer, WasmInt4, WasmMatrix } from './matrices.ts';
import type { KernelMemory } from './memory.ts';
import { createPacking } from './packing.ts';
import { PANEL, paddedColumn, panelCount } from './panels.ts';
import { createVectorKernels } from './wasm-vector.ts';
import { createKernelElementwise } from './elementwise.ts';
import { PlacedTables } from './placed-tables.ts';
import { createKernelSoftmax } from './softmax.ts';
import { closePool, instantiate, type Job, type OperationName, type Operations, runJob } from './pool.ts';

/** Bytes in which a thread expands one block of one panel: indices and signs. */
const EXPANSION = 32768;
/** Multiply-accumulates under which waking threads costs more than it gains. */
const WORTH_THREADS = 1 << 20;

/** `count` rows from `first` on, of `width` elements, `stride` apart. */
const rowsOf = <T extends Float32Array | Uint16Array>(
  all: T,
  first: number,
  count: number,
  stride: number,
  width: number,
): T => all.subarray(first * stride, (first + count - 1) * stride + width) as T;

/** Formats by their number in src/kernel/assembly/expand-floats.ts. */
const FORMATS: readonly FloatFormat[] = ['f32', 'bf16', 'f16', 'q8_0', 'q4_0'];

export interface WasmParts {
  backend: Exclude<Backend, 'scalar'>;
  module: WebAssembly.Module;
  memory: KernelMemory;
  /** Control words of the pool, and how many workers serve it. */
  control: Int32Array;
  workers: number;
}

/** Kernels from a compiled module. Nothing here depends on Node: the caller brings module and workers. */
export function createWasmKernels(parts: WasmParts): Kernels {
  const { memory, control } = parts;
  const operations: Operations = instantiate(parts.module, memory.memory);
  const input = new Buffer(memory);
  const packed = new Buffer(memory);
  const output = new Buffer(memory);
  const scratch = new Buffer(memory);
  const placed = new PlacedTables(memory);
  let disposed = false;

  /** Runs `operation` over panels [first, end); large products on all threads. `scratchBytes` follow the expansion. */
  function run(
    operation: OperationName,
    [first, end]: readonly [number, number],
    scratchBytes: number,
    macs: number,
    rest: readonly number[],
    claim = 0,
  ): void {
    const panels = end - first;
    const workers = macs >= WORTH_THREADS && panels > 1 ? parts.workers : 0;
    const threads = workers + 1;
    const usual = Math.max(1, Math.floor(panels / (8 * threads)));
    // As many claims for each thread, of `claim` panels at most.
    const rounds = Math.ceil(panels / (Math.max(1, claim) * threads));
    const even = claim === 0 ? 0 : Math.ceil(panels / (rounds * threads));
    const scratchStride = EXPANSION + Math.ceil(scratchBytes / 64) * 64;
    const job: Job = {
      operation,
      first,
      end,
      chunk: Math.max(usual, even),
      scratch: scratch.reserve(scratchStride * (parts.workers + 1)),
      scratchStride,
      arguments: rest,
    };
    runJob(control, operations, workers, job);
  }

  const vector = createVectorKernels(memory, parts.workers + 1, (operation, units, work, rest) =>
    run(operation, [0, units], 0, work, rest),
  );

  /** Rows of x, which lie `xStride` apart, close together into kernel memory. */
  function copyIn<T extends Float32Array | Uint16Array>(x: T, to: T, rows: number, part: Product): void {
    const { inner, xStride } = part;
    if (xStride === inner) return to.set(x);
    for (let r = 0; r < rows; r++) to.set(x.subarray(r * xStride, r * xStride + inner), r * inner);
  }

  /** Results, in shares of `share` outputs that start at whole panels, `stride` floats a row, to y. */
  function copyOut(address: number, rows: number, share: number, stride: number, part: Product): void {
    const { from, to, yStride, after, y } = part;
    if (after !== undefined) vector.scale(address, rows * stride, after);
    // Shares of whole panels are not padded.
    if (share % PANEL === 0) share = stride;
    const padded = panelCount(share) * PANEL;
    const view = memory.floats(address, rows * stride);
    if (from === 0 && stride === to && stride === yStride) return y.set(view);
    const first = Math.floor(from / share);
    for (let r = 0; r < rows; r++) {
      for (let s = first; s * share < to; s++) {
        const begin = Math.max(from, s * share);
        const at = r * stride + s * padded + (begin - s * share);
        const count = Math.min((s + 1) * share, to) - begin;
        y.set(view.subarray(at, at + count), r * yStride + begin - from);
      }
    }
  }

  function own<T extends WasmMatrix | WasmInt4>(weights: T): T {
    return weights.owner === memory && weights.address !== 0 && !disposed ? weights : refuseForeign();
  }

  /** Some rows of a product with weights that stand for FP32 values. */
  function multiplyFloat(x: Float32Array, rows: number, weights: WasmMatrix, product: Product): void {
    const { address, scales, format, inner: width } = own(weights);
    const { from, to, inner } = product;
    const end = panelCount(to);
    const rowsOfX = input.reserve(rows * inner * 4);
    const a = packed.reserve(rows * inner * 4);
    const c = output.reserve(rows * end * PANEL * 4);
    copyIn(x, memory.floats(rowsOfX, rows * inner), rows, product);
    operations.packFloat(rowsOfX, rows, inner, a);
    const rest = [FORMATS.indexOf(format), a, rows, inner, width, address, scales, c, end * PANEL * 4];
    run('gemmFloat', [checkPanel(from), end], 0, rows * inner * (to - from), rest);
    copyOut(c, rows, end * PANEL, end * PANEL, product);
  }

  /** A product by as many rows as go through at a time. */
  function byRows<T extends Float32Array | Uint16Array>(
    x: T,
    rows: number,
    most: number,
    product: Product,
    multiply: (x: T, rows: number, product: Product) => void,
  ): Float32Array {
    const { from, to, inner, xStride, yStride, y } = product;
    if (rows <= most) multiply(x, rows, product);
    else {
      for (let first = 0; first < rows; first += most) {
        const count = Math.min(most, rows - first);
        const own = rowsOf(x, first, count, xStride, inner);
        multiply(own, count, { ...product, y: rowsOf(y, first, count, yStride, to - from) });
      }
    }
    return y;
  }

  /** Some rows of a product with INT4 weights. */
  function multiplyInt4(
    x: Uint16Array | Float32Array,
    rows: number,
    weights: WasmInt4,
    arithmetic: GemmArithmetic,
    product: Product,
  ): void {
    const { layout } = own(weights);
    const { from, to, inner } = product;
    const panels = [
      checkPanel(paddedColumn(layout, from)),
      panelCount(paddedColumn(layout, to - 1) + 1),
    ] as const;
    const width = panels[1] * PANEL;
    const float = x instanceof Float32Array;
    const activations = input.reserve(rows * inner * (float ? 4 : 2));
    const c = output.reserve(rows * width * 4);
    if (float) copyIn(x, memory.floats(activations, rows * inner), rows, product);
    else copyIn(x, memory.words(activations, rows * inner), rows, product);
    const what = { activations, float, rows, inner, weights, panels, c, stride: width * 4, arithmetic };
    const { operation, scratchBytes, rest, claim } = int4Call(operations, packed, what);
    run(operation, panels, scratchBytes, rows * inner * (to - from), rest, claim);
    copyOut(c, rows, layout.share, width, product);
  }

  return {
    backend: parts.backend,
    threads: parts.workers + 1,
    ...createPacking(memory, operations, input, own),
    rows(weights, from, to, out = new Float32Array((to - from) * weights.inner)) {
      if (!(weights instanceof WasmMatrix)) return refuseForeign();
      checkRange(weights, from, to);
      const { address, scales, format, inner } = own(weights);
      const expanded = scratch.reserve(inner * PANEL * 4);
      let held = -1;
      let panel = memory.floats(expanded, inner * PANEL);
      for (let o = from; o < to; o++) {
        const wanted = Math.floor(o / PANEL);
        if (wanted !== held) {
          operations.expandPanel(FORMATS.indexOf(format), wanted, inner, address, scales, expanded);
          panel = memory.floats(expanded, inner * PANEL);
          held = wanted;
        }
        for (let i = 0, at = o % PANEL, to = (o - from) * inner; i < inner; i++, at += PANEL)
          out[to + i] = panel[at];
      }
      return out;
    },
    gemm(x, rows, weights, y, part = {}) {
      if (!(weights instanceof WasmMatrix)) return refuseForeign();
      const product = checkProduct(x, rows, weights, y, part);
      return byRows(x, rows, floatRowsAtOnce(product.inner), product, (some, count, own) =>
        multiplyFloat(some, count, weights, own),
      );
    },
    gemmInt4(x, rows, weights, arithmetic = NODE_ARITHMETIC, y = undefined, part = {}) {
      if (!(weights instanceof WasmInt4)) return refuseForeign();
      checkArithmetic(arithmetic);
      const product = checkProduct(x, rows, weights, y, part);
      return byRows(x, rows, rowsAtOnce(arithmetic, rows, product.inner), product, (some, count, own) =>
        multiplyInt4(some, count, weights, arithmetic, own),
      );
    },
    vector,
    softmax: (options) => createKernelSoftmax(memory, operations, placed, options),
    elementwise: (name, options) => createKernelElementwise(memory, operations, placed, name, options),
    dispose() {
      disposed = true;
      closePool(control);
    },
  };
}
