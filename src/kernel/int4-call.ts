import type { GemmArithmetic } from '../vlp/gemm.ts';
import { GUARD_BITS } from '../vlp/vector-sum.ts';
import type { Buffer, WasmInt4 } from './matrices.ts';
import { PANEL } from './panels.ts';
import type { OperationName, Operations } from './pool.ts';

// Modes of the compiled step, src/kernel/assembly/step.ts.
const FUSED = 1;
const TABLE = 2;
const TABLE_BF16 = 3;
const EXACT_BF16 = 4;

/** Inner indices of a block, and panels that share a packed one: src/kernel/assembly/int4-gemm.ts. */
const BLOCK = 64;
const ABREAST = 4;

/** Orders of vectors, src/kernel/assembly/vector-gemm.ts, and the bytes of one with the levels of its tree. */
const ORDERS = { chain: 1, tree: 2, integer: 3 } as const;
const VECTOR_BYTES = 1024 + 160;

/** Rows from which on it pays to make them lanes (src/kernel/assembly/lanes-tile.ts). */
const LANES_ROWS = 8;
/** Bytes of placed activations at most: those that several scales meet are placed for each. */
const LANES_PLACED = 1 << 24;
/** Panels of a claim there at most, so that they share the products of a block. */
const LANES_CLAIM = 8;

/** Bytes of packed activations that stay in the second-level cache while all panels of the weights pass. */
const RESIDENT = 1 << 18;

function modeOf({ product, accumulator }: GemmArithmetic): number {
  if (product !== 'exact') return accumulator === 'bf16' ? TABLE_BF16 : TABLE;
  return accumulator === 'bf16' ? EXACT_BF16 : FUSED;
}

/** Whether rows are lanes: where products are looked up, sums are rounded to BF16, and there are rows enough. */
const rowsAreLanes = (arithmetic: GemmArithmetic, rows: number): boolean =>
  modeOf(arithmetic) === TABLE_BF16 &&
  arithmetic.subnormals !== 'flush' &&
  arithmetic.vector === undefined &&
  rows >= LANES_ROWS;

/** Rows of so many bytes that stay in the cache, a multiple of all heights of tiles. */
const wholeTiles = (bytes: number): number => Math.floor(RESIDENT / bytes / 60) * 60;

/** Rows of `rows` that go through at a time: whole tiles of every height (src/kernel/assembly/tiles.ts). */
export function rowsAtOnce(arithmetic: GemmArithmetic, rows: number, inner: number): number {
  const bytes = rowsAreLanes(arithmetic, rows) ? 4 : 16;
  return Math.max(60, wholeTiles(bytes * inner));
}

/** The same for weights that stand for FP32 values, whose panels are expanded for each such part. */
export const floatRowsAtOnce = (inner: number): number => Math.max(2 * 60, wholeTiles(4 * inner));

/** A product with INT4 weights: where activations lie, in which precision, and which panels are wanted. */
interface Int4Product {
  activations: number;
  float: boolean;
  rows: number;
  inner: number;
  weights: WasmInt4;
  panels: readonly [number, number];
  /** Results, `stride` bytes a row. */
  c: number;
  stride: number;
  arithmetic: GemmArithmetic;
}

/** What a job runs for it: the operation with its arguments, bytes of scratch a thread, panels to claim at least. */
interface Int4Call {
  operation: OperationName;
  scratchBytes: number;
  rest: readonly number[];
  claim?: number;
}

/** Chooses the kernel of a product, and packs activations into `packed` where it takes them packed. */
export function int4Call(operations: Operations, packed: Buffer, product: Int4Product): Int4Call {
  const { activations, float, rows, inner, weights, c, stride, arithmetic } = product;
  const { address, layout, inner: width, outer, group, scales } = weights;
  const mode = modeOf(arithmetic);
  const table = mode === TABLE || mode === TABLE_BF16;
  const narrow = table || mode === EXACT_BF16;
  const flush = arithmetic.subnormals === 'flush' ? 1 : 0;
  const repeated = arithmetic.product === 'repeated' ? 1 : 0;
  const place = [address, scales, c, stride];
  const length = outer ? inner : group;
  const chain = Math.min(arithmetic.chain ?? length, length);
  const { vector } = arithmetic;
  if (vector !== undefined) {
    const { lanes, order, guardBits = GUARD_BITS } = vector;
    const what = [ORDERS[order], lanes, guardBits, flush, +outer, outer ? layout.panelsPerShare : 1];
    const rest = [...what, activations, +float, rows, inner, width, length, chain, ...place];
    return { operation: 'gemmInt4Vector', scratchBytes: rows * PANEL * 4 + VECTOR_BYTES, rest };
  }
  const lanes = rowsAreLanes(arithmetic, rows) && placeLanes(operations, packed, product);
  if (lanes) {
    const factors = outer ? 0 : scales;
    const rest = [repeated, ...lanes, rows, inner, width, length, chain, address, factors, c, stride];
    return { operation: 'gemmInt4Lanes', scratchBytes: operations.lanesScratch()!, rest, claim: LANES_CLAIM };
  }
  /** Of a packed activation, src/kernel/assembly/pack.ts. */
  const bytes = table ? (rows === 1 ? 32 : 16) : 4;
  if (outer) {
    const how = [mode, repeated, flush, layout.panelsPerShare, activations, +float];
    const scratchBytes = rows * (ABREAST * PANEL * 4 + BLOCK * bytes);
    return { operation: 'gemmInt4Outer', scratchBytes, rest: [...how, rows, inner, width, chain, ...place] };
  }
  const a = packed.reserve(rows * inner * bytes);
  const options = [table ? 1 + repeated : 0, +narrow, flush, 0, +float];
  const room = operations.packActivations(activations, rows, inner, inner, a, ...options)!;
  const rest = [mode, room, flush, a, rows, inner, width, group, chain, ...place];
  return { operation: 'gemmInt4', scratchBytes: rows * PANEL * 4, rest };
}

/**
 * Activations for rows as lanes, scaled for each share of the panels that scales them.
 * @returns panels that share them, the first share, bytes of each, and where they lie; nothing where they are too many, or
 *   some sum may leave the range in which that way rounds right
 */
function placeLanes(operations: Operations, packed: Buffer, product: Int4Product): number[] | undefined {
  const { activations, float, rows, inner, panels, weights } = product;
  const { outer, layout, scales, inner: width } = weights;
  const [first, end] = panels;
  const share = outer ? layout.panelsPerShare : end;
  const base = Math.floor(first / share);
  const shares = Math.ceil(end / share) - base;
  const size = Math.ceil(rows / 4) * 16 * inner;
  if (shares > 1 && size * shares > LANES_PLACED) return undefined;
  const at = packed.reserve(size * shares);
  for (let s = 0; s < shares; s++) {
    const factors = outer ? scales + (base + s) * width * 4 : 0;
    if (operations.placeLanes(activations, rows, inner, at + s * size, factors, +float) === 0)
      return undefined;
  }
  return [share, base, size, at];
}
