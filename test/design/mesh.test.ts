import { describe, expect, it } from 'vitest';
import type { Design } from '../../src/design/design.ts';
import { designNamed } from '../../src/design/index.ts';
import { mapAxes, mapGemm, tileOf } from '../../src/design/mapping/gemm.ts';
import { cutsOf, Share } from '../../src/design/mesh/share.ts';
import { planOf, plansOf } from '../../src/design/mesh/planner.ts';
import { CUT_AXES, type CutAxis, type MeshPlan } from '../../src/design/mesh/split.ts';
import { random } from '../../src/number/random.ts';
import { type GemmOperator, isSpan } from '../../src/workload/operator.ts';

const whole = (next: () => number, from: number, to: number): number =>
  from + Math.floor(next() * (to - from + 1));

const product = (sizes: Partial<GemmOperator>): GemmOperator => ({
  kind: 'gemm',
  name: 'one',
  group: 'ffn',
  phase: 'decode',
  repeat: 1,
  layers: 1,
  batch: 1,
  m: 8,
  k: 512,
  n: 300,
  operand: 'weights',
  activationBits: 16,
  weightBits: 4,
  outputBits: 16,
  ...sizes,
});

/** Parts of a fixed length, one by one. */
function partsOf(length: number, parts: number, unit: number): number[] {
  const [{ full, used, lastTo }] = cutsOf(length, parts, unit);
  return [...Array.from({ length: used - 1 }, () => full), lastTo];
}

describe('a share', () => {
  it('has all of its axis, in whole units, and its largest part is as small as units allow', () => {
    const next = random(1);
    for (let i = 0; i < 300; i++) {
      const [length, parts, unit] = [whole(next, 1, 900), whole(next, 1, 20), whole(next, 1, 64)];
      const sizes = partsOf(length, parts, unit);
      expect(sizes.length).toBeLessThanOrEqual(parts);
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(length);
      expect(sizes.slice(0, -1).every((size) => size % unit === 0)).toBe(true);
      expect(Math.ceil(sizes[0] / unit)).toBe(Math.ceil(Math.ceil(length / unit) / parts));
      const share = new Share(length, parts, unit, 256, 16);
      expect(share.whole.size).toBe(length);
      const stride = whole(next, 1, 5);
      const hops = sizes.reduce((sum, size, t) => sum + size * (Math.floor(t / stride) + 1), 0);
      expect(share.on(stride).hops).toBe(hops);
      expect(share.on(stride).first).toBe(
        sizes.reduce((sum, size, t) => sum + (t % stride === 0 ? size : 0), 0),
      );
    }
  });

  it('of a span is the sum of those of its positions', () => {
    const next = random(2);
    for (let i = 0; i < 100; i++) {
      const from = whole(next, 1, 700);
      const to = from + whole(next, 0, 900);
      const [parts, unit, lanes] = [whole(next, 1, 9), whole(next, 1, 3) * 16, 16];
      const share = new Share({ from, to }, parts, unit, 256, lanes);
      let [size, folds, tiles, all, used, hops] = [0, 0, 0, 0, 0, 0];
      for (let s = from; s <= to; s++) {
        const one = new Share(s, parts, unit, 256, lanes);
        size += one.node.size;
        folds += one.node.folds;
        tiles += one.node.tiles;
        all += one.whole.tiles;
        used += one.mostUsed;
        hops += one.on(3).hops;
      }
      expect([share.node.size, share.node.folds, share.node.tiles]).toEqual([size, folds, tiles]);
      expect([share.whole.tiles, share.whole.size]).toEqual([all, ((from + to) * (to - from + 1)) / 2]);
      expect(share.used * share.positions).toBeCloseTo(used, 6);
      expect(share.on(3).hops).toBe(hops);
    }
  });
});

const DESIGNS = [
  'mugi-64@2x2',
  'mugi-256@4x4',
  'sa-16@3x2',
  'sa-16-os@4x4',
  'carat-32@1x5',
  'sd-16@2x4',
  'tensor@2x1',
];

