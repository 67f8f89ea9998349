import { CODE_CYCLES, COLUMNS } from '../vlp/array.ts';
import { fifo, fires, type Inventory, part, register } from './inventory.ts';
import { vectorApproximation, vectorEvents, type VectorMethod } from './vector.ts';

const W = COLUMNS;

/** Accumulator pipeline rows: 1, 1, 3 for 64, 128, 256 rows (artifact), one for 64 rows beyond. */
export const caratStages = (height: number): number => Math.max(1, Math.ceil(height / 64) - 1);

export interface CaratParts {
  /** Rows of the array, H. */
  height: number;
  /** Lanes of the vector array. */
  vector: number;
  method: VectorMethod;
}

/** Carat as Mugi compares it (Mugi §5.2.1). */
export function caratInventory({ height: H, vector: V, method }: CaratParts): Inventory {
  const depth = Math.max(1, Math.ceil(H / 32));
  const stages = caratStages(H);
  return {
    components: [
      fifo('ififo', W, 16, depth),
      fifo('wfifo', H, 8, depth),
      fifo('ofifo', H, 16, depth),
      fifo('sign_fifo', 2 * H, 8, 1),
      fifo('pe_fifo', 2 * H, 16, 8),
      part('comparator', 'comparator', H, 'tc', { width: 3 }),
      register('ireg', H, 12, 'tc'),
      part('z_flag', 'or_bitwise', H, 'tc', { width: 7 }),
      part('nan_flag', 'and_bitwise', H, 'tc', { width: 7 }),
      register('temporal_register', W * H, 1, 'pe'),
      part('and_gate', 'and_bitwise', W * H, 'pe', { width: 16 }),
      register('areg', W * H, 1.5, 'pe'),
      part('or_gate', 'or_bitwise', 2 * W * H, 'pe', { width: 16 }),
      part('sign_xor', 'xnor_bitwise', H, 'pe', { width: 1 }),
      part('accumulator', 'adderbf16', W, 'value_reuse'),
      register('accumulator_register', W * stages, 16, 'value_reuse'),
      register('wreg', W, 16, 'value_reuse'),
      part('counter', 'counter', 1, 'value_reuse', { width: 3 }),
      register('creg', H, 3, 'value_reuse'),
      part('adder', 'adderbf16', H, 'accumulator'),
      part('exp_scale', 'adder', W, 'accumulator', { width: 8 }),
      part('shifterexp', 'adder', H, 'accumulator', { width: 8 }),
      part('multiplier_vector', 'multiplierbf16', V, 'vector'),
      part('accumulator_vector', 'adderbf16', V, 'vector'),
      register('register_vector', V, 16, 'vector'),
      register('mac_register_vector', V, 16, 'vector'),
      ...vectorApproximation(V, method),
    ],
    events: {
      'input load': fires({ ififo: W }),
      counter: fires({ counter: 1, creg: H }),
      'input value reuse': fires({
        accumulator: W * CODE_CYCLES,
        exp_scale: W * CODE_CYCLES,
        wreg: W * CODE_CYCLES,
        accumulator_register: W * CODE_CYCLES * stages,
      }),
      'weight load': fires({ wfifo: H }),
      'temporal coder': fires({
        comparator: H,
        ireg: H,
        z_flag: H,
        nan_flag: H,
        sign_fifo: 2 * H,
      }),
      array: fires({
        temporal_register: W * H,
        and_gate: W * H,
        or_gate: W * H,
        areg: W * H,
        pe_fifo: W * H,
        sign_xor: W * H,
        shifterexp: W * H,
        adder: W * H,
        ofifo: W * H,
      }),
      ...vectorEvents(V, method),
    },
  };
}
