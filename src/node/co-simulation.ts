import { simulate } from '../rtl/simulator/simulator.ts';
import type { Node, NodeConfiguration } from './node.ts';
import { configurationPins, nodeModule } from './node-module.ts';
import type { Observer } from './run.ts';

/** The first cycle in which cycle model and RTL differ. */
export interface Difference {
  cycle: number;
  what: string;
  model: number;
  rtl: number;
}

/**
 * An observer that runs the node's RTL beside the cycle model on the same pins and compares result pins and every
 * spike of every row in every cycle. `difference` stays undefined while they agree.
 */
export function besideRtl(configuration: NodeConfiguration): {
  observe: Observer;
  difference(): Difference | undefined;
} {
  const { rows } = configuration;
  const lanes = rows / 8;
  const rtl = simulate(nodeModule(rows));
  const indices = (count: number) => Array.from({ length: count }, (_, i) => i);
  for (const [name, value] of Object.entries(configurationPins(configuration))) rtl.poke(name, value);
  const frame = rtl.poker('frame');
  const data = indices(lanes).map((i) => rtl.poker(`data[${i}]`));
  const nibble = indices(lanes).map((i) => rtl.poker(`nibble[${i}]`));
  const live = indices(lanes).map((i) => rtl.poker(`live[${i}]`));
  const column = indices(12).map((i) => rtl.poker(`column[${i}]`));
  const result = indices(lanes).map((i) => rtl.probe(`result[${i}]`));
  const valid = rtl.probe('result_valid');
  const spikes = indices(rows).map((i) => rtl.probe(`spikes[${i}]`));
  let found: Difference | undefined;
  const compare = (cycle: number, what: string, model: number, actual: number): void => {
    if (found === undefined && model !== actual) found = { cycle, what, model, rtl: actual };
  };
  rtl.poke('reset', 1);
  rtl.step();
  rtl.poke('reset', 0);
  const drive = ({ inputs }: Node): void => {
    frame(inputs.frame);
    for (let i = 0; i < lanes; i++) {
      data[i](inputs.data[i]);
      nibble[i](inputs.nibble[i]);
      live[i](inputs.live[i]);
    }
    for (let i = 0; i < 12; i++) column[i](inputs.column[i]);
  };
  return {
    observe(cycle, node) {
      // The edge that begins the first frame comes before the first observed cycle.
      if (cycle === 0) {
        frame(node.sequencer.load);
        rtl.step();
      }
      drive(node);
      compare(cycle, 'result_valid', node.resultValid ? 1 : 0, valid());
      for (let i = 0; i < lanes && node.resultValid; i++) {
        compare(cycle, `result[${i}]`, node.result[i], result[i]());
      }
      // The model's T registers hold columns 1 to 7; column 0 is the converter's spike of this very cycle.
      for (let row = 0; row < rows; row++) {
        compare(cycle, `spikes[${row}]`, node.elements.spikes[row] | node.spikeNow(row), spikes[row]());
      }
      rtl.step();
    },
    difference: () => found,
  };
}
