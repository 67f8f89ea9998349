import { REPAIRED_ARITHMETIC, SCALE_BITS } from '../vlp/arithmetic.ts';
import { GEMM_FILL_AND_DRAIN, MESH_PASS } from '../machine/mugi/program/latency.ts';
import type { Component, Design } from './design.ts';
import { drainCycles } from './drain.ts';
import { activationRun, lookUpRun, softmaxRun, withoutSequence } from './mugi-nonlinear.ts';
import { fifo, fires, type Mesh, part, register, sram, sramWord } from './parts.ts';
import { changedArithmetic, type OwnArithmetic } from './own-arithmetic.ts';
import { DIVIDE_MULTIPLIES } from './vector-unit.ts';
import { vlpGemm } from './vlp-array.ts';
import { CODE_CYCLES, COLUMNS, LUT_EXPONENTS, LUT_ROWS, WINDOW_EXPONENTS } from '../vlp/array.ts';

const W = COLUMNS;
/** Bits of an entry (BF16), and of a word of the input SRAM, which holds the table. */
const LUT_BITS = 16;
const INPUT_WORD = 128;

/** The way from a row's first sum back to its adder, for the cascade: gates of 16 bits, and-or with the operand. */
export const CASCADE = ['cascade_and', 'cascade_or'];

export interface MugiOptions {
  /** Rows of the array, H. */
  height: number;
  /** Mugi-L: nonlinear functions from dedicated LUTs, one for 8 inputs, instead of VLP (Mugi §5.2.1). */
  lut: boolean;
  nodes: Mesh;
}

/** What a design file may change of it. */
export interface OwnMugi extends OwnArithmetic {
  lut?: boolean;
  /** Multipliers of the vector unit; an eighth of the rows when absent. */
  vector_lanes?: number;
}

/**
 * Mugi (Mugi §4, Fig. 9): H × 8 array, INT4 weights coded in time on the rows, BF16 activations broadcast on the
 * columns, nonlinear functions on the same array.
 */
