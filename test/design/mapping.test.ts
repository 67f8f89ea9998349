import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Design, TileSize } from '../../src/design/design.ts';
import { designNamed } from '../../src/design/index.ts';
import { fittingTile, mapGemm } from '../../src/design/mapping/gemm.ts';
import type { GemmCounts } from '../../src/design/mapping/counts.ts';
import { designUnder, preset } from '../../src/published/preset.ts';
import { PUBLISHED_45 } from '../../src/technology/published-45.ts';
import type { GemmOperator } from '../../src/workload/operator.ts';

const gemm = (batch: number, m: number, k: number, n: number, weightBits = 4): GemmOperator => ({
  kind: 'gemm',
  name: 'gemm',
  group: 'ffn',
  phase: 'decode',
  repeat: 1,
  layers: 1,
  batch,
  m,
  k,
  n,
  operand: 'weights',
  activationBits: 16,
  weightBits,
  outputBits: 16,
});

/** An axis cut by a walk along it: sizes of what each step takes. */
function cut(length: number, limit: number): number[] {
  const sizes: number[] = [];
  for (let at = 0; at < length; at += limit) sizes.push(Math.min(limit, length - at));
  return sizes;
}

/** The mapping as nested loops over tiles and pieces: every count as an event that is counted when it occurs. */
function looped(design: Design, op: GemmOperator, tile: TileSize): GemmCounts {
  const { columns, rows, depth, stepCycles, stationary, pipeline, counting } = design.array;
  const artifact = counting === 'artifact';
  const passing = pipeline.kind === 'weight-stationary';
  const [K, N] = [op.k as number, op.n as number];
  const { input, weight, output } = design.sram;
  const words = (bits: number, elements: number, word: number): number => Math.ceil((bits * elements) / word);
  const c: GemmCounts = {
    mappings: 1,
    steps: 0,
    stepsColumns: 0,
    stepsRows: 0,
    stepsCells: 0,
    arrayCycles: 0,
    weightTiles: 0,
    weightTilesRows: 0,
    scaling: 0,
    scalingSteps: 0,
    inputWrites: 0,
    weightWrites: 0,
    outputDrains: 0,
    inputReads: 0,
    weightReads: 0,
    outputReads: 0,
    outputWrites: 0,
  };
  let outputTiles = 0;
  for (let b = 0; b < op.batch; b++) {
    for (const m of cut(op.m, tile.m))
      for (const n of cut(N, tile.n)) c.outputDrains += words(16, m * n, output.wordBits);
    for (const m of cut(op.m, tile.m)) {
      for (const k of cut(K, tile.k)) {
        for (const n of cut(N, tile.n)) {
          c.inputWrites += words(16, m * k, input.wordBits);
          c.weightWrites += words(op.weightBits, k * n, weight.wordBits);
          const kPieces = cut(k, depth > 1 ? depth : rows);
          const nPieces = cut(n, rows);
          const kSteps = depth > 1 ? kPieces.length : k;
          // A fold's weights enter for the tile; rows of activations pass them.
          if (!artifact && stationary === 'weight')
            for (const np of nPieces) {
              c.weightTiles += kSteps;
              c.weightTilesRows += (kSteps * np) / rows;
            }
          if (passing) c.steps += m * kPieces.length * nPieces.length;
          if (stationary === 'weight')
            for (const kp of kPieces)
              for (const np of nPieces) c.weightReads += words(op.weightBits, kp * np, weight.wordBits);
          for (const mp of cut(m, columns)) {
            if (artifact) {
              c.weightTiles += kSteps;
              c.weightTilesRows += kSteps * (n / nPieces.length / rows);
            }
            for (const np of nPieces) {
              if (!artifact && stationary === 'output') {
                c.weightTiles += kSteps;
                c.weightTilesRows += (kSteps * np) / rows;
              }
              outputTiles++;
              for (let step = 0; step < kSteps; step++) {
                if (!passing) c.steps++;
                c.stepsColumns += mp / columns;
                c.stepsRows += np / rows;
                c.stepsCells += (mp * np) / (columns * rows);
              }
              const out = words(16, mp * np, output.wordBits);
              kPieces.forEach((kp, i) => {
                c.inputReads += words(16, mp * kp, input.wordBits);
                if (stationary === 'output') c.weightReads += words(op.weightBits, kp * np, weight.wordBits);
                else {
                  c.outputWrites += out;
                  if (i > 0) c.outputReads += out;
                }
              });
              if (stationary === 'output') {
                c.outputReads += out;
                c.outputWrites += out;
              }
              const used = np / (artifact ? nPieces[0] : rows);
              const { scaling } = design;
              if (scaling.kind === 'plane') {
                c.scaling += artifact ? used : (used * mp) / columns;
                c.scalingSteps++;
              } else if (scaling.kind === 'rows') {
                c.scaling += mp * used;
                c.scalingSteps += mp;
              } else {
                c.scaling += (mp * np) / scaling.lanes;
                c.scalingSteps += (mp * nPieces[0]) / scaling.lanes;
              }
            }
          }
        }
      }
    }
  }
  const tail = pipeline.kind === 'tail' ? pipeline.cycles : 0;
  const perTile = 'perTile' in pipeline ? (pipeline.perTile ?? 0) : 0;
  c.arrayCycles = (systolicCycles(design, op, tile) ?? c.steps * stepCycles + tail) + outputTiles * perTile;
  return c;
}

