import { peakMacs, RESOURCES } from '../../design/design.ts';
import { unknownName } from '../../errors.ts';
import type { Evaluation, OperatorEvaluation } from '../evaluation.ts';
import { given, made, product, type Quantity, quotient, sum } from '../quantity.ts';
import { quantityOf } from '../why.ts';
import { cyclesOf } from './cycle.ts';
import { macsOf, timeOf, trafficOf } from './operator.ts';

/** Multiply-accumulates that the array of a design does at most in a cycle. */
const peakOf = ({ priced: { design } }: Evaluation): Quantity =>
  given('MAC a cycle', peakMacs(design), '', `the array of ${design.name}`);

/** Bits of one operand that cross the chip's edge. */
const operand = (name: 'input' | 'weight' | 'output') => (one: OperatorEvaluation, evaluation: Evaluation) =>
  trafficOf(one, evaluation).parts!().find((part) => part.name === name)!;

/** What is said of one operator beside its time and energy, with where it comes from. */
const FIGURES: Readonly<Record<string, (one: OperatorEvaluation, evaluation: Evaluation) => Quantity>> = {
  share: (one, evaluation) => shareOfTime([{ one, part: 1 }], evaluation),
  utilisation: (one, evaluation) =>
    made(
      {
        name: 'utilisation',
        value: one.utilisation,
        unit: '',
        formula: 'multiply-accumulates / (cycles × those of a full array)',
      },
      'quotient',
      () => [macsOf(one, evaluation), cyclesOf(one, evaluation), peakOf(evaluation)],
      'the operator does no product, or takes no time',
    ),
  traffic: trafficOf,
  input: operand('input'),
  weight: operand('weight'),
  output: operand('output'),
  ...Object.fromEntries(
    RESOURCES.map((resource) => [
      resource,
      (one: OperatorEvaluation, evaluation: Evaluation) =>
        cyclesOf(one, evaluation).parts!().find(({ name }) => name === resource)!,
    ]),
  ),
};

/**
 * A figure of an operator: its share of the time, its utilisation, its bytes, or the cycles of a resource.
 * @throws MugiError for a figure that is not there
 */
export function operatorFigure(one: OperatorEvaluation, evaluation: Evaluation, figure: string): Quantity {
  if (Object.hasOwn(FIGURES, figure)) return FIGURES[figure](one, evaluation);
  throw unknownName('figure of an operator', figure, Object.keys(FIGURES), 'why');
}

/** Share of an inference's time that operators take: of each the part of its executions that is meant. */
export const shareOfTime = (
  of: readonly { one: OperatorEvaluation; part: number }[],
  evaluation: Evaluation,
): Quantity =>
  quotient('share of the time', '', 'time of the operators / time of the inference', [
    sum(
      'time of the operators',
      's',
      'Σ over the operators',
      of.map(({ one, part }) => {
        const time = timeOf(one, evaluation);
        if (part === 1) return time;
        return product(time.name, 's', 'time × the part of its executions that stands here', [
          time,
          given('part', part, '', 'the graph of the model'),
        ]);
      }),
    ),
    quantityOf(evaluation, 'time_s'),
  ]);

/** What a design can do at most, as a roofline has it: `rate` of its array in MAC/s, `bytes` from off the chip in GB/s. */
export function roofFigure(evaluation: Evaluation, figure: string): Quantity {
  if (figure === 'bytes')
    return given('bandwidth', evaluation.environment.dramGBps, 'GB/s', 'the question, or the usual DRAM');
  if (figure !== 'rate') throw unknownName('figure of a roof', figure, ['rate', 'bytes'], 'why');
  return product('multiply-accumulates', 'MAC/s', 'those of a cycle × clock', [
    peakOf(evaluation),
    given('clock', evaluation.priced.technology.clock, 'Hz', 'the technology, or the question'),
  ]);
}

/** What a design could do at most: MAC a second of its array, and bytes a second from off the chip. */
export const roofOf = (evaluation: Evaluation): { rate: number; bytes: number } => ({
  rate: roofFigure(evaluation, 'rate').value,
  bytes: roofFigure(evaluation, 'bytes').value * 1e9,
});
