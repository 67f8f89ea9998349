import type { Evaluation, OperatorEvaluation } from '../evaluate/evaluation.ts';
import { eventCounts } from '../evaluate/execute/execution.ts';
import { energyOf, operatorName, timeOf } from '../evaluate/parts/operator.ts';
import { given, product, type Quantity, quotient, sum } from '../evaluate/quantity.ts';
import { quantityOf } from '../evaluate/why.ts';
import { type Efficiencies, MODEL_OPERATIONS, modelOperations } from './quantities.ts';

/** Operators of a figure with the operations that it counts of each, all layers together. */
export interface Counted {
  evaluation: Evaluation;
  operators: readonly OperatorEvaluation[];
  /** Operations of one element or product, in units of 1e9, as the figure counts them. */
  each: number;
  /** What the operations are counted by. */
  count(one: OperatorEvaluation): Quantity;
}

/** Of one layer: the quantity over the layers that hold the operator. */
const ofOneLayer = (whole: Quantity, { operator }: OperatorEvaluation): Quantity =>
  quotient(whole.name, whole.unit, 'over the layers', [
    whole,
    given('layers', operator.layers, '', 'the model'),
  ]);

/** What an efficiency is made of, as `efficiencies` of `quantities.ts` takes it. */
interface Made {
  work: Quantity;
  time: Quantity;
  /** Dynamic energy. */
  energy: Quantity;
  leakage: Quantity;
}

/** An efficiency of `quantities.ts` with its parts. */
function efficiencyOf(name: string, metric: keyof Efficiencies, made: Made): Quantity {
  const { work, time } = made;
  const called = metric === 'throughput' ? name : 'throughput';
  const throughput = quotient(called, '1e9 operations/s', 'work / time', [work, time]);
  if (metric === 'throughput') return throughput;
  const energy = sum('energy', 'J', 'dynamic, and leakage of the whole chip', [
    made.energy,
    product('leakage', 'J', 'leakage × time', [made.leakage, time]),
  ]);
  return metric === 'energy_efficiency'
    ? quotient(name, '1e9 operations/s/J', 'throughput / energy', [throughput, energy])
    : quotient(name, '1e9 operations/s/W', 'throughput / power', [
        throughput,
        quotient('power', 'W', 'energy / time', [energy, time]),
      ]);
}

/** An efficiency of one layer of some operators, down to cycles and costs. */
export function efficiencyParts(name: string, metric: keyof Efficiencies, counted: Counted): Quantity {
  const { evaluation, operators, each, count } = counted;
  const overOperators = (called: string, unit: string, of: (one: OperatorEvaluation) => Quantity): Quantity =>
    sum(
      called,
      unit,
      'Σ over operators, one layer of each',
      operators.map((one) => ofOneLayer({ ...of(one), name: operatorName(one, evaluation) }, one)),
    );
  return efficiencyOf(name, metric, {
    work: product('work', '1e9 operations', 'operations of one × how many', [
      given('operations of one', each, '1e9 operations', 'as the figure counts them'),
      overOperators('of one layer', '', count),
    ]),
    time: overOperators('time of one layer', 's', (one) => timeOf(one, evaluation)),
    energy: overOperators('dynamic energy of one layer', 'J', (one) => energyOf(one, evaluation)),
    leakage: quantityOf(evaluation, 'leakage_W'),
  });
}

/** Operations of a whole inference as `modelWork` of `quantities.ts` counts them. */
function modelWorkParts(evaluation: Evaluation): Quantity {
  const { macs, activations } = modelOperations(evaluation);
  return product('work', '1e9 operations', 'operations of one × how many', [
    given('operations of one', MODEL_OPERATIONS, '1e9 operations', 'as the figure counts them'),
    sum('of the inference', '', 'products and activations', [
      given('products', macs, '', 'issued by the array, padding included'),
      given('activations', activations, '', 'of the module that stands for nonlinear work'),
    ]),
  ]);
}

/** Throughput of a whole inference over the time of all operators. */
export const modelThroughput = (name: string, evaluation: Evaluation): Quantity =>
  quotient(name, '1e9 operations/s', 'work / time', [
    modelWorkParts(evaluation),
    quantityOf(evaluation, 'time_s'),
  ]);

/** An efficiency of a whole inference. */
export const modelEfficiency = (name: string, metric: keyof Efficiencies, evaluation: Evaluation): Quantity =>
  efficiencyOf(name, metric, {
    work: modelWorkParts(evaluation),
    time: quantityOf(evaluation, 'time_s'),
    energy: quantityOf(evaluation, 'energy_dynamic_J'),
    leakage: quantityOf(evaluation, 'leakage_W'),
  });

/** Operations of an element of a nonlinear function, in units of 1e9 (Fig. 11 counts three). */
export const FUNCTION_OPERATIONS = 3e-9;

/**
 * The elements of a function as Fig. 11 counts them: all of them, or as published those of activity counts that are
 * truncated to whole numbers after each mapping.
 */
export function functionCounted(evaluation: Evaluation, fn: 'softmax' | 'silu', truncated: boolean): Counted {
  const { lanes } = evaluation.priced.design.nonlinear;
  return {
    evaluation,
    operators: evaluation.operators.filter(
      ({ operator }) => operator.kind === 'nonlinear' && operator.function === fn,
    ),
    each: FUNCTION_OPERATIONS,
    count: ({ work }) =>
      truncated
        ? product('elements', '', 'activations, truncated after each mapping, × lanes', [
            given('activations', usedEvents(work), '', 'events of the mapping, as published'),
            given('lanes', lanes, '', 'the design'),
          ])
        : given('elements', work.elements, '', 'the operator, all executions'),
  };
}

/** Events of a nonlinear operator that each stand for the lanes of one step. */
export function usedEvents(work: OperatorEvaluation['work']): number {
  const events = eventCounts(work);
  return events.get('pre-process') ?? events.get('vector softmax') ?? events.get('vector activation')!;
}
