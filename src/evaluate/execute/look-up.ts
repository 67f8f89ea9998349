import { nodeCount } from '../../design/design.ts';
import type { LookUps } from '../../design/look-ups.ts';
import { nonlinearVector } from '../../design/mapping/counts.ts';
import { ELEMENT_BITS } from '../../design/mapping/nonlinear.ts';
import type { ElementwiseOperator } from '../../workload/operator.ts';
import type { PricedDesign } from '../price.ts';
import { executeElementwise, PASSES } from './elementwise.ts';
import { applyRules, type Execution, occupySrams, portsOf, READS, type System, WRITES } from './execution.ts';

/**
 * A norm or a rotary embedding whose functions the array looks up, beside the multiplications and additions of the vector
 * unit: rows are independent, so both work at the same time.
 */
export function executeLookUps(
  priced: PricedDesign,
  op: ElementwiseOperator,
  ups: LookUps,
  system: System,
): Execution {
  const { design } = priced;
  const work = {
    ...op,
    ...PASSES[op.function],
    multiplies: op.multiplies + ups.multiplies,
    adds: op.adds + ups.adds,
    divides: 0,
  };
  const execution = executeElementwise(priced, work, system);
  const { words } = execution;
  const nodes = nodeCount(design);
  const counts = nonlinearVector(ups.counts);
  applyRules(execution, priced.lookUp!, counts, counts, nodes);
  const { lutWords } = design.nonlinear;
  words[READS.input] += lutWords.read * ups.counts.steps;
  words[WRITES.input] += lutWords.write * ups.counts.mappings;
  const wordBits = design.sram.output.wordBits;
  words[READS.output] += (ups.inputs * ELEMENT_BITS) / wordBits;
  words[WRITES.output] += (ups.counts.elements * ELEMENT_BITS) / wordBits;
  const ports = portsOf(words);
  // What it takes to read a row of the table is in the array's sequence.
  ports[0] = words[WRITES.input];
  occupySrams(execution, priced, ports, nodes);
  return execution;
}
