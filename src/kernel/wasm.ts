import { checkArithmetic, checkMatrix, type GemmArithmetic, NODE_ARITHMETIC } from '../vlp/gemm.ts';
import { type Backend, checkOperands, checkWeights, type Kernels, refuseForeign } from './kernels.ts';
import { Buffer, WasmInt4, WasmMatrix } from './matrices.ts';
import { KernelMemory } from './memory.ts';
import {
  int4Layout,
  PANEL,
  packBf16Panels,
  packFloatPanels,
  packInt4Panels,
  packScales,
  panelCount,
} from './panels.ts';
import { closePool, instantiate, type Job, type Operations, runJob } from './pool.ts';

/** Bytes in which a thread expands one block of one panel: indices and signs. */
const EXPANSION = 32768;
/** Multiply-accumulates under which waking threads costs more than it gains. */
const WORTH_THREADS = 1 << 20;

// Modes of the compiled step, src/kernel/assembly/step.ts.
const MULTIPLY_ADD = 0;
const FUSED = 1;
const TABLE = 2;
const TABLE_BF16 = 3;
const EXACT_BF16 = 4;

function modeOf({ product, accumulator }: GemmArithmetic): number {
  if (product === 'bf16') return accumulator === 'bf16' ? TABLE_BF16 : TABLE;
  return accumulator === 'bf16' ? EXACT_BF16 : FUSED;
}

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
  let disposed = false;

  /** Runs `operation` over all panels; large products on all threads. `scratchBytes` follow the expansion. */
  function run(
    operation: string,
    panels: number,
    scratchBytes: number,
    macs: number,
    rest: readonly number[],
  ): void {
    const workers = macs >= WORTH_THREADS && panels > 1 ? parts.workers : 0;
    const scratchStride = EXPANSION + Math.ceil(scratchBytes / 64) * 64;
    const job: Job = {
      operation,
      panels,
      chunk: Math.max(1, Math.floor(panels / (8 * (workers + 1)))),
      scratch: scratch.reserve(scratchStride * (parts.workers + 1)),
      scratchStride,
      arguments: rest,
    };
    runJob(control, operations, workers, job);
  }

  /** Padded results, in shares of `share` outputs that start at whole panels, to y [rows][outputs]. */
  function copyOut(
    address: number,
    rows: number,
    outputs: number,
    share: number,
    panels: number,
    y: Float32Array,
  ): void {
    const stride = panels * PANEL;
    const padded = panelCount(share) * PANEL;
    const view = memory.floats(address, rows * stride);
    if (stride === outputs) return y.set(view);
    for (let r = 0; r < rows; r++) {
      for (let o = 0, from = r * stride; o < outputs; o += share, from += padded) {
        y.set(view.subarray(from, from + Math.min(share, outputs - o)), r * outputs + o);
      }
    }
  }

  function own<T extends WasmMatrix | WasmInt4>(weights: T): T {
    return weights.owner === memory && weights.address !== 0 && !disposed ? weights : refuseForeign();
  }

  return {
    backend: parts.backend,
    threads: parts.workers + 1,
    packF32(weights, outputs, inner) {
      checkWeights(weights, outputs, inner);
      const matrix = new WasmMatrix(memory, 'f32', outputs, inner);
      const size = panelCount(outputs) * PANEL * inner;
      packFloatPanels(weights, outputs, inner, memory.floats(matrix.address, size));
      return matrix;
    },
    packBf16(weights, outputs, inner) {
      checkWeights(weights, outputs, inner);
      const matrix = new WasmMatrix(memory, 'bf16', outputs, inner);
      const size = panelCount(outputs) * PANEL * inner;
      packBf16Panels(weights, outputs, inner, memory.words(matrix.address, size));
      return matrix;
    },
    gemm(x, rows, weights, y) {
      if (!(weights instanceof WasmMatrix)) return refuseForeign();
      const { address, format, outputs, inner } = own(weights);
      const result = checkOperands(x, rows, weights, y);
      const panels = panelCount(outputs);
      const stride = panels * PANEL * 4;
      const from = input.reserve(rows * inner * 4);
      const a = packed.reserve(rows * inner * 4);
      const c = output.reserve(rows * stride);
      memory.floats(from, rows * inner).set(x);
      operations.packFloat!(from, rows, inner, a);
      const rest = [format === 'bf16' ? 1 : 0, a, rows, inner, address, c, stride];
      run('gemmFloat', panels, 0, rows * inner * outputs, rest);
      copyOut(c, rows, outputs, outputs, panels, result);
      return result;
    },
    packInt4(weights) {
      checkMatrix(weights);
      const { outputs, inner, axis, groupSize, scales } = weights;
      const layout = int4Layout(weights);
      const outer = axis === 'outer';
      const group = outer ? inner : Math.min(groupSize, inner);
      const scaleWords = outer ? scales.length : (layout.panels * PANEL * scales.length) / outputs;
      const matrix = new WasmInt4(memory, { outputs, inner, outer, group }, layout, scaleWords);
      packInt4Panels(weights, layout, memory.bytes(matrix.address, layout.panels * inner * 16));
      packScales(weights, memory.longs(matrix.scales, scaleWords));
      return matrix;
    },
    gemmInt4(x, rows, weights, arithmetic = NODE_ARITHMETIC, y = undefined) {
      if (!(weights instanceof WasmInt4)) return refuseForeign();
      const { address, layout, outputs, inner, outer, group } = own(weights);
      checkArithmetic(arithmetic);
      const result = checkOperands(x, rows, weights, y);
      let mode = modeOf(arithmetic);
      const table = mode === TABLE || mode === TABLE_BF16;
      const narrow = table || mode === EXACT_BF16;
      const flush = arithmetic.subnormals === 'flush' ? 1 : 0;
      const packedBytes = rows * inner * (table ? 16 : 4);
      const stride = layout.panels * PANEL * 4;
      const from = input.reserve(rows * inner * 2);
      const a = outer ? 0 : packed.reserve(packedBytes);
      const c = output.reserve(rows * stride);
      memory.words(from, rows * inner).set(x);
      if (!outer) {
        const wide = operations.packActivations!(from, rows, inner, a, +table, +narrow, flush, 0);
        if (wide === 1 && mode === FUSED) mode = MULTIPLY_ADD;
      }
      const panels = layout.panelsPerShare;
      const rest = [
        mode,
        flush,
        +outer,
        panels,
        from,
        a,
        rows,
        inner,
        group,
        address,
        weights.scales,
        c,
        stride,
      ];
      const scratchBytes = rows * PANEL * 4 + (outer ? packedBytes : 0);
      run('gemmInt4', layout.panels, scratchBytes, rows * inner * outputs, rest);
      copyOut(c, rows, outputs, layout.share, layout.panels, result);
      return result;
    },
    dispose() {
      disposed = true;
      closePool(control);
    },
  };
}
