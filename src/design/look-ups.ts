import type { ElementwiseOperator } from '../workload/operator.ts';
import { type Design, nodeCount } from './design.ts';
import type { NonlinearCount } from './mapping/counts.ts';

/** What a function by VLP takes beside its look-ups, multiplications and additions of the vector unit an evaluation. */
interface Beside {
  /** Passes over the array: one for 1/√x, one each for sin and cos. */
  passes: number;
  multiplies: number;
  adds: number;
}

const LOOKED_UP = { passes: 1, multiplies: 0, adds: 0 } satisfies Beside;
/** One Newton step of 1/√x: y·(1.5 − ½x·y·y), where halving is an exponent decrement. */
const REFINED = { passes: 1, multiplies: 3, adds: 1 } satisfies Beside;
/**
 * An angle: position × frequency; k = round(angle·2/π) and r = angle − k·π/2; sin and cos of r, each with the other one times
 * what the temporal code dropped of r.
 */
const ANGLE = { passes: 2, multiplies: 5, adds: 3 } satisfies Beside;

/** Work of an operator on an array that looks its functions up. */
export interface LookUps {
  /** Counts of the array, of all nodes. */
  counts: Record<NonlinearCount, number>;
  /** Inputs; each pass has as many results. */
  inputs: number;
  /** Multiplications and additions of the vector unit; no division remains. */
  multiplies: number;
  adds: number;
}

/** What of an element-wise operator a design looks up: nothing, where no switch of its arithmetic says so. */
export function lookUpsOf(design: Design, op: ElementwiseOperator): LookUps | undefined {
  const { lookUp } = design.nonlinear;
  const { norms, rope } = design.arithmetic.functions;
  if (lookUp === undefined) return undefined;
  if (op.divides > 0 && norms !== 'exact' && (op.function === 'rmsnorm' || op.function === 'layernorm'))
    return work(design, op.divides, norms === 'vlp' ? LOOKED_UP : REFINED);
  if (op.angles > 0 && rope === 'vlp') return work(design, op.angles, ANGLE);
  return undefined;
}

function work(design: Design, inputs: number, { passes, multiplies, adds }: Beside): LookUps {
  const { lanes, lookUp } = design.nonlinear;
  const nodes = nodeCount(design);
  const { step, tail } = lookUp!.sequence!;
  const each = passes * Math.ceil(inputs / (lanes * nodes));
  return {
    counts: {
      mappings: nodes,
      steps: each * nodes,
      stepsUsed: (passes * inputs) / lanes,
      elements: passes * inputs,
      arrayCycles: nodes * (each * step + tail),
      tiles: each * nodes,
    },
    inputs,
    multiplies: multiplies * inputs,
    adds: adds * inputs,
  };
}
