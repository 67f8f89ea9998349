import { isMeshed, type MemoryName, MEMORIES, nodeCount } from '../../design/design.ts';
import { dramBitsPerCycle } from '../../technology/environment.ts';
import type { Evaluation, OperatorEvaluation } from '../evaluation.ts';
import { READS, WRITES } from '../execute/execution.ts';
import { given, made, product, type Quantity } from '../quantity.ts';

/** What stands where a quirk of the published model gives another number than the hardware's formula. */
export const QUIRK = 'as the published model counts it (docs/quirks.md)';

export type Whole = Pick<Quantity, 'name' | 'value' | 'unit'>;

/** Nodes that share what takes time: one where the busiest of a mesh is counted alone. */
export const nodesOf = ({ work }: OperatorEvaluation, { priced: { design } }: Evaluation): Quantity =>
  given(
    'nodes',
    work.over,
    '',
    work.over === 1 && nodeCount(design) > 1 ? 'the busiest of the mesh' : 'the mesh',
  );

/** An SRAM's busier port: words × cycles of an access / nodes. */
export function portCycles(
  whole: Whole,
  memory: MemoryName,
  one: OperatorEvaluation,
  evaluation: Evaluation,
): Quantity {
  const { work, operator } = one;
  const { accessCycles } = evaluation.priced;
  const access = given(
    'cycles of an access',
    accessCycles[memory],
    'cycle',
    'cycle time of the macro, in whole cycles',
  );
  const nodes = nodesOf(one, evaluation);
  const cycles = (words: Quantity): Quantity[] => [
    product('cycles of all nodes', 'cycle', 'words × cycles of an access', [words, access]),
    nodes,
  ];
  const formula = 'words × cycles of an access / nodes';
  if (work.mesh !== undefined) {
    const executions = operator.repeat * operator.layers;
    const words = given(
      'words',
      work.ports[MEMORIES.indexOf(memory)] * executions,
      'word',
      'the busier port of the busiest node, all executions',
    );
    return made({ ...whole, formula }, 'quotient', () => cycles(words), QUIRK);
  }
  const ports = [
    given('reads', work.words[READS[memory]], 'word', 'words of the mapping, all executions'),
    given('writes', work.words[WRITES[memory]], 'word', 'words of the mapping, all executions'),
  ];
  const busier: Quantity = {
    name: 'words',
    value: Math.max(...ports.map(({ value }) => value)),
    unit: 'word',
    formula: 'the busier port: reads or writes',
    combine: 'maximum',
    parts: () => ports,
  };
  const byPorts = made({ ...whole, formula }, 'quotient', () => cycles(busier), QUIRK);
  if (byPorts.parts !== undefined) return byPorts;
  // Reads of a look-up table take their cycles in the array's sequence.
  return made(
    { ...whole, formula: `${formula}; reads are part of the array's sequence` },
    'quotient',
    () => cycles(ports[1]),
    QUIRK,
  );
}

export function dramCycles(whole: Whole, { work }: OperatorEvaluation, evaluation: Evaluation): Quantity {
  const { dram, prefetch } = work;
  const { clock, title } = evaluation.priced.technology;
  const { dramGBps } = evaluation.environment;
  const bits: Quantity = {
    name: 'off-chip bits',
    value: dram.input + dram.weight + dram.output,
    unit: 'bit',
    formula: 'operands and results of every off-chip tile',
    combine: 'sum',
    parts: () =>
      (['input', 'weight', 'output'] as const).map((operand) =>
        given(operand, dram[operand], 'bit', 'tiles of the mapping, all executions'),
      ),
  };
  const perCycle: Quantity = {
    name: 'bits per cycle',
    value: dramBitsPerCycle(evaluation.environment, clock),
    unit: 'bit/cycle',
    formula: 'bandwidth / clock',
    combine: 'quotient',
    parts: () => [
      given('bandwidth', dramGBps * 8e9, 'bit/s', `the question: ${dramGBps} GB/s`),
      given('clock', clock, 'Hz', title),
    ],
  };
  const own = (name: string, value: number): Quantity =>
    made(
      { ...whole, name, value, formula: 'off-chip bits / bits per cycle' },
      'quotient',
      () => [bits, perCycle],
      QUIRK,
    );
  if (prefetch === undefined) return own(whole.name, whole.value);
  const { lent, ahead } = prefetch;
  return made(
    { ...whole, formula: 'its own bits, less what came ahead, and the first weights of the next operator' },
    'sum',
    () => [
      own('its own', whole.value - lent + ahead),
      given('ahead', -ahead, 'cycle', 'the schedule: fetched while the operator before computed'),
      given('next', lent, 'cycle', 'the schedule: half of the weight SRAM for the next operator'),
    ],
    QUIRK,
  );
}

/** The mesh: its busiest link, or the busiest of its three channels over the ports at its edge. */
export function meshCycles(
  whole: Whole,
  { work, operator }: OperatorEvaluation,
  evaluation: Evaluation,
): Quantity {
  const { dram } = work;
  const { design } = evaluation.priced;
  const { rows, columns } = design.nodes;
  const width = given('link width', evaluation.environment.linkBits, 'bit/cycle', 'the question');
  if (isMeshed(design)) {
    const executions = operator.repeat * operator.layers;
    const source =
      work.mesh === undefined
        ? 'traffic spread over all lines of the mesh'
        : 'operands and results of the nodes behind it, and partial sums';
    const busiest = given('bits of the busiest link', work.link * executions, 'bit', source);
    const formula = 'bits of the busiest link / link width';
    return made({ ...whole, formula }, 'quotient', () => [busiest, width], QUIRK);
  }
  const busiest: Quantity = {
    name: 'bits of the busiest channel',
    value: Math.max(dram.input, dram.weight, dram.output),
    unit: 'bit',
    formula: 'the largest of input, weight and output',
    combine: 'maximum',
    parts: () =>
      (['input', 'weight', 'output'] as const).map((operand) =>
        given(operand, dram[operand], 'bit', 'tiles of the mapping, all executions'),
      ),
  };
  return made(
    { ...whole, formula: 'bits of the busiest channel / ports / link width' },
    'quotient',
    () => [busiest, given('ports', Math.max(rows, columns), '', 'the longer side of the mesh'), width],
    QUIRK,
  );
}
