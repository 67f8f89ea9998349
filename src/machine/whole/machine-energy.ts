import type { Library } from '../../hardware/liberty/library.ts';
import type { Netlist } from '../../hardware/synthesis/netlist.ts';
import { STATED } from '../../technology/whole-machine.ts';
import { type MacEnergy, macEnergyOf, STIMULI } from './mac-energy.ts';
import type { Machine, Product } from './machine.ts';
import { runOnGates } from './run.ts';

/** Where operands come from: a product of so many tokens, inner and outer indices; `lane` makes it another one. */
export type Stimulus = (shape: { m: number; k: number; n: number }, lane: number) => Product;

/** Mapped, gated and buffered gates; `glitches` is their share of the energy at zero delay where it is known. */
export interface Gates {
  netlist: Netlist;
  library: Library;
  wirePerFanout: number;
  glitches?: number;
}

const TIMED = { short: 32, long: 96 };
/** Work, in multiply-accumulates of all lanes, from which two seeds agree. */
const ENOUGH = 400_000;

/**
 * Energy of a multiply-accumulate of a whole machine that multiplies `batch` tokens by as many outputs as it has lanes, on
 * gates that are compared with the behaviour in every cycle.
 */
export function machineEnergy(
  machine: Machine,
  batch: number,
  { name, draw }: { name: string; draw: Stimulus },
  { netlist, library, wirePerFanout, glitches }: Gates,
): MacEnergy {
  const { outputs } = machine;
  const macsPerInner = batch * outputs;
  const wanted = Math.ceil(ENOUGH / macsPerInner / STIMULI / 64) * 64;
  const long = Math.min(192, Math.max(96, wanted));
  return macEnergyOf(
    {
      stimulus: `${name}, ${batch} x k x ${outputs}; run with k = 32 and ${long}, stated for k = ${STATED}`,
      lanes: STIMULI,
      macsPerInner,
      short: TIMED.short,
      long,
      timed: glitches ?? TIMED,
      run(k, gates) {
        const shape = { m: batch, k, n: outputs };
        runOnGates(
          machine,
          Array.from({ length: gates.lanes }, (_, lane) => draw(shape, lane)),
          gates,
        );
      },
    },
    netlist,
    library,
    wirePerFanout,
  );
}