/** Folds, one by one: a load and the activations of a tile, or the longer of them; or the inner indices of outputs. */
function systolicCycles({ array }: Design, op: GemmOperator, tile: TileSize): number | undefined {
  const { rows, columns, pipeline } = array;
  if (pipeline.kind === 'weight-stationary' && pipeline.registers === 2) {
    let cycles = columns + (pipeline.skew ?? rows + columns - 2) + pipeline.tail!;
    const folds: number[] = [];
    for (let b = 0; b < op.batch; b++)
      for (const m of cut(op.m, tile.m))
        for (const n of cut(op.n as number, tile.n))
          for (const k of cut(op.k as number, tile.k))
            for (let i = 0; i < cut(n, rows).length * cut(k, columns).length; i++) folds.push(m);
    for (const m of folds.slice(0, -1)) cycles += Math.max(m, columns);
    return cycles + folds.at(-1)!;
  }
  const pieces = (length: number, limit: number, lanes: number): number =>
    cut(length, limit).flatMap((size) => cut(size, lanes)).length;
  const [m, k, n] = [
    pieces(op.m, tile.m, columns),
    pieces(op.k as number, tile.k, rows),
    pieces(op.n as number, tile.n, rows),
  ];
  const weights = pipeline.kind === 'weight-stationary';
  if (!weights && pipeline.kind !== 'output-stationary') return undefined;
  let cycles = pipeline.tail ?? 0;
  for (let b = 0; b < op.batch; b++)
    for (let i = 0; i < (weights ? k : m); i++)
      for (let j = 0; j < n; j++)
        cycles += weights
          ? cut(op.m, tile.m).reduce((sum, size) => sum + 2 * rows + size + columns - 2, 0)
          : (op.k as number) + rows + columns - 2;
  return cycles;
}

const NAMES = [
  'mugi-32',
  'mugi-256',
  'mugi-l-64',
  'carat-64',
  'sa-4',
  'sa-f-16',
  'sa-8-pwl',
  'sa-16-os',
  'sd-8',
  'sd-f-4',
  'tensor',
];
const size = (max: number) => fc.integer({ min: 1, max });

