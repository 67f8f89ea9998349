import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/hardware/simulator/simulator.ts';
import { Draw } from '../../src/machine/draw.ts';
import { UNITS } from '../../src/machine/units.ts';
import { CYCLES, reset } from './mugi/pins.ts';

describe.each(Object.entries(UNITS))('the units of %s', (_, list) => {
  it('have names of their own, which their modules bear', () => {
    expect(new Set(list.map(({ name }) => name)).size).toBe(list.length);
    for (const { name, doc, module } of list) expect([module.name, module.doc]).toEqual([name, doc]);
  });

  it.each(list.map((unit) => [unit.name, unit] as const))(
    '%s does as hardware what it does as behaviour, on random work',
    (__, { module, behaviour, work, events }) => {
      const happened = new Map(Object.keys(events).map((event) => [event, 0]));
      const compared = new Map<string, number>();
      for (const seed of [1, 2, 3, 4]) {
        const rtl = simulate(module);
        if (module.hasReset) reset(rtl);
        const model = behaviour();
        const next = work(new Draw(seed));
        for (let cycle = 0; cycle < CYCLES; cycle++) {
          const pins = next();
          for (const [name, value] of Object.entries(pins)) rtl.poke(name, value);
          const shown = model.shown(pins);
          for (const [name, value] of Object.entries(shown)) {
            const got = typeof value === 'object' ? rtl.peekLanes(name) : rtl.peekBig(name);
            if (String(got) !== String(value))
              expect.fail(
                `${name} is ${String(got)} and not ${String(value)} in cycle ${cycle} of seed ${seed}`,
              );
            compared.set(name, (compared.get(name) ?? 0) + 1);
          }
          for (const [event, { when }] of Object.entries(events))
            if (when(pins, shown)) happened.set(event, happened.get(event)! + 1);
          rtl.step();
          model.clock?.(pins);
        }
      }
      // Every output of a unit is compared, and everything happens that can.
      const outputs = module.outputs.map(({ name }) => name);
      // The sequencer's behaviour says where frames are; its lines are compared with the node's (co-simulation.ts).
      if (module.name !== 'sequencer') expect([...compared.keys()].toSorted()).toEqual(outputs.toSorted());
      expect(Math.min(...compared.values())).toBeGreaterThan(CYCLES / 2);
      for (const [event, times] of happened) expect(times, event).toBeGreaterThan(CYCLES / 50);
    },
  );
});