describe.each(DESIGNS)('%s', (name) => {
  const design = designNamed(name);

  it('takes the best of all ways, tried one by one', () => {
    const next = random(3);
    for (let i = 0; i < 60; i++) {
      const op = product({
        batch: whole(next, 1, 9),
        m: whole(next, 1, 70),
        k: whole(next, 1, 1500),
        n: whole(next, 1, 1500),
      });
      const best = planOf(design, op, tileOf(design, op));
      const cost = (plan: MeshPlan): number => plan.cycles + plan.wait;
      for (const plan of plansOf(design, op, tileOf(design, op))) {
        expect(cost(plan)).toBeGreaterThanOrEqual(cost(best) * (1 - 1e-9));
        if (cost(plan) < cost(best) * (1 + 1e-12))
          expect(plan.links.bitHops).toBeGreaterThanOrEqual(best.links.bitHops * (1 - 1e-9));
      }
      // No slower than one node, and no faster than the peak of all.
      const { nodes } = design;
      const alone = mapGemm(design, op, tileOf(design, op)).counts.arrayCycles;
      expect(cost(best)).toBeLessThanOrEqual(alone);
      expect(cost(best) * nodes.rows * nodes.columns).toBeGreaterThan(
        (op.batch * op.m * (op.k as number) * (op.n as number) * design.array.stepCycles) /
          (design.array.columns * design.array.rows * design.array.depth),
      );
    }
  });

  it('does every multiply-accumulate once, and gives the busiest node the largest part of every split', () => {
    const next = random(4);
    for (let i = 0; i < 40; i++) {
      const op = product({
        batch: whole(next, 1, 5),
        m: whole(next, 1, 40),
        k: whole(next, 1, 900),
        n: whole(next, 1, 900),
      });
      const tile = tileOf(design, op);
      for (const plan of plansOf(design, op, tile)) {
        const sizes = (cut: CutAxis): number[] =>
          plan.shares[cut].cuts.flatMap(({ full, used, lastTo }) => [
            ...Array.from({ length: used - 1 }, () => full),
            lastTo,
          ]);
        let [macs, steps, slowest] = [0, 0, 0];
        for (const batch of sizes('batch'))
          for (const m of sizes('m'))
            for (const n of sizes('n'))
              for (const k of sizes('k')) {
                macs += batch * m * n * k;
                const { counts } = mapGemm(design, { ...op, batch, m, k, n }, tile);
                steps += counts.steps;
                slowest = Math.max(slowest, counts.arrayCycles);
              }
        expect(macs).toBe(op.batch * op.m * (op.k as number) * (op.n as number));
        const k = plan.shares.k.whole;
        const all = {
          partials: k.tiles,
          batch: op.batch,
          m: plan.shares.m.whole,
          n: plan.shares.n.whole,
          k,
        };
        expect(mapAxes(design, op, all).counts.steps).toBeCloseTo(steps, 6);
        expect(plan.cycles).toBeCloseTo(slowest, 6);
      }
    }
  });

  it('sums each split over decode positions as a loop does', () => {
    const spans: Partial<GemmOperator>[] = [
      { batch: 3, m: 8, k: { from: 200, to: 1100 }, n: 128, operand: 'values' },
      { batch: 3, m: 8, k: 128, n: { from: 200, to: 1100 }, operand: 'keys' },
    ];
    for (const sizes of spans) {
      const op = product(sizes);
      const span = [op.k, op.n].find(isSpan) as { from: number; to: number };
      const key = isSpan(op.k) ? 'k' : 'n';
      const tile = tileOf(design, op);
      const sums = new Map<string, number[]>();
      for (let s = span.from; s <= span.to; s++)
        for (const plan of plansOf(design, { ...op, [key]: s }, tile)) {
          const at = JSON.stringify(plan.split);
          const own = [plan.cycles, plan.wait, plan.links.bitHops, plan.links.partials];
          sums.set(
            at,
            own.map((value, i) => (sums.get(at)?.[i] ?? 0) + value),
          );
        }
      for (const plan of plansOf(design, op, tile)) {
        const own = [plan.cycles, plan.wait, plan.links.bitHops, plan.links.partials];
        const looped = sums.get(JSON.stringify(plan.split))!;
        own.forEach((value, i) =>
          expect(Math.abs(value - looped[i])).toBeLessThanOrEqual(1e-9 * looped[i] + 1e-6),
        );
      }
    }
  });
});

it('K is cut between chains of sums, and not where a chain does not end or causality leaves pieces out', () => {
  const design = designNamed('mugi-256@2x2');
  const cut = (of: Partial<GemmOperator>, on = design): boolean => {
    const op = product(of);
    return plansOf(on, op, tileOf(on, op)).some(({ shares }) => shares.k.mostUsed > 1);
  };
  expect(cut({ k: 2048 })).toBe(true);
  expect(cut({ k: 256 })).toBe(false);
  expect(cut({ k: 2048, causal: { axis: 'k', rowsPerPosition: 1 } })).toBe(false);
  const { chain: _, ...endless } = design.arithmetic.products;
  const without = { ...design, arithmetic: { ...design.arithmetic, products: endless } };
  // A chain of weights ends where their scale does; keys and values have none along K.
  expect(cut({ k: 2048 }, without)).toBe(true);
  expect(cut({ k: 2048, n: 128, operand: 'values' })).toBe(true);
  expect(cut({ k: 2048, n: 128, operand: 'values' }, without)).toBe(false);
  const op = product({ k: 1100 });
  for (const { shares } of plansOf(design, op, tileOf(design, op)))
    for (const { full, used } of shares.k.cuts) if (used > 1) expect(full % 256).toBe(0);
});

it('each side of the mesh cuts each axis once', () => {
  const op = product({ batch: 64, m: 64, k: 4096, n: 4096 });
  const splits = (name: string) =>
    plansOf(designNamed(name), op, tileOf(designNamed(name), op)).map(({ split }) => split);
  expect(splits('mugi-256@4x4').length).toBe(CUT_AXES.length ** 2);
  expect(splits('mugi-256@1x4').length).toBe(CUT_AXES.length);
});

it('remembers plans by what decides them: neither nodes, scales nor chains of another design with the same array', () => {
  const design = designNamed('mugi-256@2x2');
  const op = product({ m: 8, k: 4096, n: 128 });
  const tile = tileOf(design, op);
  const { chain: _, ...endless } = design.arithmetic.products;
  const others = [
    design,
    { ...design, nodes: { rows: 4, columns: 2 } },
    { ...design, scaleBits: 0 },
    {
      ...design,
      arithmetic: {
        ...design.arithmetic,
        products: endless,
        weights: { ...design.arithmetic.weights, group: Infinity },
      },
    },
    design,
  ];
  const told = ({ split, cycles, wait, links }: MeshPlan) => ({ split, cycles, wait, links });
  // An array of its own is planned for the first time.
  for (const other of others)
    expect(told(planOf(other, op, tile))).toEqual(
      told(planOf({ ...other, array: { ...other.array } }, op, tile)),
    );
  const plans = others.map((other) => JSON.stringify(told(planOf(other, op, tile))));
  expect(new Set(plans).size).toBe(4);
  const elsewhere: Design = { ...design, sram: { ...design.sram } };
  expect(planOf(elsewhere, { ...op, repeat: 7 } as GemmOperator, tile)).toBe(planOf(design, op, tile));
});
