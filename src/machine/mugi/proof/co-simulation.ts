import { simulate } from '../../../hardware/simulator/simulator.ts';
import { lockstep } from './lockstep.ts';
import type { NodeConfiguration } from '../node.ts';
import { nodeModule } from '../node-module.ts';
import { LUT_EXPONENTS } from '../../../vlp/array.ts';
import { ROWS_PER_LANE } from '../unit/vector-unit.ts';

/** The RTL of a node, to be simulated. */
export const nodeRtl = (rows: number) => simulate(nodeModule(rows));

/**
 * An observer that runs the node's RTL beside the cycle model and compares them in every cycle. `difference` stays
 * undefined while they agree.
 * @param rtl one that earlier runs have used serves again, as each begins with a reset
 */
export function rtlLockstep(configuration: NodeConfiguration, rtl = nodeRtl(configuration.rows)) {
  const { rows } = configuration;
  const lanes = rows / ROWS_PER_LANE;
  const indices = (count: number) => Array.from({ length: count }, (_, i) => i);
  const data = indices(lanes).map((i) => rtl.poker(`data[${i}]`));
  const nibble = indices(lanes).map((i) => rtl.poker(`nibble[${i}]`));
  const live = indices(lanes).map((i) => rtl.poker(`live[${i}]`));
  const column = indices(LUT_EXPONENTS).map((i) => rtl.poker(`column[${i}]`));
  const result = indices(lanes).map((i) => rtl.probe(`result[${i}]`));
  const valid = rtl.probe('result_valid');
  const seen = indices(rows).map((i) => rtl.probe(`spikes[${i}]`));
  return lockstep<number>(configuration, {
    poke(pin, value) {
      rtl.poke(pin, value);
    },
    drive(inputs) {
      for (let i = 0; i < lanes; i++) {
        data[i](inputs.data[i]);
        nibble[i](inputs.nibble[i]);
        live[i](inputs.live[i]);
      }
      for (let i = 0; i < LUT_EXPONENTS; i++) column[i](inputs.column[i]);
    },
    compare(node, spikes, check) {
      check('result_valid', node.resultValid ? 1 : 0, valid());
      for (let i = 0; i < lanes && node.resultValid; i++) {
        check(`result[${i}]`, node.result[i], result[i]());
      }
      for (let row = 0; row < rows; row++) check(`spikes[${row}]`, spikes[row], seen[row]());
    },
    step() {
      rtl.step();
    },
  });
}
