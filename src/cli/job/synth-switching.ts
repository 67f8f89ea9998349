import { MugiError } from '../../errors.ts';
import { gateLockstep } from '../../machine/mugi/proof/gate-run.ts';
import { type GemmJob, runGemm } from '../../machine/mugi/program/gemm.ts';
import type { NodeConfiguration } from '../../machine/mugi/node.ts';
import { nodeFunction } from '../../machine/mugi/program/node-function.ts';
import { type NonlinearJob, runNonlinear } from '../../machine/mugi/program/nonlinear.ts';
import type { Observer } from '../../machine/mugi/program/run.ts';
import type { Library } from '../../hardware/liberty/library.ts';
import { GateSimulator, type Simulation } from '../../hardware/synthesis/gate-simulator.ts';
import type { Netlist } from '../../hardware/synthesis/netlist.ts';
import { type SwitchingEnergy, switchingEnergy } from '../../hardware/synthesis/energy.ts';
import { gemmJob, tensor } from '../source/simulate-job.ts';
import type { Options as JobOptions } from '../options/simulate-options.ts';

/** The work whose toggles are counted: one GEMM tile of full height, and one softmax tile, both of seed 1. */
const GEMM = { m: 8, k: 32, seed: 1 } as const;
const SOFTMAX = { keys: 8, seed: 1 } as const;
const SOFTMAX_FUNCTION = nodeFunction('exp', { lo: -4, hi: 3 });
const SILU_FUNCTION = nodeFunction('silu', { lo: -6, hi: 4 });

const options = (of: Partial<JobOptions>): JobOptions => ({
  m: GEMM.m,
  k: GEMM.k,
  n: 0,
  seed: 1,
  accumulate: 'bf16',
  design: '',
  anchor: 'max',
  from: 0,
  cycles: 0,
  ...of,
});

/** The GEMM as a job for a node of `rows` rows. */
export const gemmStimulus = (rows: number, k: number = GEMM.k, seed: number = GEMM.seed): GemmJob =>
  gemmJob(rows, options({ ...GEMM, k, seed, n: rows }));

/** The softmax as a job for a node of `rows` rows. */
export function softmaxStimulus(rows: number): NonlinearJob {
  const drawn = tensor(rows, 'softmax', options({ seed: SOFTMAX.seed, m: rows, n: SOFTMAX.keys }));
  return { rows, softmax: true, function: SOFTMAX_FUNCTION, ...drawn };
}

/** Four mappings of SiLU as a job for a node of `rows` rows. */
export function siluStimulus(rows: number): NonlinearJob {
  const drawn = tensor(rows, 'silu', options({ m: 4, n: rows }));
  return { rows, softmax: false, function: SILU_FUNCTION, ...drawn };
}

export interface SwitchingRun {
  readonly work: 'gemm' | 'softmax';
  readonly stimulus: string;
  readonly cycles: number;
  /** By module. */
  readonly energies: ReadonlyMap<string, SwitchingEnergy>;
}

/**
 * Runs a GEMM and a softmax on the mapped gates beside the cycle model, refuses any difference in results or spikes,
 * and returns the switching energy per cycle of each module.
 */
export function switchingRuns(
  rows: number,
  netlist: Netlist,
  library: Library,
  wirePerFanout: number,
): SwitchingRun[] {
  const gates = new GateSimulator(netlist, library);
  const measure = (work: SwitchingRun['work'], stimulus: string, start: (observe: Observer) => void) => ({
    work,
    stimulus,
    ...onGates(gates, rows, library, wirePerFanout, start),
  });
  return [
    measure('gemm', `GEMM ${GEMM.m} x ${GEMM.k} x ${rows}, seed ${GEMM.seed}`, (observe) => {
      runGemm(gemmStimulus(rows), observe);
    }),
    measure('softmax', `softmax of ${rows} rows of ${SOFTMAX.keys}, seed ${SOFTMAX.seed}`, (observe) => {
      runNonlinear(softmaxStimulus(rows), observe);
    }),
  ];
}

/** Runs work on gates beside the cycle model, and gives the energy per cycle of each module. */
export function onGates(
  gates: Simulation,
  rows: number,
  library: Library,
  wirePerFanout: number,
  start: (observe: Observer) => void,
): Pick<SwitchingRun, 'energies' | 'cycles'> {
  // GEMM takes any window, so the pins hold that of softmax for both.
  const { window, outside } = SOFTMAX_FUNCTION;
  const configuration: NodeConfiguration = { rows, window, outside, accumulation: 'bf16' };
  const { observe, difference } = gateLockstep(configuration, gates);
  start(observe);
  const found = difference();
  if (found !== undefined) {
    throw new MugiError({
      code: 'internal',
      message: `the mapped gates and the cycle model differ in ${found.what}, cycle ${found.cycle}: a fault of mugi, please report it`,
    });
  }
  return {
    cycles: gates.cycles,
    energies: switchingEnergy(gates, library, { wirePerFanout }),
  };
}
