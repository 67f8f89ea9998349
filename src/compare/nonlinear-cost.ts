import { componentUse } from '../evaluate/components.ts';
import { evaluatePoint } from '../question/point.ts';

/** What evaluating a nonlinear function costs on a design, at its node. */
export interface NonlinearCost {
  design: string;
  /** Elements a nanosecond. */
  elements_per_ns: number;
  /** On-chip dynamic energy of one element, SRAM accesses included. */
  energy_pJ: number;
  /** Components that GEMM does not need: the groups `nonlinear` and `vector`. */
  own_area_mm2: number;
}

/** The design that computes nonlinear functions by each method, all of the size that the paper compares. */
const DESIGN_OF_METHOD: Readonly<Record<string, string>> = {
  vlp: 'mugi-256',
  exact: 'sa-16',
  pwl: 'sa-16-pwl',
  taylor: 'sa-16-taylor',
};

const OWN_GROUPS = ['nonlinear', 'vector'];

/** Cost of one function of Llama 2 7B, batch 8, context 4096, by the corrected model (Fig. 11's setting). */
function nonlinearCost(design: string, fn: 'softmax' | 'silu'): NonlinearCost {
  const evaluation = evaluatePoint({ design, model: 'llama-2-7b', batch: 8, context: 4096 });
  const operators = evaluation.operators.filter(
    ({ operator }) => operator.kind === 'nonlinear' && operator.function === fn,
  );
  let [elements, time, energy] = [0, 0, 0];
  for (const one of operators) {
    elements += one.work.elements;
    time += one.time;
    energy += one.energy;
  }
  const own = componentUse(evaluation, operators).filter(({ group }) => OWN_GROUPS.includes(group));
  return {
    design,
    elements_per_ns: elements / time / 1e9,
    energy_pJ: (energy / elements) * 1e12,
    own_area_mm2: own.reduce((sum, { area_mm2 }) => sum + area_mm2, 0),
  };
}

/** Cost of each method that a compared design has. */
export const methodCosts = (
  methods: readonly string[],
  fn: 'softmax' | 'silu',
): ({ method: string } & NonlinearCost)[] =>
  methods.flatMap((method) => {
    const design = DESIGN_OF_METHOD[method];
    return design === undefined ? [] : [{ method, ...nonlinearCost(design, fn) }];
  });