describe.each(NAMES)('%s', (name) => {
  it('counts of random GEMMs equal nested loops over tiles and pieces', () => {
    for (const chosen of ['as-published', 'corrected'] as const) {
      // Scales come on top of the elements: test/published/scales.test.ts.
      const design = { ...designUnder(designNamed(name), preset(chosen), PUBLISHED_45), scaleBits: 0 };
      fc.assert(
        fc.property(
          fc.record({ b: size(3), m: size(70), k: size(90), n: size(90) }),
          fc.record({ m: size(48), k: size(64), n: size(64) }),
          fc.constantFrom(2, 4, 8, 16),
          ({ b, m, k, n }, tile, weightBits) => {
            const op = gemm(b, m, k, n, weightBits);
            const expected = looped(design, op, tile);
            const { counts } = mapGemm(design, op, tile);
            for (const key of Object.keys(expected) as (keyof GemmCounts)[])
              expect(Math.abs(counts[key] - expected[key]), key).toBeLessThanOrEqual(1e-9 * expected[key]);
          },
        ),
        { numRuns: 40 },
      );
    }
  });
});

describe('systolic fill and drain', () => {
  const shapes = fc.record({ b: size(4), m: size(600), k: size(1500), n: size(1500) });
  const folds = (length: number, lanes: number): number => Math.ceil(length / lanes);

  it.each([4, 8, 16, 32, 64])('weight stationary, %i: folds × (2R + M + C − 2) of each tile of M', (R) => {
    const design = designNamed(`sa-${R}`);
    fc.assert(
      fc.property(shapes, ({ b, m, k, n }) => {
        const op = gemm(b, m, k, n);
        const { arrayCycles } = mapGemm(design, op, fittingTile(design, op)).counts;
        const tiles = folds(m, fittingTile(design, op).m);
        expect(arrayCycles).toBe(b * folds(k, R) * folds(n, R) * (tiles * (3 * R - 2) + m) + 1);
      }),
    );
  });

  it.each([4, 8, 16, 32, 64])(
    'output stationary, %i: folds × (K + R + C − 2), and C a tile to drain',
    (R) => {
      const design = designNamed(`sa-${R}-os`);
      fc.assert(
        fc.property(shapes, ({ b, m, k, n }) => {
          const op = gemm(b, m, k, n);
          const { arrayCycles } = mapGemm(design, op, fittingTile(design, op)).counts;
          const tiles = folds(k, fittingTile(design, op).k);
          expect(arrayCycles).toBe(b * folds(m, R) * folds(n, R) * (k + R + R - 2 + tiles * R));
        }),
      );
    },
  );

  it('as published there is neither', () => {
    const design = designUnder(designNamed('sa-16'), preset('as-published'), PUBLISHED_45);
    expect(mapGemm(design, gemm(1, 16, 64, 16), { m: 256, k: 256, n: 256 }).counts.arrayCycles).toBe(64);
  });
});

describe('arrays whose sizes do not divide 256', () => {
  it('tiles are whole pieces where no chain of sums ends with them, so that no lane idles in the middle', () => {
    const design = designNamed('sa-16');
    const odd = { ...design, array: { ...design.array, rows: 12, columns: 12 } };
    expect(fittingTile(odd, gemm(1, 8, 4096, 4096))).toEqual({ m: 252, k: 256, n: 252 });
    const op = gemm(1, 12, 1200, 1200);
    expect(mapGemm(odd, op, fittingTile(odd, op)).n.folds).toBe(100);
  });

  it('a taller array than 256 is filled', () => {
    const design = designNamed('mugi-256');
    const tall = { ...design, array: { ...design.array, rows: 1024 } };
    const op = gemm(1, 8, 4096, 4096);
    expect(mapGemm(tall, op, fittingTile(tall, op)).counts.steps).toBe(4 * 4096);
  });

  it('an array whose depth differs from its rows steps through K by its depth', () => {
    const design = designNamed('tensor');
    const shallow = { ...design, array: { ...design.array, depth: 4 } };
    const op = gemm(1, 8, 64, 16);
    const { counts, issuedMacs } = mapGemm(shallow, op, { m: 256, k: 256, n: 256 });
    expect(counts.steps).toBe(16);
    expect(issuedMacs).toBe(8 * 64 * 16);
  });
});
