import { type GemmJob, runGemm } from '../program/gemm.ts';
import type { Library } from '../../../hardware/liberty/library.ts';
import type { Simulation } from '../../../hardware/synthesis/simulation/gate-simulator.ts';
import type { Netlist } from '../../../hardware/synthesis/netlist.ts';
import { GEMM, gemmStimulus } from '../program/stimuli.ts';
import { STATED } from '../../../technology/whole-machine.ts';
import { type MacEnergy, macEnergyOf, type MacWork, STIMULI } from '../../whole/mac-energy.ts';
import type { Gates, Stimulus } from '../../whole/machine-energy.ts';
import { onGates } from './switching.ts';

/** Tokens: as many as the array has columns. */
const TOKENS = GEMM.m;

/**
 * GEMMs on the gates, beside the cycle model, that give the energy of a multiply-accumulate of a node of which every lane is
 * busy. They are longer where fewer rows give fewer MACs, so that two seeds agree.
 */
export function macWork(rows: number, seed: number): MacWork {
  const short = 1024 / rows;
  const long = rows >= 64 ? 8 * short : 3 * short;
  return {
    stimulus: `GEMM ${TOKENS} x k x ${rows}, seed ${seed}, all lanes busy; run with k = ${short} and ${long}, stated for k = ${STATED}`,
    lanes: 1,
    macsPerInner: TOKENS * rows,
    short,
    long,
    timed: { short, long: 3 * short },
    run: (k, gates) => {
      runOn(gates, gemmStimulus(rows, k, seed));
    },
  };
}

/** What they give. */
export const macEnergy = (
  rows: number,
  netlist: Netlist,
  library: Library,
  { wirePerFanout, seed = 1 }: { wirePerFanout: number; seed?: number },
): MacEnergy => macEnergyOf(macWork(rows, seed), netlist, library, wirePerFanout);

/**
 * The same for a batch of tokens of a given stimulus, which may leave columns idle or take several passes. The node
 * multiplies one after the other what rivals multiply beside each other.
 */
export function nodeEnergy(
  rows: number,
  batch: number,
  { name, draw }: { name: string; draw: Stimulus },
  { netlist, library, wirePerFanout, glitches }: Gates,
): MacEnergy {
  const timed = rows >= 128 ? { short: 16, long: 48 } : { short: 32, long: 96 };
  return macEnergyOf(
    {
      stimulus: `${name}, ${batch} x k x ${rows}; run with k = ${timed.short} and ${timed.long}, stated for k = ${STATED}`,
      lanes: 1,
      draws: STIMULI,
      macsPerInner: batch * rows,
      ...timed,
      timed: glitches ?? timed,
      run: (k, gates, lane) => {
        const { m, n, activations, weights, scales } = draw({ m: batch, k, n: rows }, lane);
        runOn(gates, { rows, m, k, n, activations, weights, scales });
      },
    },
    netlist,
    library,
    wirePerFanout,
  );
}

function runOn(gates: Simulation, job: GemmJob): void {
  onGates(gates, job.rows, (observe) => {
    runGemm({ ...job, accumulation: 'bf16' }, observe);
  });
}
