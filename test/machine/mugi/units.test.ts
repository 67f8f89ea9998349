import { describe, expect, it } from 'vitest';
import { inventory } from '../../../src/hardware/inventory.ts';
import { simulate } from '../../../src/hardware/simulator/simulator.ts';
import { Draw } from '../../../src/machine/draw.ts';
import { nodeModule } from '../../../src/machine/mugi/node-module.ts';
import type { Activity } from '../../../src/machine/mugi/program/activity.ts';
import { runGemm } from '../../../src/machine/mugi/program/gemm.ts';
import { gemmActivity } from '../../../src/machine/mugi/program/latency.ts';
import { runNonlinear } from '../../../src/machine/mugi/program/nonlinear.ts';
import type { Observer } from '../../../src/machine/mugi/program/run.ts';
import {
  gemmStimulus,
  SOFTMAX_FUNCTION,
  softmaxStimulus,
} from '../../../src/machine/mugi/program/stimuli.ts';
import { nodeRtl, rtlLockstep } from '../../../src/machine/mugi/proof/co-simulation.ts';
import { nodeUnits, unitInstances } from '../../../src/machine/mugi/units.ts';
import { CYCLES, reset } from './pins.ts';

/** Modules of the node that are wiring of units, and the arithmetic of a lane, which has tests of its own. */
const WIRING = ['mugi_64', 'row', 'bf16_multiplier_p2_gated', 'bf16_adder_p2_gated'];

const units = [
  ...nodeUnits(8),
  ...[1, 4, 32].flatMap((lanes) => nodeUnits(lanes).filter(({ name }) => name.startsWith('e_proc'))),
];

describe('the units of the node', () => {
  it('are all that it is composed of', () => {
    const composed = inventory(nodeModule(64)).map(({ module }) => module);
    expect([...WIRING, ...nodeUnits(8).map(({ name }) => name)].toSorted()).toEqual(composed.toSorted());
    for (const { name, doc, module } of units) expect([module.name, module.doc]).toEqual([name, doc]);
  });

  it.each(units.map((unit) => [unit.name, unit] as const))(
    '%s does as hardware what it does as behaviour, on random work',
    (_, { module, behaviour, work, events }) => {
      const happened = new Map(Object.keys(events).map((event) => [event, 0]));
      const compared = new Map<string, number>();
      for (const seed of [1, 2, 3, 4]) {
        const rtl = simulate(module);
        if (module.hasReset) reset(rtl);
        const model = behaviour();
        const next = work(new Draw(seed));
        for (let cycle = 0; cycle < CYCLES; cycle++) {
          const pins = next();
          for (const [name, value] of Object.entries(pins)) rtl.poke(name, value as number | number[]);
          const shown = model.shown(pins);
          for (const [name, value] of Object.entries(shown)) {
            const got = typeof value === 'number' ? rtl.peek(name) : rtl.peekLanes(name);
            if (typeof value === 'number' ? got !== value : String(got) !== String(value))
              expect(got, `${name} in cycle ${cycle} of seed ${seed}`).toEqual(value);
            compared.set(name, (compared.get(name) ?? 0) + 1);
          }
          for (const [event, { when }] of Object.entries(events))
            if (when(pins, shown)) happened.set(event, happened.get(event)! + 1);
          rtl.step();
          model.clock(pins);
        }
      }
      // Every output of a unit is compared, and everything happens that can.
      const outputs = module.outputs.map(({ name }) => name);
      if (module.name !== 'sequencer') expect([...compared.keys()].toSorted()).toEqual(outputs.toSorted());
      expect(Math.min(...compared.values())).toBeGreaterThan(CYCLES / 2);
      for (const [event, times] of happened) expect(times, event).toBeGreaterThan(CYCLES / 50);
    },
  );
});

describe('what happens in the units', () => {
  const ROWS = 16;

  /** Events of all instances of a node's RTL in a run, by unit and event. */
  function happened(run: (observe: Observer) => { activity: Activity }) {
    const rtl = nodeRtl(ROWS);
    const { window, outside } = SOFTMAX_FUNCTION;
    const { observe, difference } = rtlLockstep({ rows: ROWS, window, outside, accumulation: 'bf16' }, rtl);
    const counts = new Map<string, number>();
    const look = unitInstances(ROWS).map(({ path, unit }) => {
      const pins = (ports: readonly { name: string; lanes: number | undefined }[]) =>
        ports.map(({ name, lanes }) =>
          lanes === undefined
            ? { name, of: rtl.probe(path + name) }
            : {
                name,
                of: eachOf(Array.from({ length: lanes }, (_, i) => rtl.probe(`${path}${name}[${i}]`))),
              },
        );
      const read = (all: ReturnType<typeof pins>) =>
        Object.fromEntries(all.map(({ name, of }) => [name, of()]));
      const [inputs, outputs] = [pins(unit.module.inputs), pins(unit.module.outputs)];
      return () => {
        const [given, shown] = [read(inputs), read(outputs)];
        for (const [event, { when }] of Object.entries(unit.events)) {
          const key = `${unit.name} ${event}`;
          if (when(given, shown)) counts.set(key, (counts.get(key) ?? 0) + 1);
        }
      };
    });
    const step = rtl.step.bind(rtl);
    let begun = false;
    rtl.step = () => {
      if (begun) for (const one of look) one();
      step();
    };
    const { activity } = run((cycle, node) => {
      begun = true;
      observe(cycle, node);
    });
    expect(difference()).toBeUndefined();
    return { counts, activity };
  }

  const eachOf = (probes: (() => number | bigint)[]) => () => probes.map((probe) => Number(probe()));

  it.each(['GEMM', 'softmax'] as const)('is what closed forms and cycle model count for a %s', (work) => {
    const job = gemmStimulus(ROWS);
    const { counts, activity } = happened((observe) =>
      work === 'GEMM' ? runGemm(job, observe) : runNonlinear(softmaxStimulus(ROWS), observe),
    );
    const closed = work === 'GEMM' ? gemmActivity(job) : {};
    const all = { ...activity, ...closed, rows: ROWS, lanes: ROWS / 8 };
    const tied = nodeUnits(ROWS / 8).flatMap(({ name, events }) =>
      Object.entries(events).flatMap(([event, { counted }]) =>
        counted === undefined ? [] : [[`${name} ${event}`, counted(all)] as const],
      ),
    );
    expect(tied.length).toBeGreaterThan(10);
    expect(Object.fromEntries(tied.map(([key]) => [key, counts.get(key) ?? 0]))).toEqual(
      Object.fromEntries(tied),
    );
    expect(tied.filter(([, times]) => times > 0).length).toBeGreaterThan(7);
  });
});
