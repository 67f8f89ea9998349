import { REPAIRED_ARITHMETIC, SCALE_BITS } from '../vlp/arithmetic.ts';
import { GEMM_FILL_AND_DRAIN, MESH_PASS } from '../machine/mugi/program/latency.ts';
import { LUT_BITS, mugiInventory } from '../artifact/mugi.ts';
import type { Design } from './design.ts';
import { drainCycles } from './drain.ts';
import { activationRun, lookUpRun, softmaxRun, withoutSequence } from './mugi-nonlinear.ts';
import { type Mesh, sram, sramWord } from './parts.ts';
import { changedArithmetic, type OwnArithmetic } from './own-arithmetic.ts';
import { DIVIDE_MULTIPLIES } from './vector-unit.ts';
import { vlpGemm } from './vlp-array.ts';
import { CODE_CYCLES, COLUMNS, LUT_EXPONENTS, LUT_ROWS } from '../vlp/array.ts';

const W = COLUMNS;
/** Bits of a word of the input SRAM, which holds the table. */
const INPUT_WORD = 128;

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
  const resultWord = sramWord(Math.max(128, 2 * H));
  const inventory = mugiInventory({
    height: H,
    lut,
    exponents,
    cascade: rowSum === 'bf16-cascade',
    vector,
  });
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
    ...inventory,
    sram: {
      input: sram(64, INPUT_WORD),
      weight: sram(64, sramWord(Math.max(128, H))),
      output: sram(64, resultWord),
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

const otherWindow = (exponents: number): { class: string; instead: string } => ({
  class: `vlp_window of rows of ${exponents} exponents`,
  instead: `that of ${LUT_EXPONENTS}${exponents > LUT_EXPONENTS ? ` and multiplexers of ${exponents - LUT_EXPONENTS} inputs more` : ', which is larger'}`,
});
