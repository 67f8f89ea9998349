import { describe, expect, it } from 'vitest';
import { wholeBlocks } from '../../src/accuracy/data/whole-blocks.ts';
import { batchOf } from '../../src/accuracy/data/blocks.ts';
import type { Design } from '../../src/design/design.ts';
import { type LayerRun, runLayer } from '../../src/layer/run-layer.ts';
import { openModel } from '../../src/model/load.ts';
import type { Batch } from '../../src/model/model.ts';
import { random } from '../../src/number/random.ts';
import { presetDesign } from '../../src/published/preset-design.ts';
import { EXACT_SUMS } from '../../src/vlp/gemm.ts';
import { caseFolder } from '../model/case-folder.ts';
import { CASES } from '../model/family-cases.ts';

/*
 * Accuracy on a design is what its cycles compute: every product and function of a layer of an embedded model on the cycle
 * models gives the bits of the engine, in the cycles of the closed form.
 */

const next = random(1);
const image: Batch = {
  kind: 'images',
  pixels: Float32Array.from({ length: 28 * 28 }, () => 2 * next() - 1),
  count: 1,
};

async function layerOn(design: Design, model: string, layer: number): Promise<LayerRun> {
  const opened = await openModel(model);
  const text = (): Batch => batchOf([wholeBlocks(opened, {}, 4, 1)[0]!]);
  return runLayer({ opened, design, layer, batch: model.startsWith('vit') ? image : text() });
}

const corrected = (name: string): Design => presetDesign(name, 'corrected');

describe('a layer on cycle models', () => {
  it.each([
    ['mugi-32', 'vit-mnist-gelu', 2],
    ['sa-16-os', 'mugi-tiny', 0],
    ['sd-f-8x32', 'vit-mnist-gelu', 1],
    ['sa-16-pwl', 'vit-mnist-gelu', 3],
    ['pick-8x32', 'mugi-tiny', 1],
  ])('%s computes what the engine computes for %s, layer %i', async (name, model, layer) => {
    const run = await layerOn(corrected(name), model, layer);
    expect(run.operators.map(({ operator }) => operator)).toEqual(
      expect.arrayContaining(['q·kT', 'softmax', 'a·v']),
    );
    expect(run.operators.length).toBeGreaterThanOrEqual(10);
    for (const { operator, cycles, closed, differing, results, utilization } of run.operators) {
      expect([operator, cycles, differing]).toEqual([operator, closed, 0]);
      expect(results).toBeGreaterThan(0);
      expect(utilization).toBeGreaterThan(0);
      expect(utilization).toBeLessThanOrEqual(1);
    }
    expect(run.outputs).toBeGreaterThan(0);
    expect(run.differing).toBe(0);
  });

  it("leaves a router to the engine, whose softmax is that of the design's arithmetic", async () => {
    const opened = await openModel(caseFolder(CASES.find(({ type }) => type === 'mixtral')!));
    const ids = Int32Array.from([3, 1, 4, 1]);
    const batch: Batch = { kind: 'tokens', ids, sequences: [{ rows: ids.length }] };
    const run = runLayer({ opened, design: corrected('mugi-8'), layer: 1, batch });
    expect(run.differing).toBe(0);
    expect(run.operators.map(({ operator }) => operator)).toContain('block_sparse_moe.experts.0.w1');
  });

  it('finds an engine whose sums are not those of the cells', async () => {
    const design = corrected('sa-16-os');
    const { arithmetic } = design;
    const other = { ...design, arithmetic: { ...arithmetic, products: EXACT_SUMS } };
    const run = await layerOn(other, 'vit-mnist-gelu', 0);
    expect(run.operators.some(({ differing }) => differing > 0)).toBe(true);
    expect(run.differing).toBeGreaterThan(0);
  });

  it('refuses what no cycle model can run, in one message', async () => {
    const refused = (name: string, layer = 0) => layerOn(corrected(name), 'vit-mnist-gelu', layer);
    await expect(refused('mugi-l-8')).rejects.toThrow(
      'mugi-l-8 looks functions up in registers, which have no cycle model',
    );
    await expect(refused('mugi-8@2x2')).rejects.toThrow('a layer is run on one node');
    await expect(refused('mugi-8', 4)).rejects.toThrow('layer must be a whole number from 0 to 3');
  });
});
