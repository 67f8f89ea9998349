import {
  DRAIN_FRAMES,
  FUNCTION_FILL_AND_DRAIN,
  GEMM_FILL_AND_DRAIN,
  INITIATION_INTERVAL,
  SOFTMAX_FILL_AND_DRAIN,
  SOFTMAX_FRAMES_PER_KEY,
  SOFTMAX_TILE_FRAMES,
} from '../machine/mugi/program/latency.ts';
import type { Repairs } from '../preset.ts';
import type { Design } from './design.ts';
import { byFunction, fifo, fires, type Mesh, part, register, sram, sramWord } from './parts.ts';
import { vlpGemm } from './vlp-array.ts';
import { CODE_CYCLES, COLUMNS, LUT_EXPONENTS, LUT_ROWS } from '../vlp/array.ts';

const W = COLUMNS;

export interface MugiOptions {
  /** Rows of the array, H. */
  height: number;
  /** Mugi-L: nonlinear functions from dedicated LUTs, one for 8 inputs, instead of VLP (Mugi §5.2.1). */
  lut: boolean;
  nodes: Mesh;
}

/**
 * Mugi (Mugi §4, Fig. 9): H × 8 array, INT4 weights coded in time on the rows, BF16 activations broadcast on the
 * columns, nonlinear functions on the same array.
 */
export function mugi({ height: H, lut, nodes }: MugiOptions, repairs: Repairs): Design {
  const R = nodes.rows * nodes.columns;
  const vector = H / 8;
  // Broadcast registers: none up to 64 rows, then one for 32 rows and column (artifact: 0, 2, 4 for 64, 128, 256).
  const stages = H <= 64 ? 0 : Math.ceil(H / 64);
  const counterStages = stages + 1;
  const share = repairs['noc-energy'] ? 1 : R;
  const single = R === 1 || repairs['noc-counts'];
  const lutBits = repairs['lut-words'] ? 16 : 4;
  const inputWord = 128;
  // Mugi-L looks functions up in registers, whose sequence is not simulated.
  const sequence = repairs['node-cycles'] && !lut ? nodeSequence : undefined;
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
      pipeline: pipeline(stages, repairs),
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
      part('multiplier', 'multiplierbf16', W, 'value_reuse'),
      register('multiplier_register', W * stages, 16, 'value_reuse'),
      part('counter', 'counter', 1, 'value_reuse', { width: 3 }),
      register('counter_register', counterStages, 3, 'value_reuse'),
      part('max_tree', 'vlp_max_min', H - 1, 'nonlinear', repairs['max-tree-width'] ? { width: 4 } : {}),
      register('max_tree_register', counterStages, 8, 'nonlinear'),
      part('round', 'vlp_round', H, 'nonlinear'),
      part('exp_clamp', 'vlp_clamp', H, 'nonlinear'),
      part('exp_norm', 'exp_norm', H, 'nonlinear'),
      part('exp_select', 'exp_select', H, 'nonlinear'),
      register('sign_mantissa_register', H, 4, 'nonlinear'),
      register('exponent_register', H, 8, 'nonlinear'),
      ...(lut
        ? [
            register('lut_register', (H / 8) * 2 * LUT_ROWS * LUT_EXPONENTS, 16, 'nonlinear'),
            part('lut_decoder', 'decoder', H / 8, 'nonlinear'),
          ]
        : [part('window_select', 'vlp_window', 1, 'nonlinear')]),
      part('multiplier_vector', 'multiplierbf16', vector, 'vector'),
      register('register_vector', vector, 16, 'vector'),
      part('imux', 'multiplexer', 1, 'control', { width: 128, inputs: 2 }),
      part('wmux', 'multiplexer', 1, 'control', { width: 4 * H, inputs: 2 }),
    ],
    sram: {
      input: sram(64, inputWord),
      weight: sram(64, sramWord(Math.max(128, H))),
      output: sram(64, sramWord(Math.max(128, 2 * H))),
    },
    events: {
      'mode switch': fires({ imux: 1, wmux: 1 }),
      'input load': fires({ ififo: W }),
      'input value reuse': fires({
        multiplier: (W * CODE_CYCLES) / share,
        multiplier_register: (W * CODE_CYCLES * stages) / share,
      }),
      counter: fires({ counter: 1, counter_register: counterStages * (single ? 1 : nodes.columns) }),
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
      'array second spike': fires({ or_gate: single ? H : 1, pe_fifo: W * H }),
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
        ...(lut ? { lut_register: H, lut_decoder: H } : { window_select: 1 }),
      }),
      // As published a comparator for each PE; a node has one for each row.
      'temporal coder, nonlinear': fires({ comparator: sequence === undefined ? W * H : H }),
      'array select': fires({ temporal_register: W * H, and_gate: W * H, or_gate: W * H }),
      sum: fires({ adder: H }),
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
      rules: byFunction((softmax) => {
        // Activations need both signs: their inputs are pre-processed and coded twice (artifact).
        const signs = softmax ? 1 : 2;
        const max = softmax && repairs['softmax-max'] ? 2 : 0;
        // The published model loads and counts once for both halves of the LUT; the node does so for each.
        const halves = sequence === undefined ? 1 : signs;
        const step = {
          energy: 'steps',
          time: 'steps',
          cycles: CODE_CYCLES + max,
          resource: 'array',
        } as const;
        const used = { ...step, energy: 'stepsUsed' } as const;
        return [
          {
            ...step,
            ...(sequence === undefined ? {} : { time: 'arrayCycles' as const, cycles: 1 }),
            event: 'LUT row load',
            share: halves,
          },
          { ...step, event: 'counter', share: halves },
          { ...used, event: 'pre-process', cycles: CODE_CYCLES * signs + max },
          { ...used, event: 'temporal coder, nonlinear', share: signs },
          // As published once for the mantissa and once for the exponent, which a node selects in post-processing.
          { ...used, event: 'array select', share: sequence === undefined ? 2 : 1 },
          ...(softmax
            ? [
                { ...used, event: 'sum', share: 1 + max },
                {
                  event: 'vector',
                  energy: 'elements',
                  time: 'elements',
                  cycles: 1 / vector,
                  resource: 'vector',
                  share: 1 / vector,
                } as const,
              ]
            : []),
          { event: 'mode switch', energy: 'mappings', time: 'mappings', cycles: 1, resource: 'array' },
        ];
      }),
      ...(sequence === undefined ? {} : { sequence }),
      passes: byFunction((softmax) =>
        softmax ? { reads: repairs['softmax-max'] ? 3 : 2, writes: 2 } : { reads: 1, writes: 1 },
      ),
      lutWords: {
        read: LUT_ROWS * Math.ceil(((repairs['lut-words'] ? LUT_EXPONENTS : W) * lutBits) / inputWord),
        write: Math.ceil((LUT_ROWS * LUT_EXPONENTS * lutBits) / inputWord),
      },
    },
    elementwise: { multiplyLanes: vector, addLanes: H, divideMultiplies: 14 },
    method: lut ? 'lut' : 'vlp',
    provenance: [64, 128, 256].includes(H)
      ? 'published'
      : 'ours: the published rules at a height that the paper does not price',
  };
}

