import { BLOCK } from '../number/ggml-blocks.ts';
import type { QuantizedMatrix } from '../vlp/quantize.ts';
import type { FloatFormat, PackedMatrix } from './kernels.ts';
import type { KernelMemory } from './memory.ts';
import { type Int4Layout, int4Layout, PANEL, panelCount } from './panels.ts';

/** Bits of a weight in each format. */
const BITS = { f32: 32, bf16: 16, f16: 16, q8_0: 8, q4_0: 4 } as const;

/** Weights that stand for FP32 values, in kernel memory. */
export class WasmMatrix implements PackedMatrix {
  readonly format: FloatFormat;
  readonly outputs: number;
  readonly inner: number;
  readonly bytes: number;
  readonly owner: KernelMemory;
  address: number;
  /** Of block formats, halves [panel][inner ∕ 32][32]; 0 for others. */
  readonly scales: number;

  constructor(owner: KernelMemory, format: FloatFormat, outputs: number, inner: number) {
    this.owner = owner;
    this.format = format;
    this.outputs = outputs;
    this.inner = inner;
    const weights = panelCount(outputs) * PANEL * inner;
    const size = (weights * BITS[format]) / 8;
    const scaleBytes = format === 'q8_0' || format === 'q4_0' ? (weights / BLOCK) * 2 : 0;
    this.bytes = size + scaleBytes;
    this.address = owner.allocate(size);
    this.scales = scaleBytes > 0 ? owner.allocate(scaleBytes) : 0;
  }

  dispose(): void {
    if (this.address === 0) return;
    this.owner.free(this.address);
    if (this.scales !== 0) this.owner.free(this.scales);
    this.address = 0;
  }
}

/** What an INT4 operand is besides its numbers. */
export type Int4Shape = Pick<QuantizedMatrix, 'outputs' | 'inner' | 'axis' | 'groupSize'>;

/** INT4 codes and their scales in kernel memory. */
export class WasmInt4 implements PackedMatrix {
  readonly format = 'int4';
  readonly outputs: number;
  readonly inner: number;
  readonly bytes: number;
  readonly outer: boolean;
  readonly layout: Int4Layout;
  /** Inner indices that share a scale; all of them with outer scales. */
  readonly group: number;
  readonly owner: KernelMemory;
  address: number;
  readonly scales: number;
  readonly #scaleWords: number;

  constructor(owner: KernelMemory, shape: Int4Shape) {
    const { outputs, inner, axis, groupSize } = shape;
    this.owner = owner;
    this.outputs = outputs;
    this.inner = inner;
    this.outer = axis === 'outer';
    this.group = this.outer ? inner : Math.min(groupSize, inner);
    this.layout = int4Layout(shape);
    this.#scaleWords = this.outer
      ? Math.ceil(outputs / this.layout.share) * inner
      : this.layout.panels * PANEL * Math.ceil(inner / this.group);
    this.bytes = this.layout.panels * inner * 16 + this.#scaleWords * 4;
    this.address = owner.allocate(this.layout.panels * inner * 16);
    this.scales = owner.allocate(this.#scaleWords * 4);
  }

  codes(): Uint8Array {
    return this.owner.bytes(this.address, this.layout.panels * this.inner * 16);
  }

  scaleWords(): Uint32Array {
    return this.owner.longs(this.scales, this.#scaleWords);
  }

  dispose(): void {
    if (this.address === 0) return;
    this.owner.free(this.address);
    this.owner.free(this.scales);
    this.address = 0;
  }
}

/** A place in kernel memory that is kept between calls and grows when one needs more. */
export class Buffer {
  readonly #memory: KernelMemory;
  #address = 0;
  #bytes = 0;

  constructor(memory: KernelMemory) {
    this.#memory = memory;
  }

  reserve(bytes: number): number {
    if (bytes > this.#bytes) {
      if (this.#address !== 0) this.#memory.free(this.#address);
      this.#address = 0;
      this.#bytes = 0;
      this.#address = this.#memory.allocate(bytes);
      this.#bytes = bytes;
    }
    return this.#address;
  }
}
