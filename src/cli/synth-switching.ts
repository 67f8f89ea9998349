import { MugiError } from '../errors.ts';
import { IDLE_FUNCTION } from '../node/configuration.ts';
import { type GemmJob, runGemm } from '../node/gemm.ts';
import type { Node, NodeConfiguration } from '../node/node.ts';
import { configurationPins } from '../node/node-module.ts';
import type { Library } from '../rtl/liberty/library.ts';
import { GateSimulator } from '../rtl/synthesis/gate-simulator.ts';
import type { Netlist } from '../rtl/synthesis/netlist.ts';
import { type SwitchingEnergy, switchingEnergy } from '../rtl/synthesis/synthesise.ts';
import { gemmJob, type Options as JobOptions } from './simulate-job.ts';

/** The GEMM whose toggles are counted: one tile of full height, K = 32, batch 8, random values of seed 1. */
export const STIMULUS = { m: 8, k: 32, seed: 1 } as const;

/** The stimulus as a job for a node of `rows` rows. */
export function stimulus(rows: number, k: number = STIMULUS.k): GemmJob {
  const options = {
    ...STIMULUS,
    k,
    n: rows,
    accumulate: 'bf16',
    design: '',
    anchor: 'max',
    from: 0,
    cycles: 0,
  };
  return gemmJob(rows, options as JobOptions);
}

/**
 * Runs a GEMM on the mapped gates beside the cycle model, refuses any difference in the results, and returns the
 * switching energy per cycle of each module.
 */
export function gemmSwitching(
  rows: number,
  netlist: Netlist,
  library: Library,
  wirePerFanout: number,
  job: GemmJob = stimulus(rows),
): { energies: Map<string, SwitchingEnergy>; cycles: number } {
  const configuration: NodeConfiguration = { ...IDLE_FUNCTION, rows, accumulation: 'bf16' };
  const gates = new GateSimulator(netlist, library);
  for (const [name, value] of Object.entries(configurationPins(configuration))) gates.poke(name, [value]);
  gates.poke('reset', [1]);
  gates.step();
  gates.poke('reset', [0]);
  runGemm(job, (cycle, node) => {
    if (cycle === 0) {
      gates.poke('frame', [node.sequencer.load]);
      gates.step();
      gates.clearToggles();
    }
    drive(gates, node);
    gates.settle();
    const valid = gates.peek('result_valid') === 1n;
    if (valid !== node.resultValid || (valid && gates.peek('result') !== pack(node.result, 16))) {
      throw new MugiError({
        code: 'internal',
        message: `the mapped gates and the cycle model differ in cycle ${cycle}: a fault of mugi, please report it`,
      });
    }
    gates.step();
  });
  return { energies: switchingEnergy(gates, library, { lanes: 1, wirePerFanout }), cycles: gates.cycles };
}

function drive(gates: GateSimulator, { inputs }: Node): void {
  gates.poke('frame', [inputs.frame]);
  gates.poke('data', [pack(inputs.data, 16)]);
  gates.poke('nibble', [pack(inputs.nibble, 4)]);
  gates.poke('live', [pack(inputs.live, 1)]);
  gates.poke('column', [pack(inputs.column, 16)]);
}

/** Lane 0 in the lowest bits, as on the Verilog buses. */
function pack(lanes: ArrayLike<number>, width: number): bigint {
  let value = 0n;
  for (let i = lanes.length - 1; i >= 0; i--) value = (value << BigInt(width)) | BigInt(lanes[i]);
  return value;
}
