import { JOULES_PER_MEGAJOULE } from '../../units.ts';
import type { Evaluation, Metric, OperatorEvaluation, Totals } from '../evaluation.ts';
import type { Quantity } from '../quantity.ts';

export type Which = (operator: OperatorEvaluation) => boolean;
export const isGemm: Which = ({ operator }) => operator.kind === 'gemm';
export const isNonlinear: Which = (one) => !isGemm(one) && one.operator.group === 'nonlinear';
export const isOther: Which = (one) => !isGemm(one) && !isNonlinear(one);
export const inPhase =
  (phase: 'prefill' | 'decode'): Which =>
  ({ operator }) =>
    operator.phase === phase;
export const everyOne: Which = () => true;

export type OfOperator = (one: OperatorEvaluation, evaluation: Evaluation) => Quantity;

export const quantities = (which: Which, quantity: OfOperator, evaluation: Evaluation): Quantity[] =>
  evaluation.operators.filter(which).map((one) => quantity(one, evaluation));

/** A metric of time, energy or work that sums over some operators. */
export const overOperators = (
  which: Which,
  quantity: OfOperator,
): Pick<Metric, 'combine' | 'over' | 'parts'> => ({
  combine: 'sum',
  over: (one, evaluation) => (which(one) ? quantity(one, evaluation).value : 0),
  parts: (evaluation) => quantities(which, quantity, evaluation),
});

export const onChip = ({ total, leakage }: Totals): number => total.energy + leakage * total.time;

/** Tokens a second and a megajoule. */
export const energyEfficiency = (tokensPerSecond: number, energy: number): number =>
  (tokensPerSecond / energy) * JOULES_PER_MEGAJOULE;

export const one = <const Name extends string>(metric: Metric<Name>): Metric<Name> => metric;
