import type { Node, NodeConfiguration, NodeInputs } from '../node.ts';
import { configurationPins } from '../node-module.ts';
import type { Observer } from '../program/run.ts';

/** The first cycle in which the cycle model and another form of the node differ. */
export interface Difference<Value> {
  cycle: number;
  what: string;
  model: Value;
  actual: Value;
}

/** Another form of the node (RTL, gates, a testbench's vectors) with the pins of `nodeModule`. */
export interface Form<Value> {
  poke(pin: string, value: number): void;
  /** Puts the row bus and the column bus of this cycle on their pins. */
  drive(inputs: NodeInputs): void;
  /** Shows `check` the output pins of model and form in this cycle; `spikes`: one row's eight columns each. */
  compare(node: Node, spikes: Uint8Array, check: (what: string, model: Value, actual: Value) => void): void;
  step(): void;
  /** Called after the edge that begins the first frame. */
  begun?(): void;
}

/**
 * An observer that takes `form` through a run beside the cycle model: reset, the edge that begins the first frame,
 * then the same pins in every cycle, where results and every spike of every row must be the same.
 */
export function lockstep<Value>(
  configuration: NodeConfiguration,
  form: Form<Value>,
): { observe: Observer; difference(): Difference<Value> | undefined } {
  let found: Difference<Value> | undefined;
  for (const [name, value] of Object.entries(configurationPins(configuration))) form.poke(name, value);
  form.poke('reset', 1);
  form.step();
  form.poke('reset', 0);
  const spikes = new Uint8Array(configuration.rows);
  return {
    observe(cycle, node) {
      // The edge that begins the first frame comes before the first observed cycle.
      if (cycle === 0) {
        form.poke('frame', node.sequencer.load);
        form.step();
        form.begun?.();
      }
      form.poke('frame', node.inputs.frame);
      form.drive(node.inputs);
      // The model's T registers hold columns 1 to 7; column 0 is the converter's spike of this very cycle.
      for (let row = 0; row < spikes.length; row++) {
        spikes[row] = node.elements.spikes[row] | node.spikeNow(row);
      }
      form.compare(node, spikes, (what, model, actual) => {
        if (found === undefined && model !== actual) found = { cycle, what, model, actual };
      });
      form.step();
    },
    difference: () => found,
  };
}
