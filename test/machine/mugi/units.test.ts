import { describe, expect, it } from 'vitest';
import { inventory } from '../../../src/hardware/inventory.ts';
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

/** Modules of the node that are wiring of units, and the arithmetic of a lane, which has tests of its own. */
const WIRING = ['mugi_64', 'row', 'bf16_multiplier_p2_gated', 'bf16_adder_p2_gated'];

describe('the units of the node', () => {
  it('are all that it is composed of', () => {
    const composed = inventory(nodeModule(64)).map(({ module }) => module);
    expect([...WIRING, ...nodeUnits(8).map(({ name }) => name)].toSorted()).toEqual(composed.toSorted());
  });
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
