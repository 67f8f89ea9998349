import { describe, expect, it } from 'vitest';
import { inventory } from '../../../src/hardware/inventory.ts';
import { nodeModule } from '../../../src/machine/mugi/node-module.ts';
import type { Activity } from '../../../src/machine/mugi/program/activity.ts';
import { runGemm } from '../../../src/machine/mugi/program/gemm.ts';
import { gemmActivity } from '../../../src/machine/mugi/program/latency.ts';
import { runNonlinear } from '../../../src/machine/mugi/program/nonlinear.ts';
import type { Observer } from '../../../src/machine/mugi/program/run.ts';
import { gemmStimulus, softmaxStimulus } from '../../../src/machine/mugi/program/stimuli.ts';
import { watchUnits } from '../../../src/machine/mugi/proof/watched-units.ts';
import { ROWS_PER_LANE } from '../../../src/machine/mugi/unit/vector-unit.ts';
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
    const counts = new Map<string, number>();
    const instances = unitInstances(ROWS);
    let activity: Activity | undefined;
    const difference = watchUnits(
      ROWS,
      instances,
      (observe) => ({ activity } = run(observe)),
      (cycles) => {
        for (const [i, { pins, shown }] of cycles.entries()) {
          const { name, events } = instances[i]!.unit;
          for (const [event, { when }] of Object.entries(events)) {
            const key = `${name} ${event}`;
            if (when(pins, shown)) counts.set(key, (counts.get(key) ?? 0) + 1);
          }
        }
      },
    );
    expect(difference).toBeUndefined();
    return { counts, activity: activity! };
  }

  it.each(['GEMM', 'softmax'] as const)('is what closed forms and cycle model count for a %s', (work) => {
    const job = gemmStimulus(ROWS);
    const { counts, activity } = happened((observe) =>
      work === 'GEMM' ? runGemm(job, observe) : runNonlinear(softmaxStimulus(ROWS), observe),
    );
    const closed = work === 'GEMM' ? gemmActivity(job) : {};
    const all = { ...activity, ...closed, rows: ROWS, lanes: ROWS / ROWS_PER_LANE };
    const tied = nodeUnits(ROWS / ROWS_PER_LANE).flatMap(({ name, events }) =>
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
