import type { Joules, Seconds } from '../units.ts';

/** Time and dynamic energy of some operators. */
export interface Share {
  time: Seconds;
  /** On-chip dynamic energy: array, SRAM, routers. */
  energy: Joules;
  /** Energy of off-chip traffic; beside the on-chip energy, never in it. */
  dram: Joules;
  macs: number;
}
