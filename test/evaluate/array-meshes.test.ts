import { describe, expect, it } from 'vitest';
import { cycleModel } from '../../src/design/cycle-model.ts';
import { designNamed } from '../../src/design/index.ts';
import { tileOf } from '../../src/design/mapping/gemm.ts';
import { passCycles } from '../../src/design/mesh/partial-sums.ts';
import { plansOf } from '../../src/design/mesh/planner.ts';
import { runArrayMesh } from '../../src/machine/array/array-mesh.ts';
import { toBits } from '../../src/number/bf16.ts';
import { random } from '../../src/number/random.ts';
import { gemm } from '../../src/vlp/gemm.ts';
import { layoutOf, meshProduct, whole } from './mesh-shapes.ts';
import { patterns, weights } from '../machine/mugi/reference.ts';

/*
 * Meshes of the compared arrays, each node cycle by cycle, beside the closed form of the evaluation: the same cycles, bits
 * on the busiest link, bits times links and partial sums, and results that are those of one node, in every bit.
 */

/** Shapes of each mesh: 176 of all, 3,674 in `npm run nightly:meshes`. */
const SHAPES = Number(process.env.MESH_SHAPES ?? 16);
const TIMEOUT = 10_000 * SHAPES;

const MESHES = ['sa-8@2x2', 'sa-4x8-db@1x4', 'sa-8-os@2x2', 'sa-f-8@3x2', 'sa-f-4x6-os@2x2'].concat([
  'sd-8@2x2',
  'sd-f-8@2x3',
  'carat-8@2x2',
  'carat-16@4x4',
  'tensor@2x2',
  'sa-8x16-os@4x4',
  'pick-8@2x2',
  'pick-16x6@3x2',
]);

describe.each(MESHES)('%s', (name) => {
  // Scales of a last, shorter group are counted by the weight, and sent whole: they stay out of the comparison of bits.
  const design = { ...designNamed(name), scaleBits: 0 };
  const model = cycleModel(design)!;
  const { group } = design.arithmetic.weights;

  it('takes the simulated cycles and traffic for any shape and split, with the bits of one node', {
    timeout: TIMEOUT,
  }, () => {
    const next = random(name.length);
    let cut = 0;
    for (let i = 0; i < SHAPES; i++) {
      const { rows, columns } = design.array;
      // Wide ones, deep ones whose nodes have several chains of sums, and short ones.
      const [wide, deep] = [i % 8 === 0, i % 2 === 0];
      const shape = {
        m: whole(next, 1, wide ? 3 : deep ? 5 : 3 * columns),
        n: wide ? whole(next, 250, 300) : whole(next, 1, (deep ? 3 : 5) * rows),
        k: wide ? whole(next, 257, 600) : deep ? whole(next, 600, 1400) : whole(next, 1, 40),
      };
      const batch = i % 6 === 5 ? whole(next, 2, 4) : 1;
      const op = meshProduct(batch, shape);
      const tile = tileOf(design, op);
      // A node has one product, and all of its rows at a time.
      const plans = plansOf(design, op, tile).filter(
        ({ shares, node }) => shares.batch.node.size === 1 && node.m.tiles === 1,
      );
      if (plans.length === 0) continue;
      const cuts = plans.filter(({ shares }) => shares.k.mostUsed > 1);
      const drawn = deep && cuts.length > 0 ? cuts : plans;
      const plan = drawn[whole(next, 0, drawn.length - 1)];
      const products = Array.from({ length: batch }, () => ({
        ...shape,
        activations: patterns(next, shape.m * shape.k, false),
        weights: weights(next, shape.n * shape.k),
        scales: patterns(next, shape.n * Math.ceil(shape.k / group), false),
      }));
      const run = runArrayMesh(model, { ...layoutOf(plan), products, tile, pass: passCycles(design) });
      const of = { split: plan.split, batch, ...shape };
      expect({ ...of, cycles: run.cycles }).toEqual({ ...of, cycles: plan.cycles + plan.wait });
      expect({ ...of, bits: run.busiestLink }).toEqual({ ...of, bits: plan.links.busiest });
      expect(run.bitHops).toBeCloseTo(plan.links.bitHops, 3);
      expect(run.partials).toBeCloseTo(plan.links.partials, 3);
      products.forEach(({ activations, weights: values, scales }, at) => {
        const matrix = {
          outputs: shape.n,
          inner: shape.k,
          values,
          scales,
          axis: 'inner',
          groupSize: group,
          clipped: 0,
        } as const;
        const defined = gemm(activations, shape.m, matrix, design.arithmetic.products);
        expect(run.outputs[at]).toEqual(Uint16Array.from(defined, toBits));
      });
      if (plan.shares.k.mostUsed > 1) cut++;
    }
    expect(cut).toBeGreaterThan(SHAPES / 4);
  });
});
