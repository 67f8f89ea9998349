import { describe, expect, it } from 'vitest';
import type { Design } from '../../src/design/design.ts';
import { designNamed } from '../../src/design/index.ts';
import { tileOf } from '../../src/design/mapping/gemm.ts';
import { planOf, plansOf } from '../../src/design/mesh/planner.ts';
import type { MeshPlan } from '../../src/design/mesh/split.ts';
import { runMesh } from '../../src/machine/mugi/mesh/run-mesh.ts';
import type { MeshJob } from '../../src/machine/mugi/mesh/shared-gemm.ts';
import { type GemmJob, runGemm } from '../../src/machine/mugi/program/gemm.ts';
import type { GemmOperator } from '../../src/workload/operator.ts';
import { layoutOf, meshProduct, whole } from './mesh-shapes.ts';
import { patterns, random, weights } from '../machine/mugi/reference.ts';

/*
 * Meshes of Mugi nodes, each node cycle by cycle, beside the closed form of the evaluation: the same cycles, bits on the
 * busiest link, bits times links and partial sums, and results that are those of one node, in every bit.
 */

/** Shapes of each mesh: 210 of all, 2,004 in `npm run nightly:meshes`. */
const SHAPES = Number(process.env.MESH_SHAPES ?? 35);
const TIMEOUT = 10_000 * SHAPES;

function drawn(next: () => number, rows: number, i: number) {
  const deep = i % 3 === 0;
  const [batch, m, n, k] = [
    i % 4 === 1 ? whole(next, 2, 5) : 1,
    whole(next, 1, deep ? 9 : 30),
    i % 7 === 0 ? whole(next, 257, 300) : whole(next, 1, (deep ? 2 : 5) * rows),
    i % 7 === 0 ? whole(next, 1, 9) : deep ? whole(next, 257, 800) : whole(next, 1, 40),
  ];
  const op = meshProduct(batch, { m, n, k });
  const products = Array.from(
    { length: batch },
    (): GemmJob => ({
      rows,
      m,
      k,
      n,
      groupSize: 256,
      chain: 256,
      activations: patterns(next, m * k, false),
      weights: weights(next, n * k),
      scales: patterns(next, n * Math.ceil(k / 256), false),
    }),
  );
  return { op, products };
}

/** A split as the simulation is told it. */
function jobOf(design: Design, op: GemmOperator, plan: MeshPlan, products: GemmJob[]): MeshJob {
  const { k, n } = tileOf(design, op);
  return {
    rows: design.array.rows,
    ...layoutOf(plan),
    products,
    tile: { k, n },
  };
}

const MESHES = ['mugi-8@2x2', 'mugi-8@4x4', 'mugi-8@1x4', 'mugi-8@3x2', 'mugi-16@2x2', 'mugi-16@2x4'];

describe.each(MESHES)('%s', (name) => {
  // Scales of a last, shorter group are counted by the weight, and sent whole: they stay out of the comparison of bits.
  const design: Design = { ...designNamed(name), scaleBits: 0 };

  it('takes the simulated cycles and traffic for any shape and split, with the bits of one node', {
    timeout: TIMEOUT,
  }, () => {
    const next = random(name.length);
    let cut = 0;
    for (let i = 0; i < SHAPES; i++) {
      const { op, products } = drawn(next, design.array.rows, i);
      const plans = plansOf(design, op, tileOf(design, op));
      // The best, or any other.
      const plan =
        i % 2 === 0 ? planOf(design, op, tileOf(design, op)) : plans[whole(next, 0, plans.length - 1)];
      expect(plan.node.m.tiles).toBe(1);
      const run = runMesh(jobOf(design, op, plan, products));
      const { batch, m, k, n } = op;
      const of = { split: plan.split, batch, m, k, n };
      expect({ ...of, cycles: run.cycles }).toEqual({ ...of, cycles: plan.cycles + plan.wait });
      expect({ ...of, bits: run.busiestLink }).toEqual({ ...of, bits: plan.links.busiest });
      expect(run.bitHops).toBeCloseTo(plan.links.bitHops, 3);
      expect(run.partials).toBeCloseTo(plan.links.partials, 3);
      products.forEach((product, at) => expect(run.outputs[at]).toEqual(runGemm(product).output));
      if (plan.shares.k.mostUsed > 1) cut++;
    }
    expect(cut).toBeGreaterThan(1);
  });

  it('with links that are busy takes no less than its array, and no more than array and busiest link one after the other', {
    timeout: TIMEOUT,
  }, () => {
    const next = random(name.length + 1);
    for (let i = 0; i < SHAPES / 5; i++) {
      const { op, products } = drawn(next, design.array.rows, i);
      const plan = planOf(design, op, tileOf(design, op));
      const linkBits = 2 ** whole(next, 3, 10);
      const run = runMesh({ ...jobOf(design, op, plan, products), linkBits });
      const [array, link] = [plan.cycles + plan.wait, run.busiestLink / linkBits];
      expect(run.busiestLink).toBe(plan.links.busiest);
      expect(run.cycles).toBeGreaterThanOrEqual(array);
      // What arrives last is worked on last; results leave behind the last cycle that is counted.
      expect(run.cycles).toBeLessThanOrEqual(
        array + plan.shares.k.mostUsed * link + 8 * 12 * plan.sides.lines * plan.sides.length,
      );
      products.forEach((product, at) => expect(run.outputs[at]).toEqual(runGemm(product).output));
    }
  });
});