/** Fill and drain of a GEMM. */
function pipeline(stages: number, repairs: Repairs): Design['array']['pipeline'] {
  // The simulated node: each output tile leaves in eight frames, H / 8 lanes wide, before the next one begins.
  if (repairs['node-cycles'])
    return { kind: 'tail', cycles: GEMM_FILL_AND_DRAIN, perTile: DRAIN_FRAMES * INITIATION_INTERVAL };
  if (!repairs['fill-drain']) return { kind: 'ideal' };
  // Behind the last step: its code, the skew of the columns, broadcast stages, and the drain of H × 8 results through H / 8 lanes.
  return { kind: 'tail', cycles: CODE_CYCLES + (W - 1) + stages + 8 * W };
}

/** Cycles of softmax and of a function of both signs on the simulated node. */
function nodeSequence(fn: string): ReturnType<NonNullable<Design['nonlinear']['sequence']>> {
  const frame = INITIATION_INTERVAL;
  if (fn !== 'softmax') return { step: 2 * frame, perTile: 0, tail: FUNCTION_FILL_AND_DRAIN, lutPasses: 2 };
  return {
    step: SOFTMAX_FRAMES_PER_KEY * frame,
    perTile: SOFTMAX_TILE_FRAMES * frame,
    tail: SOFTMAX_FILL_AND_DRAIN,
    lutPasses: 1,
  };
}
