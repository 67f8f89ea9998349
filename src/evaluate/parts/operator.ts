import { nanojoules, perAccess } from '../../units.ts';
import { MEMORIES, sramName } from '../../design/design.ts';
import { type Extent, isSpan, macs, total } from '../../workload/operator.ts';
import { type ComponentUse, componentUse } from '../components.ts';
import { cyclesOf } from './cycle.ts';
import type { Evaluation, OperatorEvaluation } from '../evaluation.ts';
import { READS, WRITES } from '../execute/execution.ts';
import { costSource } from '../price.ts';
import { given, made, product, type Quantity } from '../quantity.ts';

/** `decode up`; numbered where stacks or stages repeat a name: `prefill q (2)`. */
export function operatorName(one: OperatorEvaluation, { operators }: Evaluation): string {
  const { phase, name } = one.operator;
  const alike = operators.filter(({ operator }) => operator.phase === phase && operator.name === name);
  return `${phase} ${name}${alike.length > 1 ? ` (${alike.indexOf(one) + 1})` : ''}`;
}

/** Time of an operator: the cycles of its slowest resource over the clock. */
export function timeOf(one: OperatorEvaluation, evaluation: Evaluation): Quantity {
  const { technology } = evaluation.priced;
  return {
    name: operatorName(one, evaluation),
    value: one.time,
    unit: 's',
    formula: `${one.cycles} cycles, bound by ${one.bound}, over the clock`,
    combine: 'quotient',
    parts: () => [
      cyclesOf(one, evaluation),
      given(
        'clock',
        technology.clock,
        'Hz',
        technology.pricedAt === undefined ? technology.title : 'the question',
      ),
    ],
  };
}

/** Dynamic energy of an operator, by component. */
export function energyOf(one: OperatorEvaluation, evaluation: Evaluation): Quantity {
  return {
    name: operatorName(one, evaluation),
    value: one.energy,
    unit: 'J',
    formula: 'Σ over components of activations × energy of one',
    combine: 'sum',
    parts: () =>
      componentUse(evaluation, [one])
        .filter(({ energy_J }) => energy_J !== 0)
        .map((use) => componentEnergy(use, one, evaluation)),
  };
}

function componentEnergy(use: ComponentUse, one: OperatorEvaluation, evaluation: Evaluation): Quantity {
  const { priced } = evaluation;
  const source = costSource(evaluation.priced, use.name, use.class);
  const whole = { name: use.name, value: use.energy_J, unit: 'J', component: use.name };
  const priceOf = (name: string, energy: number): Quantity =>
    given(name, perAccess(nanojoules(energy), 1), 'J', source);
  const memory = MEMORIES.find((candidate) => sramName(candidate) === use.name);
  if (memory !== undefined) {
    const { read_nJ, write_nJ } = priced.srams[memory];
    const words = (name: string, count: number, price: Quantity): Quantity =>
      product(name, 'J', `${name} × energy of one`, [
        given('words', count, 'word', 'words of the mapping, all executions'),
        price,
      ]);
    return made(
      { ...whole, formula: 'reads and writes × energy of one' },
      'sum',
      () => [
        words('reads', one.work.words[READS[memory]], priceOf('energy of a read', read_nJ)),
        words('writes', one.work.words[WRITES[memory]], priceOf('energy of a write', write_nJ)),
      ],
      source,
    );
  }
  const { energy } = priced.components.find(({ name }) => name === use.name)!;
  return made(
    { ...whole, formula: 'activations × energy of one' },
    'product',
    () => [
      given('activations', use.activations, '', 'events of the mapping × activations of one event'),
      priceOf('energy of one', energy),
    ],
    source,
  );
}

/** Multiply-accumulates of a GEMM, all executions. */
export function macsOf(one: OperatorEvaluation, evaluation: Evaluation): Quantity {
  const { operator, work } = one;
  const whole = { name: operatorName(one, evaluation), value: work.macs, unit: 'MAC' };
  if (operator.kind !== 'gemm') return { ...whole, source: 'not a product of matrices' };
  const { batch, m, k, n, repeat, layers } = operator;
  const dense = macs(operator) * repeat * layers;
  const size = (name: string, extent: Extent): Quantity =>
    given(
      name,
      total(extent),
      '',
      isSpan(extent) ? `Σ of ${extent.from}…${extent.to}, one a decode step` : 'the model and its use',
    );
  const kept = work.macs / dense;
  return {
    ...whole,
    formula: 'batch × M × K × N × executions × layers',
    combine: 'product',
    parts: () => [
      given('batch', batch, '', 'products of this shape'),
      size('M', m),
      size('K', k),
      size('N', n),
      given('executions', repeat, '', 'in one layer'),
      given('layers', layers, '', 'the model'),
      ...(kept === 1
        ? []
        : [given('kept', kept, '', 'what causality does not skip, in whole pieces of the array')]),
    ],
  };
}

/** Bits that cross the chip's edge, all executions. */
export const dramBits = ({ work: { dram } }: OperatorEvaluation): number =>
  dram.input + dram.weight + dram.output;

export const trafficOf = (one: OperatorEvaluation, evaluation: Evaluation): Quantity => ({
  name: operatorName(one, evaluation),
  value: dramBits(one),
  unit: 'bit',
  formula: 'operands of every off-chip tile, and results',
  combine: 'sum',
  parts: () =>
    (['input', 'weight', 'output'] as const).map((operand) =>
      given(operand, one.work.dram[operand], 'bit', 'tiles of the mapping'),
    ),
});
