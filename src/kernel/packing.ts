import { fromBits } from '../number/bf16.ts';
import { BLOCK, BLOCK_BYTES } from '../number/ggml-blocks.ts';
import { checkQuantizedMatrix } from '../vlp/gemm.ts';
import { scaleFor } from '../vlp/quantize.ts';
import {
  checkBlock,
  checkBlocks,
  checkDimension,
  checkGroupsOf,
  checkGrowth,
  checkStrides,
  checkWeights,
  type Kernels,
  refuseForeign,
  type RowsOf,
} from './kernels.ts';
import { Buffer, type Int4Shape, WasmInt4, WasmMatrix } from './matrices.ts';
import type { KernelMemory } from './memory.ts';
import {
  PANEL,
  packFloatPanels,
  writeInnerScales,
  writeCodes,
  writeFloats,
  writeOuterScales,
} from './panels.ts';
import type { Operations } from './pool.ts';

/** Bytes of weights that are in kernel memory at a time before they are put in order. */
const STAGED = 1 << 22;

type Packing = Pick<
  Kernels,
  | 'packF32'
  | 'packBf16'
  | 'packF16'
  | 'packBlocks'
  | 'packInt4'
  | 'quantizeInt4'
  | 'reserveF32'
  | 'growInt4'
  | 'reserveInt4'
  | 'writeF32'
  | 'writeInt4'
>;

/** Rows [first, first + count), of `width` elements each, into `to`. */
function bring<T extends Float32Array | Uint16Array | Uint8Array>(
  weights: RowsOf<T>,
  first: number,
  count: number,
  width: number,
  to: T,
): void {
  if (typeof weights === 'function') weights(first, count, to);
  else to.set(weights.subarray(first * width, (first + count) * width));
}

/**
 * How weights come into kernel memory.
 * @param input place for rows that are still row-major
 * @param own refuses matrices of other kernels and matrices disposed of
 */
