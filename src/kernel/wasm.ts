import {
  type Backend,
  checkOperands,
  checkWeights,
  type Kernels,
  type PackedMatrix,
  refuseForeign,
} from './kernels.ts';
import { KernelMemory } from './memory.ts';
import { packBf16Panels, packFloatPanels, panelCount, PANEL } from './panels.ts';
import { closePool, instantiate, type Job, type Operations, runJob } from './pool.ts';

/** Bytes in which a thread expands one block of one panel: indices and signs. */
const EXPANSION = 32768;
/** Multiply-accumulates under which waking threads costs more than it gains. */
const WORTH_THREADS = 1 << 20;

class WasmMatrix implements PackedMatrix {
  readonly format: 'f32' | 'bf16';
  readonly outputs: number;
  readonly inner: number;
  readonly owner: KernelMemory;
  address: number;

  constructor(owner: KernelMemory, format: 'f32' | 'bf16', outputs: number, inner: number) {
    this.owner = owner;
    this.format = format;
    this.outputs = outputs;
    this.inner = inner;
    this.address = owner.allocate(panelCount(outputs) * PANEL * inner * (format === 'f32' ? 4 : 2));
  }

  dispose(): void {
    if (this.address !== 0) this.owner.free(this.address);
    this.address = 0;
  }
}

/** A place in kernel memory that is kept between calls and grows when one needs more. */
class Buffer {
  readonly #memory: KernelMemory;
  #address = 0;
  #bytes = 0;

  constructor(memory: KernelMemory) {
    this.#memory = memory;
  }

  reserve(bytes: number): number {
    if (bytes > this.#bytes) {
      if (this.#address !== 0) this.#memory.free(this.#address);
      this.#address = this.#memory.allocate(bytes);
      this.#bytes = bytes;
    }
    return this.#address;
  }
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

  /** Runs `operation` over all panels; large products on all threads. */
  function run(operation: string, panels: number, rows: number, macs: number, rest: readonly number[]): void {
    const workers = macs >= WORTH_THREADS && panels > 1 ? parts.workers : 0;
    // Partial sums of one panel stand behind the expansion.
    const scratchStride = EXPANSION + Math.ceil((rows * PANEL * 4) / 64) * 64;
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

  function copyOut(address: number, rows: number, outputs: number, y: Float32Array): void {
    const stride = panelCount(outputs) * PANEL;
    const view = memory.floats(address, rows * stride);
    if (stride === outputs) y.set(view);
    else for (let r = 0; r < rows; r++) y.set(view.subarray(r * stride, r * stride + outputs), r * outputs);
  }

  function own(weights: PackedMatrix): WasmMatrix {
    const usable = weights instanceof WasmMatrix && weights.owner === memory && weights.address !== 0;
    return usable && !disposed ? weights : refuseForeign();
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
      run('gemmFloat', panels, rows, rows * inner * outputs, rest);
      copyOut(c, rows, outputs, result);
      return result;
    },
    dispose() {
      disposed = true;
      closePool(control);
    },
  };
}
