import { joules, type Joules, seconds, type Seconds } from '../units.ts';
import type { Group, Operator } from '../workload/operator.ts';

/** Time and dynamic energy of some operators. */
export interface Share {
  time: Seconds;
  /** On-chip dynamic energy: array, SRAM, routers. */
  energy: Joules;
  /** Energy of off-chip traffic; beside the on-chip energy, never in it. */
  dram: Joules;
  macs: number;
}

export const emptyShare = (): Share => ({
  time: seconds(0),
  energy: joules(0),
  dram: joules(0),
  macs: 0,
});

/** A share of nothing for each group of the paper's figures. */
export const emptyGroups = (): Record<Group, Share> => ({
  projection: emptyShare(),
  attention: emptyShare(),
  ffn: emptyShare(),
  nonlinear: emptyShare(),
  output: emptyShare(),
  other: emptyShare(),
});

/** The share of an operator's kind: GEMM, nonlinear, or what is neither. */
export const ofKind = (
  operator: Operator,
  { gemm, nonlinear, other }: { gemm: Share; nonlinear: Share; other: Share },
): Share => (operator.kind === 'gemm' ? gemm : operator.group === 'nonlinear' ? nonlinear : other);

/** What part of the time of an inference so much takes; nothing of one that takes none. */
export const timeShare = (time: number, { total }: { total: Pick<Share, 'time'> }): number =>
  total.time > 0 ? time / total.time : 0;

export function add(share: Share, time: Seconds, energy: Joules, dram: Joules, macs: number): void {
  share.time = seconds(share.time + time);
  share.energy = joules(share.energy + energy);
  share.dram = joules(share.dram + dram);
  share.macs += macs;
}
