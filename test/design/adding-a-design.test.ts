import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Family } from '../../src/design/family.ts';
import { designNamed, designNames, FAMILIES } from '../../src/design/index.ts';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import { workloadFor } from '../../src/question/point.ts';
import { priceDesign } from '../../src/evaluate/whole-machines.ts';
import { designUnder, preset } from '../../src/published/preset.ts';
import { PUBLISHED_45 } from '../../src/technology/published-45.ts';
import { modelNamed } from '../../src/workload/models.ts';
import { outerProduct } from './outer-product.ts';

/** The example of docs/designs.md: test/design/outer-product.ts is the file, this is the line. */
const LINE: Family = {
  pattern: 'op-{size}',
  title: 'outer-product array',
  sizes: [8, 16],
  build: (size, nodes) => outerProduct({ size, nodes }),
};
const families = [...FAMILIES, LINE];
const docs = readFileSync('docs/designs.md', 'utf8');

describe('adding a design', () => {
  it('one file and one line give it names, meshes and evaluations', () => {
    expect(designNames(families)).toContain('op-16');
    expect(designNames()).not.toContain('op-16');
    for (const name of ['as-published', 'corrected'] as const) {
      const chosen = preset(name);
      const workload = workloadFor(modelNamed('llama-2-7b'), { batch: 8, context: 512, prefill: 64 }, chosen);
      const at = (design: string) =>
        evaluate(
          priceDesign(designUnder(designNamed(design, families), chosen, PUBLISHED_45), PUBLISHED_45),
          workload,
          chosen,
        );
      const [one, small, mesh] = [at('op-16'), at('op-8'), at('op-16@2x2')];
      // Causal prefill skips whole pieces, so the smaller array computes a little less.
      expect(one.total.macs / small.total.macs).toBeCloseTo(1, 3);
      expect(one.total.time).toBeLessThan(small.total.time);
      expect(mesh.total.time).toBeLessThan(one.total.time);
      expect(mesh.area).toBeGreaterThan(4 * one.area);
    }
  });

  it('errors know its names', () => {
    expect(() => designNamed('op-12', families)).toThrow('op-… does not come in size');
  });

  it('the documentation shows this very file and line', () => {
    const file = readFileSync('test/design/outer-product.ts', 'utf8')
      .replaceAll('../../src/design/', './')
      .replaceAll('../../src/', '../');
    expect(docs).toContain(`\`\`\`ts\n${file}\`\`\``);
    const words = (text: string): string => text.replaceAll(/\s+/g, ' ');
    const source = readFileSync('test/design/adding-a-design.test.ts', 'utf8');
    const line = /const LINE: Family = (\{.*?\n\});/s.exec(source)![1];
    expect(words(docs)).toContain(words(line));
  });
});