export function createPacking(
  memory: KernelMemory,
  operations: Operations,
  input: Buffer,
  own: <T extends WasmMatrix | WasmInt4>(matrix: T) => T,
): Packing {
  const panel = new Buffer(memory);

  /** Fills a matrix from row-major weights, some panels at a time. `staged` is where the rows are to be put. */
  function transpose<T extends Float32Array | Uint16Array>(
    operation: 'packFloats' | 'packWords',
    matrix: WasmMatrix,
    weights: RowsOf<T>,
    staged: (address: number, length: number) => T,
  ): WasmMatrix {
    const { address, outputs, inner } = matrix;
    const line = inner * (operation === 'packFloats' ? 4 : 2);
    const rows = Math.max(1, Math.floor(STAGED / (line * PANEL))) * PANEL;
    const from = input.reserve(Math.min(rows, outputs) * line);
    for (let o = 0; o < outputs; o += rows) {
      const count = Math.min(rows, outputs - o);
      const to = staged(from, count * inner);
      bring(weights, o, count, inner, to);
      operations[operation](from, count, inner, address + o * line);
    }
    return matrix;
  }

  function words(
    format: 'bf16' | 'f16',
    weights: RowsOf<Uint16Array>,
    outputs: number,
    inner: number,
  ): WasmMatrix {
    checkWeights(weights, outputs, inner);
    const matrix = new WasmMatrix(memory, format, outputs, inner);
    return transpose('packWords', matrix, weights, (at, length) => memory.words(at, length));
  }

  /** Room for an INT4 operand, its codes zero. */
  function int4(shape: Int4Shape): WasmInt4 {
    const matrix = new WasmInt4(memory, shape);
    matrix.codes().fill(0);
    return matrix;
  }

  return {
    packF32(weights, outputs, inner, strides) {
      if (strides === undefined || typeof weights === 'function') {
        checkWeights(weights, outputs, inner);
        const matrix = new WasmMatrix(memory, 'f32', outputs, inner);
        return transpose('packFloats', matrix, weights, (at, length) => memory.floats(at, length));
      }
      checkStrides(weights, outputs, inner, strides);
      const matrix = new WasmMatrix(memory, 'f32', outputs, inner);
      packFloatPanels(weights, outputs, inner, strides, memory.floats(matrix.address, matrix.bytes / 4));
      return matrix;
    },
    packBf16: (weights, outputs, inner) => words('bf16', weights, outputs, inner),
    packF16: (weights, outputs, inner) => words('f16', weights, outputs, inner),
    packBlocks(format, weights, outputs, inner) {
      checkBlocks(format, weights, outputs, inner);
      const matrix = new WasmMatrix(memory, format, outputs, inner);
      const line = (inner / BLOCK) * BLOCK_BYTES[format];
      const from = input.reserve(PANEL * line);
      const operation = format === 'q8_0' ? 'packQ8' : 'packQ4';
      const codes = (PANEL * inner * (format === 'q8_0' ? 8 : 4)) / 8;
      for (let o = 0, p = 0; o < outputs; o += PANEL, p++) {
        const count = Math.min(PANEL, outputs - o);
        const staged = memory.bytes(from, PANEL * line);
        if (count < PANEL) staged.fill(0);
        bring(weights, o, count, line, staged.subarray(0, count * line));
        const scales = matrix.scales + p * inner * 2;
        operations[operation](from, inner, matrix.address + p * codes, scales);
      }
      return matrix;
    },
    packInt4(weights) {
      checkQuantizedMatrix(weights);
      const matrix = int4(weights);
      const at = { output: 0, inner: 0 };
      writeCodes(weights, matrix.layout, at, matrix.inner, matrix.codes());
      if (matrix.outer) writeOuterScales(weights, 0, 0, matrix.inner, matrix.scaleWords());
      else {
        matrix.scaleWords().fill(0);
        writeInnerScales(weights, 0, matrix.scaleWords());
      }
      return matrix;
    },
    quantizeInt4(weights, outputs, inner, groupSize) {
      checkWeights(weights, outputs, inner);
      checkDimension('group size', groupSize);
      const matrix = new WasmInt4(memory, { outputs, inner, axis: 'inner', groupSize });
      const from = input.reserve(PANEL * inner * 4);
      const to = panel.reserve(PANEL * inner * 4);
      const words = Math.ceil(inner / matrix.group) * PANEL;
      for (let p = 0; p < matrix.layout.panels; p++) {
        const count = Math.min(PANEL, outputs - p * PANEL);
        bring(weights, p * PANEL, count, inner, memory.floats(from, count * inner));
        operations.packFloats(from, count, inner, to);
        const scales = matrix.scales + p * words * 4;
        operations.panelMaxima(to, inner, matrix.group, scales);
        const factors = memory.floats(scales, words);
        for (let i = 0; i < words; i++) factors[i] = fromBits(scaleFor(factors[i]));
        operations.quantizePanel(to, inner, matrix.group, scales, matrix.address + p * inner * 16);
      }
      return matrix;
    },
    reserveF32(outputs, inner) {
      checkDimension('outputs', outputs);
      const matrix = new WasmMatrix(memory, 'f32', outputs, checkDimension('inner', inner));
      memory.bytes(matrix.address, matrix.bytes).fill(0);
      return matrix;
    },
    reserveInt4(outputs, inner, groupSize, axis) {
      checkDimension('outputs', outputs);
      checkDimension('inner', inner);
      const matrix = int4({ outputs, inner, axis, groupSize: checkDimension('group size', groupSize) });
      matrix.scaleWords().fill(0);
      return matrix;
    },
    growInt4(weights, outputs, inner) {
      if (!(weights instanceof WasmInt4)) return refuseForeign();
      const old = own(weights);
      const axis = old.outer ? 'outer' : 'inner';
      const groupSize = old.outer ? old.layout.share : old.group;
      checkGrowth({ outputs: old.outputs, inner: old.inner, axis, groupSize }, outputs, inner);
      const grown = int4({ outputs, inner, axis, groupSize });
      grown.scaleWords().fill(0);
      // More outputs are more panels behind those that are there; more inner indices make each panel longer.
      const [codes, line] = [old.codes(), old.inner * 16];
      for (let p = 0; p < old.layout.panels; p++) {
        grown.codes().set(codes.subarray(p * line, (p + 1) * line), p * inner * 16);
      }
      grown.scaleWords().set(old.scaleWords());
      return grown;
    },
    writeF32(weights, at, shape, values, strides = { output: shape.inner, inner: 1 }) {
      if (!(weights instanceof WasmMatrix) || weights.format !== 'f32') return refuseForeign();
      const { address, bytes, inner } = own(weights);
      checkBlock(weights, at, shape);
      checkStrides(values, shape.output, shape.inner, strides);
      writeFloats(memory.floats(address, bytes / 4), inner, at, shape, values, strides);
    },
    writeInt4(weights, at, block) {
      if (!(weights instanceof WasmInt4)) return refuseForeign();
      const { layout, inner, outer, group } = own(weights);
      checkQuantizedMatrix(block);
      checkBlock(weights, at, { output: block.outputs, inner: block.inner });
      const groups = {
        axis: outer ? 'outer' : 'inner',
        groupSize: outer ? layout.share : group,
        inner,
      } as const;
      checkGroupsOf(block, groups, at);
      writeCodes(block, layout, at, inner, weights.codes());
      if (outer) writeOuterScales(block, at.output / layout.share, at.inner, inner, weights.scaleWords());
      else writeInnerScales(block, at.output, weights.scaleWords());
    },
  };
}
