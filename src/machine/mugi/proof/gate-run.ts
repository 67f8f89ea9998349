import type { Simulation } from '../../../hardware/synthesis/simulation/gate-simulator.ts';
import { lockstep } from './lockstep.ts';
import type { NodeConfiguration } from '../node.ts';
import { COLUMNS } from '../../../vlp/array.ts';

/**
 * An observer that runs the node's gates beside the cycle model and compares them in every cycle. The gates' toggles
 * are cleared when the first frame begins, so that toggles are those of the run. `difference` stays undefined while
 * they agree.
 */
export function gateLockstep(configuration: NodeConfiguration, gates: Simulation) {
  return lockstep<bigint>(configuration, {
    poke(pin, value) {
      gates.poke(pin, [value]);
    },
    drive({ data, nibble, live, column }) {
      gates.poke('data', [packLanes(data, 16)]);
      gates.poke('nibble', [packLanes(nibble, 4)]);
      gates.poke('live', [packLanes(live, 1)]);
      gates.poke('column', [packLanes(column, 16)]);
      gates.settle();
    },
    compare(node, spikes, check) {
      check('result_valid', node.resultValid ? 1n : 0n, gates.peek('result_valid'));
      if (node.resultValid) check('result', packLanes(node.result, 16), gates.peek('result'));
      check('spikes', packLanes(spikes, COLUMNS), gates.peek('spikes'));
    },
    step() {
      gates.step();
    },
    begun() {
      gates.clearToggles();
    },
  });
}

/** Lanes as the Verilog buses pack them: lane 0 in the lowest bits. */
export function packLanes(lanes: ArrayLike<number>, width: number): bigint {
  let value = 0n;
  for (let i = lanes.length - 1; i >= 0; i--) value = (value << BigInt(width)) | BigInt(lanes[i]);
  return value;
}
