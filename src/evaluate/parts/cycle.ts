import { MEMORIES, type Resource, RESOURCES } from '../../design/design.ts';
import {
  GEMM_COUNTS,
  type GemmCount,
  NONLINEAR_COUNTS,
  type NonlinearCount,
} from '../../design/mapping/counts.ts';
import type { Evaluation, OperatorEvaluation } from '../evaluation.ts';
import { gemmCount } from './gemm.ts';
import { busiestCount, shareText } from './mesh.ts';
import { nonlinearCount } from './nonlinear.ts';
import { given, made, product, type Quantity } from '../quantity.ts';
import { dramCycles, meshCycles, nodesOf, portCycles, QUIRK, type Whole } from './traffic.ts';

/** Cycles of an operator: those of the resource that takes longest. */
export function cyclesOf(one: OperatorEvaluation, evaluation: Evaluation): Quantity {
  return {
    name: 'cycles',
    value: one.cycles,
    unit: 'cycle',
    formula: `the slowest resource, ${one.bound}: all of them work on the operator at the same time${shareText(one, evaluation)}${keptText(one)}`,
    combine: 'maximum',
    parts: () => RESOURCES.map((resource) => resourceCycles(resource, one, evaluation)),
  };
}

/** What a schedule keeps on the chip, behind the formula of the cycles. */
const keptText = ({ work: { kept, dram } }: OperatorEvaluation): string =>
  kept === undefined
    ? ''
    : `; of its operands and results, ${percentOf(kept.input + kept.output, kept.input + kept.output + dram.input + dram.output)} stay on the chip`;

const percentOf = (part: number, of: number): string => `${((100 * part) / of).toFixed(1)} %`;

function resourceCycles(resource: Resource, one: OperatorEvaluation, evaluation: Evaluation): Quantity {
  const value = one.work.load[RESOURCES.indexOf(resource)];
  if (value === 0) return given(resource, 0, 'cycle', 'takes no time');
  const whole = { name: resource, value, unit: 'cycle' };
  switch (resource) {
    case 'array':
    case 'vector':
      return unitCycles(whole, one, evaluation);
    case 'input-sram':
    case 'weight-sram':
    case 'output-sram':
      return portCycles(whole, MEMORIES[RESOURCES.indexOf(resource) - 2], one, evaluation);
    case 'dram':
      return dramCycles(whole, one, evaluation);
    case 'noc':
      return meshCycles(whole, one, evaluation);
  }
}

/** Array or vector unit: executions × the slowest of its rules, or element-wise work over the lanes. */
function unitCycles(whole: Whole, one: OperatorEvaluation, evaluation: Evaluation): Quantity {
  const { operator, work } = one;
  const nodes = nodesOf(one, evaluation);
  const { rules } = work;
  if (rules === undefined || (operator.kind === 'elementwise' && whole.name === 'vector'))
    return elementwiseCycles(whole, one, evaluation, nodes);
  const times = [
    given('executions', operator.repeat, '', 'in one layer'),
    given('layers', operator.layers, '', 'the model'),
  ];
  const parts = rules.rules.flatMap((rule, i): Quantity[] => {
    if (RESOURCES[rules.resource[i]] !== whole.name) return [];
    const name = (operator.kind === 'gemm' ? GEMM_COUNTS : NONLINEAR_COUNTS)[rules.timeFrom[i]];
    const count = work.mapping[rules.timeFrom[i]];
    return [
      {
        name: rule.event,
        value: (count * rule.cycles) / nodes.value,
        unit: 'cycle',
        formula: 'occurrences × cycles of one / nodes',
        combine: 'quotient',
        parts: () => [
          product('cycles of all nodes', 'cycle', 'occurrences × cycles of one', [
            countOf(name, count, one, evaluation),
            given('cycles of one', rule.cycles, 'cycle', 'a rule of the design'),
          ]),
          nodes,
        ],
      },
    ];
  });
  const executions = operator.repeat * operator.layers;
  const events = (name: string, value: number): Quantity =>
    made(
      { name, value, unit: 'cycle', formula: 'the slowest event of the unit' },
      'maximum',
      () => parts.map((part, i) => named(part, parts, i)),
      QUIRK,
    );
  const scalings = whole.name === 'vector' ? scalingCycles(one, evaluation, nodes) : undefined;
  const each = whole.value / executions;
  const execution =
    scalings === undefined
      ? events('one execution', each)
      : made(
          { name: 'one execution', value: each, unit: 'cycle', formula: 'the slowest event, then scalings' },
          'sum',
          () => [
            ...(parts.length === 0 ? [] : [events('events', Math.max(...parts.map(({ value }) => value)))]),
            scalings,
          ],
          QUIRK,
        );
  return made(
    { ...whole, formula: 'executions × layers × one execution' },
    'product',
    () => [...times, execution],
    QUIRK,
  );
}

/** Cycles of the multiplications in front of a product, which queries and probabilities take for their scales. */
function scalingCycles(
  { work }: OperatorEvaluation,
  { priced: { design } }: Evaluation,
  nodes: Quantity,
): Quantity | undefined {
  const { scalings } = work;
  if (scalings === 0) return undefined;
  const { multiplyLanes } = design.elementwise;
  return {
    name: 'scalings of inputs',
    value: scalings / multiplyLanes / nodes.value,
    unit: 'cycle',
    formula: 'scalings of inputs / lanes / nodes, on the multipliers that the events use too',
    combine: 'quotient',
    parts: () => [
      given('scalings', scalings, '', 'one for each query element or probability'),
      given('lanes', multiplyLanes, '', 'the design'),
      nodes,
    ],
  };
}

/** Parts of one name are numbered, so that each can be asked for. */
const named = (part: Quantity, all: readonly Quantity[], at: number): Quantity => {
  const alike = all.filter(({ name }) => name === part.name);
  return alike.length === 1
    ? part
    : {
        ...part,
        name: `${part.name} (${all.slice(0, at + 1).filter(({ name }) => name === part.name).length})`,
      };
};

function countOf(
  name: GemmCount | NonlinearCount,
  value: number,
  one: OperatorEvaluation,
  { priced: { design } }: Evaluation,
): Quantity {
  const { operator } = one;
  if (one.work.mesh !== undefined) return busiestCount(name, value, operator, design);
  if (operator.kind === 'gemm') return gemmCount(name as GemmCount, value, operator, design);
  if (operator.kind === 'nonlinear') return nonlinearCount(name as NonlinearCount, value, operator, design);
  return given(name, value, '', 'the operator');
}

function elementwiseCycles(
  whole: Whole,
  { work }: OperatorEvaluation,
  { priced: { design } }: Evaluation,
  nodes: Quantity,
): Quantity {
  const { multiplyLanes, addLanes } = design.elementwise;
  const over = (name: string, count: number, lanes: number): Quantity => ({
    name,
    value: count / lanes,
    unit: 'cycle',
    formula: `${name} / lanes`,
    combine: 'quotient',
    parts: () => [
      given(name, count, '', 'the operator, all executions'),
      given('lanes', lanes, '', 'the design'),
    ],
  });
  const parts = [
    over('multiplications', work.multiplies, multiplyLanes),
    over('additions', work.adds, addLanes),
  ];
  const slower: Quantity = {
    name: 'cycles of all nodes',
    value: Math.max(...parts.map(({ value }) => value)),
    unit: 'cycle',
    formula: 'the slower of multipliers and adders, which work side by side',
    combine: 'maximum',
    parts: () => parts,
  };
  return made({ ...whole, formula: 'cycles of all nodes / nodes' }, 'quotient', () => [slower, nodes], QUIRK);
}
