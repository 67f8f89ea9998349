import { describe, expect, it } from 'vitest';
import { cycleModel } from '../../src/design/cycle-model.ts';
import { customDesign } from '../../src/design/custom.ts';
import type { Design, Pipeline } from '../../src/design/design.ts';
import { designNamed, designNames } from '../../src/design/index.ts';
import { TECHNOLOGIES } from '../../src/technology/index.ts';
import type { VectorSum } from '../../src/vlp/vector-sum.ts';
import { closedForm, differences, shapesOf } from './cycles/check.ts';

/*
 * Definition = cycle model = closed form, on a few shapes of every design; `npm run check:cycles` runs thousands. Then
 * faults are planted in the closed form or in the arithmetic, and each must be found.
 */

/** Designs whose arrays are those of another one: they differ in their vector units. */
const OWN_ARRAY = designNames().filter((name) => !/-pwl|-taylor|mugi-l/.test(name));
const RECTANGLES = [
  'sa-8x32',
  'sa-12x20-db',
  'sa-32x8-os',
  'sa-5x70-os',
  'sa-f-6x9-db',
  'sd-24x10',
  'sd-f-16x48',
  'pick-8x32',
  'pick-16x5',
];

describe('closed form = cycle model = definition', () => {
  it.each([...OWN_ARRAY, ...RECTANGLES])('%s', (name) => {
    const design = designNamed(name);
    let seed = 100;
    for (const shape of shapesOf(design, 3, 7, 20_000))
      expect([shape, differences(design, shape, seed++)]).toEqual([shape, []]);
  });

  it('tiles of every built-in design end chains where the arithmetic does', () => {
    for (const name of [...designNames(), ...RECTANGLES]) {
      const design = designNamed(name);
      const { chain } = design.arithmetic.products;
      const { tile } = closedForm(design, { m: 300, k: 600, n: 900 });
      expect([name, tile.k, design.arithmetic.weights.group]).toEqual([name, chain, chain]);
    }
  });
});

/** A design with a fault in its closed form or in what it says it computes. */
const pipelined = (name: string, change: Partial<Record<string, unknown>>): Design => {
  const design = designNamed(name);
  const pipeline = { ...design.array.pipeline, ...change } as Pipeline;
  return { ...design, array: { ...design.array, pipeline } };
};
const adding = (name: string, vector: VectorSum): Design => {
  const design = designNamed(name);
  const { arithmetic } = design;
  return { ...design, arithmetic: { ...arithmetic, products: { ...arithmetic.products, vector } } };
};

it.each([
  { base: 'pick-8x32', sram: { output: { word_bits: 128 } } },
  { base: 'pick-16x24', vector_lanes: 7 },
])(
  '%j: sums that leave in more cycles than they are made hold up the step that takes their place',
  (spec) => {
    const design = customDesign(spec, { technology: TECHNOLOGIES[0] });
    const { perTile } = design.array.pipeline as { perTile: number };
    expect(perTile).toBeGreaterThan(0);
    for (const shape of shapesOf(design, 20, 3, 20_000)) {
      const { tile, counts } = closedForm(design, shape);
      const job = {
        ...shape,
        activations: new Uint16Array(shape.m * shape.k),
        weights: new Int8Array(shape.n * shape.k),
      };
      expect([shape, cycleModel(design)!(job, tile).cycles]).toEqual([shape, counts.arrayCycles]);
    }
  },
);

describe('faults that are planted', () => {
  const FAULTS: [string, string, Design, string][] = [
    ['a drain that is dropped', 'sa-16-os', pipelined('sa-16-os', { perTile: 0 }), 'cycles'],
    ['a drain that is dropped', 'carat-16', pipelined('carat-16', { perTile: 0 }), 'cycles'],
    ['a drain that is dropped', 'mugi-8', pipelined('mugi-8', { perTile: 56 }), 'cycles'],
    ['a tail that is one short', 'sd-8', pipelined('sd-8', { tail: 3 }), 'cycles'],
    ['a tail that is one short', 'tensor', pipelined('tensor', { cycles: 5 }), 'cycles'],
    ['a skew of the wrong side', 'sa-8x32', pipelined('sa-8x32', { skew: 37 }), 'cycles'],
    ['weights that are never loaded again', 'sa-8', pipelined('sa-8', { reloads: false }), 'cycles'],
    ['loads that do not hide', 'sa-8-db', pipelined('sa-8-db', { registers: 1 }), 'cycles'],
    ['a conversion that is forgotten', 'sa-f-8', pipelined('sa-f-8', { tail: 1 }), 'cycles'],
    ['a last step of sums that is forgotten', 'pick-8', pipelined('pick-8', { cycles: 14 }), 'cycles'],
    ['a drain that does not hide', 'pick-8', pipelined('pick-8', { perTile: 8 }), 'cycles'],
    ['an exponent of eight indices', 'pick-8', adding('pick-8', { lanes: 8, order: 'integer' }), 'results'],
    ['trees that add in turn', 'sd-8', adding('sd-8', { lanes: 8, order: 'chain' }), 'results'],
    ['columns of another height', 'sa-8', adding('sa-8', { lanes: 16, order: 'chain' }), 'results'],
  ];

  it.each(FAULTS)('%s (%s) is found', (_, name, faulty, event) => {
    const model = cycleModel(designNamed(name));
    const shape = { m: 70, k: 70, n: 40 };
    const found = differences(faulty, shape, 3, model);
    expect(found.map((difference) => difference.event)).toContain(event);
    expect(differences(designNamed(name), shape, 3, model)).toEqual([]);
  });

  it('loads that are counted as the artifact does are found', () => {
    const design = designNamed('sa-8');
    const counted: Design = { ...design, array: { ...design.array, counting: 'artifact' } };
    const events = differences(counted, { m: 20, k: 70, n: 40 }, 3).map(({ event }) => event);
    expect(events).toEqual(expect.arrayContaining(['weightLoad', 'weightSteps']));
  });

  it('a FIGNA that keeps other bits is found', () => {
    const faulty = adding('sa-f-8', { lanes: 8, order: 'integer', guardBits: 1 });
    faulty.arithmetic.products.product = 'exact';
    const events = differences(faulty, { m: 9, k: 40, n: 20 }, 3).map(({ event }) => event);
    expect(events).toEqual(['results']);
  });

  it('a model that tiles otherwise is found', () => {
    const design = designNamed('sa-8');
    const model = cycleModel(design)!;
    const shape = { m: 70, k: 16, n: 40 };
    const events = differences(design, shape, 3, (job, tile) => model(job, { ...tile, m: tile.m / 2 }));
    expect(events.map(({ event }) => event)).toContain('cycles');
  });
});
