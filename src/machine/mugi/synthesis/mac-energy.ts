import { runGemm } from '../program/gemm.ts';
import type { Library } from '../../../hardware/liberty/library.ts';
import type { Netlist } from '../../../hardware/synthesis/netlist.ts';
import { GEMM, gemmStimulus } from '../program/stimuli.ts';
import { type MacEnergy, macEnergyOf, STATED } from '../../whole/mac-energy.ts';
import { onGates } from './switching.ts';

/** Tokens: as many as the array has columns. */
const TOKENS = GEMM.m;

/**
 * Energy of a multiply-accumulate of a node of which every lane is busy: GEMMs on the gates, beside the cycle model. They
 * are longer where fewer rows give fewer MACs, so that two seeds agree.
 */
export function macEnergy(
  rows: number,
  netlist: Netlist,
  library: Library,
  { wirePerFanout, seed = 1 }: { wirePerFanout: number; seed?: number },
): MacEnergy {
  const short = 1024 / rows;
  const timed = { short, long: 3 * short };
  const long = rows >= 64 ? 8 * short : 3 * short;
  return macEnergyOf(
    {
      stimulus: `GEMM ${TOKENS} x k x ${rows}, seed ${seed}, all lanes busy; run with k = ${short} and ${long}, stated for k = ${STATED}`,
      lanes: 1,
      macsPerInner: TOKENS * rows,
      short,
      long,
      timed,
      run(k, gates) {
        onGates(gates, rows, library, wirePerFanout, (observe) => {
          runGemm(gemmStimulus(rows, k, seed), observe);
        });
      },
    },
    netlist,
    library,
    wirePerFanout,
  );
}
