import { describe, expect, it } from 'vitest';
import { cycleModel } from '../../src/design/cycle-model.ts';
import { designNamed } from '../../src/design/index.ts';
import { machineNamed } from '../../src/machine/whole/machines.ts';
import { runProducts } from '../../src/machine/whole/run.ts';
import { closedForm, type Shape } from './cycles/check.ts';
import { randomProduct } from './support/products.ts';

/*
 * A rival stands here twice on purpose: as a cycle model, whose cells take a cycle each and whose time every evaluation
 * counts, and as a whole machine on gates, whose adders take two and whose energy is measured. What both compute must be
 * the same, and where they take other times it is said here and in docs/rivals.md how much.
 */

const GROUP = 256;
const shapesOf = (n: number): Shape[] => [
  { m: 8, k: 256, n },
  { m: 1, k: 512, n },
  { m: 8, k: 512, n: 2 * n },
  { m: 5, k: 300, n: n + 3 },
];

/** Cycles of the machine beyond those of the design; results that differ. */
function both(machineName: string, designName: string, shape: Shape) {
  const [machine, design] = [machineNamed(machineName), designNamed(designName)];
  const product = randomProduct({ ...shape, group: GROUP }, 7);
  const onGates = runProducts(machine, [product]);
  const { tile, counts } = closedForm(design, shape);
  const modelled = cycleModel(design)!(product, tile);
  expect(modelled.cycles).toBe(counts.arrayCycles);
  return {
    late: onGates.cycles - modelled.cycles,
    different: modelled.output.reduce(
      (count, bits, i) => count + (onGates.outputs[0][i] === bits ? 0 : 1),
      0,
    ),
  };
}

describe('a whole machine and the cycle model of its design', () => {
  /** The machine, the design that it is, and its longer pipelines: paid once a product, whatever its shape. */
  const HELD: [string, string, number][] = [
    ['sa-8', 'sa-8-db', 13],
    ['sa-4x8', 'sa-4x8-db', 13],
    ['sd-8', 'sd-8', 15],
    ['sa-f-8', 'sa-f-8-db', 7],
    ['sd-f-8', 'sd-f-8', 9],
  ];
  it.each(HELD)('%s computes what %s does, and is late by %i cycles', (machine, design, late) => {
    for (const shape of shapesOf(machineNamed(machine).outputs))
      expect([shape, both(machine, design, shape)]).toEqual([shape, { late, different: 0 }]);
  });

  it('carat-64 computes what its design does, and takes a frame less a chain: the last products leave in one of its drain', () => {
    const { outputs } = machineNamed('carat-64');
    for (const shape of shapesOf(outputs)) {
      const chains = Math.ceil(shape.n / outputs) * Math.ceil(shape.k / GROUP);
      const found = both('carat-64', 'carat-64', shape);
      expect([shape, found]).toEqual([shape, { late: 38 - 8 * chains, different: 0 }]);
    }
  });

  it.each(['pick-8', 'pick-8x32', 'pick-16x5'])(
    '%s computes what its design does, which has the same pipeline: the vector array is behind it, and of the last pass C tokens leave',
    (name) => {
      const machine = machineNamed(name);
      const { columns } = designNamed(name).array;
      for (const shape of [...shapesOf(machine.outputs), { m: 3 * columns + 2, k: 40, n: 9 }]) {
        const lastPass = ((shape.m - 1) % columns) + 1;
        const found = both(name, name, shape);
        expect([shape, found]).toEqual([shape, { late: 9 - (columns - lastPass), different: 0 }]);
      }
    },
  );

  it('sa-8-os hides what its design waits for, and joins the sums of even and odd k', () => {
    const { outputs: rows } = machineNamed('sa-8-os');
    const { columns, pipeline } = designNamed('sa-8-os').array;
    if (pipeline.kind !== 'output-stationary') throw new Error('sa-8-os keeps its outputs');
    const { perTile = 0, period = 1 } = pipeline;
    for (const shape of shapesOf(rows)) {
      const tiles = Math.ceil(shape.n / rows);
      const chains = tiles * Math.ceil(shape.k / GROUP);
      // The machine puts results aside and leaves two cycles between chains; the design drains, and begins tiles in an empty array.
      const hidden = chains * (perTile - 2) + tiles * (columns + rows - 1 - period);
      const { late, different } = both('sa-8-os', 'sa-8-os', shape);
      expect([shape, late]).toEqual([shape, 34 - hidden]);
      expect(different).toBeGreaterThan(0);
    }
  });
});

it('sums that underflow to −0 leave the gates of Carat as +0: an INT4 that waits is +0', () => {
  const shape = { m: 1, k: 3, n: 50 };
  const product = {
    ...shape,
    activations: Uint16Array.of(0x607, 0x159, 0x2c0),
    weights: Int8Array.from({ length: 150 }, (_, i) => [0, 7, -1][i % 3]),
    scales: new Uint16Array(50).fill(0x3f24),
  };
  const design = designNamed('carat-64');
  const modelled = cycleModel(design)!(product, closedForm(design, shape).tile);
  expect(new Set(modelled.output)).toEqual(new Set([0x8000]));
  expect(new Set(runProducts(machineNamed('carat-64'), [product]).outputs[0])).toEqual(new Set([0]));
});