export function mugi({ height: H, lut, nodes, ...own }: MugiOptions & OwnMugi): Design {
  const { vector_lanes: vector = H / 8, row_sum: rowSum = 'bf16-cascade' } = own;
  const exponents = own.lut_exponents ?? LUT_EXPONENTS;
  const cascades = rowSum === 'bf16-cascade' ? CASCADE : [];
  const resultWord = sramWord(Math.max(128, 2 * H));
  const stages = broadcastStages(H);
  const counterStages = stages + 1;
  const arithmetic = changedArithmetic(REPAIRED_ARITHMETIC, own);
  const { range, normalise } = arithmetic.functions;
  const softmax = softmaxRun({ rows: H, vector, rowSum, range, normalise });
  return {
    name: `mugi${lut ? '-l' : ''}-${H}`,
    title: `Mugi${lut ? '-L' : ''}, ${H} × ${W} array`,
    family: lut ? 'mugi-l' : 'mugi',
    nodes,
    array: {
      columns: W,
      rows: H,
      depth: 1,
      stepCycles: CODE_CYCLES,
      stationary: 'output',
      // The simulated node: each output tile leaves in DRAIN_FRAMES frames, H / 8 lanes wide, before the next one begins.
      pipeline: {
        kind: 'tail',
        cycles: GEMM_FILL_AND_DRAIN,
        perTile: drainCycles({ columns: W, rows: H, lanes: vector, wordBits: resultWord }),
      },
      pass: MESH_PASS,
      weightBits: 4,
    },
    components: [
      fifo('ififo', W, 16, 8),
      fifo('wfifo', H, 4, 2),
      fifo('ofifo', H, 16, 2),
      fifo('sign_fifo', H, 1, 2),
      fifo('pe_fifo', H, 16, 8),
      part('comparator', 'comparator', H, 'tc', { width: 4 }),
      register('magnitude_register', H, 3, 'tc'),
      register('sign_register', H, 1, 'tc'),
      register('temporal_register', W * H, 1, 'pe'),
      part('and_gate', 'and_bitwise', W * H, 'pe', { width: 16 }),
      part('or_gate', 'or_bitwise', 2 * W * H, 'pe', { width: 16 }),
      part('sign_xor', 'xor_bitwise', H, 'pe', { width: 1 }),
      part('adder', 'adderbf16', H, 'accumulator'),
      ...cascades.map((name) =>
        part(name, `${name.replace('cascade_', '')}_bitwise`, H, 'accumulator', { width: 16 }),
      ),
      part('multiplier', 'multiplierbf16', W, 'value_reuse'),
      register('multiplier_register', W * stages, 16, 'value_reuse'),
      part('counter', 'counter', 1, 'value_reuse', { width: 3 }),
      register('counter_register', counterStages, 3, 'value_reuse'),
      part('max_tree', 'vlp_max_min', H - 1, 'nonlinear', { width: 4 }),
      register('max_tree_register', counterStages, 8, 'nonlinear'),
      part('round', 'vlp_round', H, 'nonlinear'),
      part('exp_clamp', 'vlp_clamp', H, 'nonlinear'),
      part('exp_norm', 'exp_norm', H, 'nonlinear'),
      part('exp_select', 'exp_select', H, 'nonlinear'),
      register('sign_mantissa_register', H, 4, 'nonlinear'),
      register('exponent_register', H, 8, 'nonlinear'),
      ...(lut
        ? [
            register('lut_register', (H / 8) * 2 * LUT_ROWS * exponents, 16, 'nonlinear'),
            part('lut_decoder', 'decoder', H / 8, 'nonlinear'),
          ]
        : windowParts(exponents)),
      part('multiplier_vector', 'multiplierbf16', vector, 'vector'),
      register('register_vector', vector, 16, 'vector'),
      part('imux', 'multiplexer', 1, 'control', { width: 128, inputs: 2 }),
      part('wmux', 'multiplexer', 1, 'control', { width: 4 * H, inputs: 2 }),
    ],
    sram: {
      input: sram(64, INPUT_WORD),
      weight: sram(64, sramWord(Math.max(128, H))),
      output: sram(64, resultWord),
    },
    events: {
      'mode switch': fires({ imux: 1, wmux: 1 }),
      'input load': fires({ ififo: W }),
      'input value reuse': fires({
        multiplier: W * CODE_CYCLES,
        multiplier_register: W * CODE_CYCLES * stages,
      }),
      counter: fires({ counter: 1, counter_register: counterStages }),
      'weight load': fires({ wfifo: H, magnitude_register: H, sign_register: H, sign_fifo: H }),
      'temporal coder': fires({ comparator: H }),
      array: fires({
        temporal_register: W * H,
        and_gate: W * H,
        or_gate: W * H,
        sign_xor: W * H,
        adder: W * H,
        ofifo: W * H,
      }),
      'array second spike': fires({ or_gate: H, pe_fifo: W * H }),
      vector: fires({ multiplier_vector: vector, register_vector: vector }),
      'LUT row load': fires({ ififo: W * CODE_CYCLES }),
      'pre-process': fires({
        round: H,
        sign_mantissa_register: H,
        exponent_register: H,
        exp_clamp: H,
        wfifo: H,
        magnitude_register: H,
        sign_register: H,
        exp_norm: H,
        exp_select: H,
        ofifo: H,
        max_tree: H - 1,
        max_tree_register: counterStages,
        ...(lut
          ? { lut_register: H, lut_decoder: H }
          : Object.fromEntries(windowParts(exponents).map(({ name, count }) => [name, count]))),
      }),
      // A comparator for each row; for each PE in Mugi-L, which is counted as the artifact does.
      'temporal coder, nonlinear': fires({ comparator: lut ? W * H : H }),
      'array select': fires({ temporal_register: W * H, and_gate: W * H, or_gate: W * H }),
      sum: fires({ adder: H, ...Object.fromEntries(cascades.map((name) => [name, H])) }),
      'element multiply': fires({ multiplier_vector: 1, register_vector: 1 }),
      'element add': fires({ adder: 1 }),
    },
    gemm: [
      ...vlpGemm(CODE_CYCLES),
      {
        event: 'array second spike',
        energy: 'stepsCells',
        time: 'steps',
        cycles: CODE_CYCLES,
        resource: 'array',
        share: 0.5,
      },
      { event: 'mode switch', energy: 'mappings', time: 'mappings', cycles: 1, resource: 'array' },
    ],
    scaling: { kind: 'vector', lanes: vector },
    nonlinear: {
      lanes: H,
      throughWeightSram: true,
      // Mugi-L looks functions up in registers, whose sequence is not simulated.
      softmax: lut ? withoutSequence(softmax) : softmax,
      activation: lut ? withoutSequence(activationRun) : activationRun,
      ...(lut ? {} : { lookUp: lookUpRun }),
      lutWords: {
        read: LUT_ROWS * Math.ceil((exponents * LUT_BITS) / INPUT_WORD),
        write: Math.ceil((LUT_ROWS * exponents * LUT_BITS) / INPUT_WORD),
      },
    },
    elementwise: { multiplyLanes: vector, addLanes: H, divideMultiplies: DIVIDE_MULTIPLIES },
    method: lut ? 'lut' : 'vlp',
    arithmetic,
    scaleBits: SCALE_BITS,
    provenance: [64, 128, 256].includes(H)
      ? 'published'
      : 'ours: the published rules at a height that the paper does not price',
    ...(lut || exponents === LUT_EXPONENTS ? {} : { unpriced: [otherWindow(exponents)] }),
  };
}

/** What chooses the eight entries of a window: tables price it for rows of twelve; more take wider multiplexers. */
function windowParts(exponents: number): Component[] {
  const more = exponents - LUT_EXPONENTS;
  return [
    part('window_select', 'vlp_window', 1, 'nonlinear'),
    ...(more > 0
      ? [part('window_more', 'multiplexer', WINDOW_EXPONENTS, 'nonlinear', { width: LUT_BITS, inputs: more })]
      : []),
  ];
}

const otherWindow = (exponents: number): { class: string; instead: string } => ({
  class: `vlp_window of rows of ${exponents} exponents`,
  instead: `that of ${LUT_EXPONENTS}${exponents > LUT_EXPONENTS ? ` and multiplexers of ${exponents - LUT_EXPONENTS} inputs more` : ', which is larger'}`,
});

/** Broadcast registers: none up to 64 rows, then one for 32 rows and column (artifact: 0, 2, 4 for 64, 128, 256). */
export const broadcastStages = (height: number): number => (height <= 64 ? 0 : Math.ceil(height / 64));
