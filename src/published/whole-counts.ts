import type { Design } from '../design/design.ts';
import { sumFloor } from '../design/mapping/series.ts';
import { type Execution, LOAD, scalingCycles } from '../evaluate/execute/execution.ts';
import { isSpan, type NonlinearOperator, type Operator, total } from '../workload/operator.ts';
import type { Quirk } from './quirk.ts';

export const wholeCounts = {
  name: 'whole-counts',
  published: 'activity counts are truncated to integers after each mapping, and time follows them',
  repaired: 'not truncated',
  execution(work, operator, { design }) {
    if (work.rules !== undefined && truncates(operator)) truncate(work, design, operator);
  },
} as const satisfies Quirk;

/** Counts of decode attention are whole at every position for head sizes that the array divides. */
const truncates = (op: Operator): boolean => op.kind !== 'gemm' || (!isSpan(op.k) && !isSpan(op.n));

/** Truncates the counts for energy; the artifact finds time by dividing the utilisation back out of them. */
function truncate(work: Execution, design: Design, op: Operator): void {
  const { counts } = work;
  const truncated =
    op.kind === 'nonlinear' && isSpan(op.columns)
      ? counts.map((count) => wholeAtEach(count, op, design))
      : areWhole(counts)
        ? counts
        : counts.map(Math.trunc);
  // Most counts are whole, and then nothing changes.
  if (truncated === counts) return;
  const { rules, mapping, over, load } = work;
  const { timeFrom, cycles, resource } = rules!;
  load[LOAD.array] = 0;
  load[LOAD.vector] = 0;
  for (let i = 0; i < counts.length; i++) {
    const kept = counts[i] > 0 ? truncated[i] / counts[i] : 1;
    const busy = ((mapping[timeFrom[i]] * cycles[i]) / over) * kept;
    if (busy > load[resource[i]]) load[resource[i]] = busy;
  }
  load[LOAD.vector] += scalingCycles(work, design);
  work.counts = truncated;
}

function areWhole(counts: readonly number[]): boolean {
  for (let i = 0; i < counts.length; i++) if (Math.trunc(counts[i]) !== counts[i]) return false;
  return true;
}

/**
 * A count truncated to an integer at each position. It grows linearly with the position, in steps of a lane's
 * share, so that the sum of the floors is a closed form too.
 */
function wholeAtEach(count: number, { columns }: NonlinearOperator, { nonlinear }: Design): number {
  if (!isSpan(columns)) return Math.trunc(count);
  const { lanes } = nonlinear;
  const perPosition = (count / total(columns)) * lanes;
  const whole = Math.round(perPosition);
  // A count that does not depend on the position (one a mapping) is whole already.
  if (Math.abs(perPosition - whole) > 1e-6 * perPosition) return count;
  return sumFloor(columns.to + 1, lanes, whole, 0) - sumFloor(columns.from, lanes, whole, 0);
}
