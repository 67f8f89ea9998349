import type { GateSimulator } from '../rtl/synthesis/gate-simulator.ts';
import type { NodeConfiguration } from './node.ts';
import { configurationPins } from './node-module.ts';
import type { Observer } from './run.ts';

/** The first cycle in which cycle model and gates differ; values as packed on the pins. */
export interface GateDifference {
  cycle: number;
  what: string;
  model: bigint;
  gates: bigint;
}

/**
 * An observer that runs the node's gates beside the cycle model on the same pins and compares result pins and every
 * spike of every row in every cycle. It resets the gates first and clears their toggles when the first frame begins,
 * so that toggles are those of the run. `difference` stays undefined while they agree.
 */
export function besideGates(
  configuration: NodeConfiguration,
  gates: GateSimulator,
): { observe: Observer; difference(): GateDifference | undefined } {
  const { rows } = configuration;
  let found: GateDifference | undefined;
  const compare = (cycle: number, what: string, model: bigint): void => {
    const actual = gates.peek(what);
    if (found === undefined && model !== actual) found = { cycle, what, model, gates: actual };
  };
  for (const [name, value] of Object.entries(configurationPins(configuration))) gates.poke(name, [value]);
  gates.poke('reset', [1]);
  gates.step();
  gates.poke('reset', [0]);
  const spikes = new Uint8Array(rows);
  return {
    observe(cycle, node) {
      // The edge that begins the first frame comes before the first observed cycle.
      if (cycle === 0) {
        gates.poke('frame', [node.sequencer.load]);
        gates.step();
        gates.clearToggles();
      }
      const { frame, data, nibble, live, column } = node.inputs;
      gates.poke('frame', [frame]);
      gates.poke('data', [packLanes(data, 16)]);
      gates.poke('nibble', [packLanes(nibble, 4)]);
      gates.poke('live', [packLanes(live, 1)]);
      gates.poke('column', [packLanes(column, 16)]);
      gates.settle();
      compare(cycle, 'result_valid', node.resultValid ? 1n : 0n);
      if (node.resultValid) compare(cycle, 'result', packLanes(node.result, 16));
      for (let row = 0; row < rows; row++) spikes[row] = node.elements.spikes[row] | node.spikeNow(row);
      compare(cycle, 'spikes', packLanes(spikes, 8));
      gates.step();
    },
    difference: () => found,
  };
}

/** Lanes as the Verilog buses pack them: lane 0 in the lowest bits. */
export function packLanes(lanes: ArrayLike<number>, width: number): bigint {
  let value = 0n;
  for (let i = lanes.length - 1; i >= 0; i--) value = (value << BigInt(width)) | BigInt(lanes[i]);
  return value;
}
