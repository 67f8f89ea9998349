import type { Design, Pipeline, WeightStationary } from '../design/design.ts';
import { treeTail } from '../design/simd.ts';
import { broadcastStages } from '../artifact/mugi.ts';
import { nodeOf, withoutSequence } from '../design/mugi-nonlinear.ts';
import { CODE_CYCLES } from '../vlp/array.ts';
import { editEvent, isBuiltIn, isMugi } from './edit.ts';
import type { Quirk } from './quirk.ts';

export const nodeCycles = {
  name: 'node-cycles',
  published:
    'results drain for free wherever sums stand still, and so do the passes of Mugi’s softmax; weights that stand still are loaded once for all activations',
  repaired:
    'a tile leaves before the next one begins, as wide as the output SRAM, in Mugi, Carat and output-stationary arrays; weights that stand still are loaded for every tile of activations, before the fold or, with a second register, while the last one runs; Mugi’s cycles are those of the simulated node: 8·(K + 8) an output tile and scale, + 30; softmax 8·(3·keys + 12) for H rows, + 6; SiLU, GELU 16 for H elements, + 33',
  design(design) {
    if (!isMugi(design)) return isBuiltIn(design) ? withoutDrain(design) : design;
    const { array, nonlinear } = design;
    // Behind the last step: its code, the skew of the columns, broadcast stages, and the drain of H × 8 results through H / 8 lanes.
    const drain = Math.ceil((array.columns * array.rows) / nodeOf(design).vector);
    const cycles = CODE_CYCLES + (array.columns - 1) + broadcastStages(array.rows) + drain;
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

function withoutDrain(design: Design): Design {
  const { pipeline } = design.array;
  if (pipeline.kind === 'weight-stationary')
    return { ...design, array: { ...design.array, pipeline: unloaded(pipeline, design.array.columns) } };
  if (pipeline.kind !== 'tail' && pipeline.kind !== 'output-stationary') return design;
  const { perTile: _free, tail: _restored, period: _wide, ...rest } = { tail: 0, period: 1, ...pipeline };
  return { ...design, array: { ...design.array, pipeline: rest } };
}

/** Where broadcast activations meet them, folds follow each other and only the trees are behind the last; else SCALE-Sim's. */
function unloaded({ skew, registers }: WeightStationary, columns: number): Pipeline {
  if (skew === 0) return { kind: 'tail', cycles: treeTail(columns) };
  return { kind: 'weight-stationary', ...(registers === 2 ? { registers } : {}) };
}
