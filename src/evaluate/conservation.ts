import { slicesOf } from '../design/mapping/slices.ts';
import { MugiError } from '../errors.ts';
import { GROUPS } from '../workload/operator.ts';
import type { Evaluation } from './evaluation.ts';
import type { Share } from './share.ts';

const close = (a: number, b: number): boolean =>
  Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-30);

/**
 * What must hold whatever the design and workload: the array issues the workload's MACs, operands cross the chip's
 * edge at least once, parts sum to wholes, nothing is negative or not a number. Checked in every evaluation.
 */
export function assertConservation(evaluation: Evaluation): void {
  const { operators, priced, groups, total } = evaluation;
  const fields = ['time', 'energy', 'dram', 'macs'] as const satisfies readonly (keyof Share)[];
  for (const field of fields) {
    let sum = 0;
    for (const group of GROUPS) sum += groups[group][field];
    check(close(sum, total[field]), `the groups' ${field} sums to the total`, sum, total[field]);
    check(
      total[field] >= 0 && Number.isFinite(total[field]),
      `${field} is finite and not negative`,
      total[field],
      0,
    );
  }
  for (const { operator, cycles, work } of operators) {
    const { macs, issuedMacs, load, dram } = work;
    if (operator.kind === 'gemm') {
      const padded = priced.design.array.depth > 1 || operator.causal !== undefined;
      // A weight wider than the array's code is issued once a slice.
      const once = issuedMacs / slicesOf(operator.weightBits, priced.design.array.weightBits);
      const conserved = padded ? once >= macs * (1 - 1e-9) : close(once, macs);
      check(conserved, `${operator.name}: the array issues the operator's MACs`, once, macs);
      const least = operator.batch * operator.m * operator.outputBits * operator.repeat * operator.layers;
      check(
        dram.output >= least * (operator.causal === undefined ? 1 : 0),
        `${operator.name}: results leave`,
        dram.output,
        least,
      );
    }
    const longest = Math.max(...load);
    check(close(longest, cycles), `${operator.name}: the slowest resource sets the time`, longest, cycles);
  }
}

function check(holds: boolean, law: string, left: number, right: number): void {
  if (holds) return;
  throw new MugiError({
    code: 'internal',
    message: `a conservation law is broken: ${law}`,
    expected: String(right),
    received: String(left),
  });
}
