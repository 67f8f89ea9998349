import { editEvent, isSystolic } from './edit.ts';
import type { Quirk } from './quirk.ts';

/** Operand registers of a lane, of which the artifact lets those of one lane fire for all. */
const REGISTERS = 2;
const PWL_PARTS = ['pwl_comparator', 'pwl_register', 'pipeline_register'];

export const laneCounts = {
  name: 'lane-counts',
  published:
    'some per-lane parts fire once or twice an array (operand registers and PWL comparators of a systolic array, sign FIFOs of Carat)',
  repaired: 'once a lane',
  design(design) {
    if (design.family === 'carat') return editEvent(design, 'temporal coder', ['sign_fifo'], () => REGISTERS);
    if (!isSystolic(design)) return design;
    const { lanes } = design.nonlinear;
    let changed = editEvent(design, 'vector', ['register_vector'], () => REGISTERS);
    for (const event of ['vector softmax', 'vector activation']) {
      changed = editEvent(changed, event, ['register_vector'], (count) => (count / lanes) * REGISTERS);
      changed = editEvent(changed, event, PWL_PARTS, (count) => count / lanes);
    }
    return changed;
  },
} as const satisfies Quirk;
