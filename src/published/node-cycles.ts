import { broadcastStages } from '../design/mugi.ts';
import { withoutSequence } from '../design/mugi-nonlinear.ts';
import { CODE_CYCLES } from '../vlp/array.ts';
import { editEvent, isMugi } from './edit.ts';
import type { Quirk } from './quirk.ts';

export const nodeCycles = {
  name: 'node-cycles',
  published: 'Mugi’s results drain and softmax’s passes overlap for free',
  repaired:
    'cycles of the simulated node: 8·(K + 8) an output tile and scale, + 30; softmax 8·(3·keys + 12) for H rows, + 6; SiLU, GELU 16 for H elements, + 33',
  design(design) {
    if (!isMugi(design)) return design;
    const { array, nonlinear } = design;
    // Behind the last step: its code, the skew of the columns, broadcast stages, and the drain of H × 8 results through H / 8 lanes.
    const cycles = CODE_CYCLES + (array.columns - 1) + broadcastStages(array.rows) + 8 * array.columns;
    const changed = {
      ...design,
      array: { ...array, pipeline: { kind: 'tail', cycles } as const },
      nonlinear: {
        ...nonlinear,
        softmax: withoutSequence(nonlinear.softmax),
        activation: withoutSequence(nonlinear.activation),
      },
    };
    // A comparator for each PE.
    return editEvent(changed, 'temporal coder, nonlinear', ['comparator'], () => array.columns * array.rows);
  },
} as const satisfies Quirk;
