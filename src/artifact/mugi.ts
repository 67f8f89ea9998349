import { CODE_CYCLES, COLUMNS, LUT_EXPONENTS, LUT_ROWS, WINDOW_EXPONENTS } from '../vlp/array.ts';
import { type Component, fifo, fires, type Inventory, part, register } from './inventory.ts';

const W = COLUMNS;
/** Bits of an entry of a table (BF16). */
export const LUT_BITS = 16;

/** The way from a row's first sum back to its adder, for the cascade (ours): gates of 16 bits, and-or with the operand. */
export const CASCADE = ['cascade_and', 'cascade_or'];

/** Broadcast registers: none up to 64 rows, then one for 32 rows and column (artifact: 0, 2, 4 for 64, 128, 256). */
export const broadcastStages = (height: number): number => (height <= 64 ? 0 : Math.ceil(height / 64));

export interface MugiParts {
  /** Rows of the array, H. */
  height: number;
  /** Mugi-L: a table in registers for 8 inputs. */
  lut: boolean;
  /** Exponents of a row of a table. */
  exponents: number;
  /** Whether sums of softmax go back to their adder. */
  cascade: boolean;
  /** Multipliers of the vector unit. */
  vector: number;
}

/** A node of Mugi (Mugi §4, Fig. 9) or Mugi-L (§5.2.1). */
export function mugiInventory({ height: H, lut, exponents, cascade, vector }: MugiParts): Inventory {
  const cascades = cascade ? CASCADE : [];
  const stages = broadcastStages(H);
  const counterStages = stages + 1;
  return {
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
  };
}

/** What chooses the eight entries of a window: tables price it for rows of twelve; more take wider multiplexers (ours). */
function windowParts(exponents: number): Component[] {
  const more = exponents - LUT_EXPONENTS;
  return [
    part('window_select', 'vlp_window', 1, 'nonlinear'),
    ...(more > 0
      ? [part('window_more', 'multiplexer', WINDOW_EXPONENTS, 'nonlinear', { width: LUT_BITS, inputs: more })]
      : []),
  ];
}
