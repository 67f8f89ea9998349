import type { AnyUnit, UnitPins } from '../../unit.ts';
import { SOFTMAX_FUNCTION } from '../program/stimuli.ts';
import type { Observer } from '../program/run.ts';
import type { UnitInstance } from '../units.ts';
import { nodeRtl, rtlLockstep } from './co-simulation.ts';

/** What an instance of a unit gets and gives in a cycle. */
export interface UnitCycle {
  pins: UnitPins<AnyUnit['inputs']>;
  shown: Readonly<Record<string, number | readonly number[]>>;
}

/**
 * Runs work on the RTL of a node, beside its cycle model, and reads in every cycle what these instances of units get and give.
 * @returns where RTL and cycle model differ, if they do
 */
export function watchUnits(
  rows: number,
  instances: readonly UnitInstance[],
  run: (observe: Observer) => void,
  look: (cycles: readonly UnitCycle[]) => void,
): ReturnType<ReturnType<typeof rtlLockstep>['difference']> {
  const rtl = nodeRtl(rows);
  const { window, outside } = SOFTMAX_FUNCTION;
  const { observe, difference } = rtlLockstep({ rows, window, outside, accumulation: 'bf16' }, rtl);
  const readers = instances.map(({ path, unit }) => {
    const reader = (ports: readonly { name: string; lanes: number | undefined }[]) => {
      const probes = ports.map(({ name, lanes }) => {
        if (lanes === undefined) return { name, of: rtl.probe(path + name) };
        const each = Array.from({ length: lanes }, (_, i) => rtl.probe(`${path}${name}[${i}]`));
        return { name, of: () => each.map((probe) => Number(probe())) };
      });
      return () => Object.fromEntries(probes.map(({ name, of }) => [name, of()])) as UnitCycle['shown'];
    };
    const [pins, shown] = [reader(unit.module.inputs), reader(unit.module.outputs)];
    return (): UnitCycle => ({ pins: pins(), shown: shown() });
  });
  let begun = false;
  const step = rtl.step.bind(rtl);
  rtl.step = () => {
    if (begun) look(readers.map((read) => read()));
    step();
  };
  run((cycle, node) => {
    begun = true;
    observe(cycle, node);
  });
  return difference();
}
