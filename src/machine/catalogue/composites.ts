import { toBits } from '../../number/bf16.ts';
import type { AnyModule } from '../../hardware/index.ts';
import type { Attributes } from '../../technology/technology.ts';
import { caratColumn } from '../carat/carat-column.ts';
import { int4ToFp8 } from '../carat/carat-product.ts';
import { caratRow } from '../carat/carat-row.ts';
import { dotProduct } from '../tensor/dot-product.ts';
import { fignaArrayModule } from '../figna/figna-array.ts';
import { patternKey, pwlLaneModule, SEGMENTS } from '../part/pwl-lane.ts';
import { type Drives, LOADING } from './stimulus.ts';
import { systolicArrayModule } from '../systolic/systolic-array.ts';
import { systolicPe } from '../systolic/systolic-pe.ts';
import { vectorLane } from '../simd/vector-lane.ts';

/** A part of a composite: class, attributes, how many. */
export type Counted = readonly [name: string, attributes: Attributes, count: number];

/**
 * A whole datapath, synthesised in one piece, and the parts by which the cost model prices the same: a check of
 * that model's additivity. The parts and their counts are those of the published inventory (src/artifact).
 */
export interface Composite {
  name: string;
  module: AnyModule;
  drives: Drives;
  parts: readonly Counted[];
  /** Where both differ by construction. */
  note: string;
}

const register = (width: number, count: number): Counted => ['register', { width }, count];
const float = (multipliers: number, adders: number): Counted[] => [
  ['multiplierbf16', {}, multipliers],
  ['adderbf16', {}, adders],
];
const SYSTOLIC: Drives = { activation: 'bf16', load: 'loading' };
const SIZE = 8;

export const COMPOSITES: readonly Composite[] = [
  {
    name: 'systolic_pe',
    module: systolicPe.module,
    drives: { ...SYSTOLIC, weight: int4AsBf16, partial: 'bf16' },
    parts: [...float(1, 1), register(16, 3)],
    note: 'the adder’s register serves as the partial sum’s; the weight register has an enable',
  },
  {
    name: `systolic_array_${SIZE}`,
    module: systolicArrayModule(SIZE),
    drives: SYSTOLIC,
    parts: [...float(SIZE ** 2, SIZE ** 2), register(16, 3 * SIZE ** 2), ['int_to_bf16', {}, SIZE]],
    note: 'and the registers that skew the inputs (the inventory has FIFOs for them, not counted here)',
  },
  {
    name: `figna_array_${SIZE}`,
    module: fignaArrayModule(SIZE),
    drives: SYSTOLIC,
    parts: (['ch_aloc', 'prealigner', 'ch_dealoc', 'int_to_fp'] as const)
      .map((part): Counted => [part, {}, SIZE])
      .concat([['figna_pe', {}, SIZE ** 2]]),
    note: 'and the registers that skew the inputs and carry the shared exponent',
  },
  {
    name: `dot_product_${SIZE}`,
    module: dotProduct(SIZE).module,
    drives: { a: 'bf16', b: 'bf16', partial: 'bf16' },
    parts: float(SIZE, SIZE),
    note: 'a column of the 8 × 8 SIMD array, with its adder tree and accumulator',
  },
  {
    name: 'dot_product_16',
    module: dotProduct(16).module,
    drives: { a: 'bf16', b: 'bf16', partial: 'bf16' },
    parts: float(16, 16),
    note: 'one of the 128 dot products of the tensor core',
  },
  {
    name: 'carat_column',
    module: caratColumn.module,
    drives: { start: (cycle) => (cycle % 8 === 0 ? 1 : 0), activation: 'bf16' },
    parts: [['adderbf16', {}, 1], ['adder', { width: 8 }, 1], register(16, 2)],
    note: 'value reuse of one column: two exponent adders instead of one',
  },
  {
    name: 'carat_row',
    module: caratRow.module,
    drives: {
      count: (cycle) => cycle % 8,
      parity: (cycle) => (cycle >> 3) & 1,
      weight: (_, random) => int4ToFp8(Math.floor(random() * 16)),
      columns: 'bf16',
      parities: (cycle, _, column) => ((cycle + 64 - column) >> 3) & 1,
      restart: 'low',
    },
    parts: [
      ['fifo', { width: 16, depth: 8 }, 2],
      ['fifo', { width: 8, depth: 1 }, 2],
      ['comparator', { width: 3 }, 1],
      register(12, 1),
      ['or_bitwise', { width: 7 }, 1],
      ['and_bitwise', { width: 7 }, 1],
      register(1, 8),
      register(1.5, 8),
      ['and_bitwise', { width: 16 }, 8],
      ['or_bitwise', { width: 16 }, 16],
      ['xnor_bitwise', { width: 1 }, 1],
      ['adder', { width: 8 }, 1],
      ['adderbf16', {}, 1],
    ],
    note: 'and a ring of eight partial sums and a second AND a PE, which the inventory lacks',
  },
  {
    name: 'vector_lane',
    module: vectorLane.module,
    drives: { a: 'bf16', b: 'bf16', addend: 'bf16', accumulate: 'high' },
    parts: [...float(1, 1), register(16, 2)],
    note: 'the MAC register is the adder’s; a multiplexer in front of it',
  },
  {
    name: 'pwl_lane',
    module: pwlLaneModule,
    drives: { x: 'bf16', load: 'loading', entry: segmentEntry },
    parts: [
      ...float(1, 1),
      ['pwl_bf_max', {}, SEGMENTS - 1],
      ['pwl_22_seg_encoder', {}, 1],
      register(32, SEGMENTS),
      register(16, SEGMENTS + 1),
    ],
    note: 'registers of the table are clocked in every cycle here, and have enables',
  },
];

function int4AsBf16(_cycle: number, random: () => number): number {
  return toBits(Math.floor(random() * 16) - 8);
}

/** The chain of coefficients, the last segment first, so that all lie in place when loading ends. */
function segmentEntry(cycle: number): bigint {
  const segment = Math.min(SEGMENTS - 1, Math.max(0, LOADING - 1 - cycle));
  const knot = patternKey(toBits(-3 + (6 * segment) / SEGMENTS));
  const [slope, offset] = [toBits(segment / (SEGMENTS - 1)), toBits(-segment / 40)];
  return (BigInt(knot) << 32n) | (BigInt(slope) << 16n) | BigInt(offset);
}
