import type { Design, WeightStationary } from '../../design/design.ts';
import type { Axis } from '../../design/mapping/axis.ts';
import type { GemmCount } from '../../design/mapping/counts.ts';
import { partialLength } from '../../design/mapping/chains.ts';
import { mapGemm, tileOf } from '../../design/mapping/gemm.ts';
import { slicesOf } from '../../design/mapping/slices.ts';
import { type Extent, type GemmOperator, isSpan } from '../../workload/operator.ts';
import { agrees, given, made, product, type Quantity, quotient, sum } from '../quantity.ts';

/** Sizes of one GEMM on one design, as the formulas of its counts name them. */
interface Sizes {
  op: GemmOperator;
  design: Design;
  batch: Quantity;
  folds: Readonly<Record<'m' | 'k' | 'n', Quantity>>;
  tiles: Readonly<Record<'m' | 'k' | 'n', Quantity>>;
  size: Readonly<Record<'m' | 'k' | 'n', Quantity>>;
  kSteps: Quantity;
  /** Partial results of an output: K tiles, unless chains of sums or groups of scales are shorter. */
  partials: Quantity;
  axes: Readonly<Record<'m' | 'k' | 'n', Axis>>;
}

const extentText = (extent: Extent): string =>
  isSpan(extent) ? `${extent.from}…${extent.to}, summed over the decode steps` : String(extent);

/**
 * A count of a GEMM's mapping with its formula: folds, tiles and sizes of this operator on this design. What a
 * causal product skips and the slices of wide weights come on top as factors.
 */
export function gemmCount(name: GemmCount, value: number, op: GemmOperator, design: Design): Quantity {
  const mapping = mapGemm(design, op, tileOf(design, op));
  const clean = mapping.counts[name];
  const exact = formulaOf(name, sizesOf(op, design), mapping.counts.mappings);
  const parts =
    exact === undefined || !agrees(exact.value, clean) ? given(name, clean, '', 'the mapping') : exact;
  if (agrees(clean, value)) return parts;
  const slices = slicesOf(op.weightBits, design.array.weightBits);
  const kept = value / clean / slices;
  return made(
    { name, value, unit: '', formula: 'the whole product × what is left of it' },
    'product',
    () => [
      parts,
      ...(slices === 1
        ? []
        : [
            given(
              'slices',
              slices,
              '',
              `${op.weightBits}-bit weights on a ${design.array.weightBits}-bit array`,
            ),
          ]),
      ...(agrees(kept, 1)
        ? []
        : [given('kept', kept, '', 'pieces of the array that causality and windows do not skip')]),
    ],
    'the mapping',
  );
}

/** How often the array is laid over each side of a GEMM, with the lanes and tiles that decide it. */
export const gemmFolds = (op: GemmOperator, design: Design): Sizes['folds'] => sizesOf(op, design).folds;

function sizesOf(op: GemmOperator, design: Design): Sizes {
  const { columns, rows, depth, stationary } = design.array;
  const tile = tileOf(design, op);
  const { m, k, n, partials } = mapGemm(design, op, tile);
  const axes = { m, k, n };
  const lanes = { m: columns, k: depth > 1 ? depth : stationary === 'weight' ? columns : rows, n: rows };
  const each = (make: (axis: 'm' | 'k' | 'n', letter: string) => Quantity) => ({
    m: make('m', 'M'),
    k: make('k', 'K'),
    n: make('n', 'N'),
  });
  const folds = each((axis, letter) =>
    given(
      `${letter} folds`,
      axes[axis].folds,
      '',
      `${letter} ${extentText(op[axis])} in pieces of ${lanes[axis]} lanes, inside tiles of ${tile[axis]}`,
    ),
  );
  const size = each((axis, letter) =>
    given(letter, axes[axis].size, '', `${letter} = ${extentText(op[axis])}`),
  );
  return {
    op,
    design,
    batch: given('batch', op.batch, '', 'products of this shape'),
    folds,
    size,
    tiles: each((axis, letter) =>
      given(
        `${letter} tiles`,
        axes[axis].tiles,
        '',
        `${letter} ${extentText(op[axis])} in off-chip tiles of ${tile[axis]}`,
      ),
    ),
    partials: given(
      partials === k.tiles ? 'K tiles' : 'partial results',
      partials,
      '',
      partials === k.tiles
        ? `K ${extentText(op.k)} in off-chip tiles of ${tile.k}`
        : `K ${extentText(op.k)} in tiles of ${tile.k} and pieces of ${partialLength(design, op)}`,
    ),
    kSteps: depth > 1 ? folds.k : size.k,
    axes,
  };
}

function formulaOf(name: GemmCount, of: Sizes, mappings: number): Quantity | undefined {
  const { batch, folds, tiles, size, kSteps, design, axes, partials } = of;
  switch (name) {
    case 'mappings':
      return given(name, mappings, '', 'one, or one a decode step');
    case 'steps':
      return stepsOf(of);
    case 'arrayCycles':
      return arrayCycles(of, mappings);
    case 'weightTiles': {
      const { counting, stationary } = design.array;
      const [m, n] = [
        counting === 'artifact' || stationary === 'output' ? folds.m : tiles.m,
        counting === 'artifact' ? tiles.n : folds.n,
      ];
      return product(name, '', `batch × ${m.name} × ${n.name} × ${kSteps.name}`, [batch, m, n, kSteps]);
    }
    case 'scalingSteps':
      switch (design.scaling.kind) {
        case 'rows':
          return product(name, '', `batch × ${partials.name} × M × N folds`, [
            batch,
            partials,
            size.m,
            folds.n,
          ]);
        case 'plane':
          return product(name, '', `batch × ${partials.name} × M folds × N folds`, [
            batch,
            partials,
            folds.m,
            folds.n,
          ]);
        case 'vector':
          return quotient(name, '', `batch × ${partials.name} × M × N in use / lanes`, [
            product('scaled results', '', `batch × ${partials.name} × M × N in use`, [
              batch,
              partials,
              size.m,
              given('N in use', axes.n.occupied(), '', 'lanes that the pieces of N occupy'),
            ]),
            given('lanes', design.scaling.lanes, '', 'the vector unit'),
          ]);
      }
    // The rest weigh energy, and take no time.
    default:
      return undefined;
  }
}

function stepsOf({ batch, folds, size, kSteps, design }: Sizes): Quantity {
  const { pipeline } = design.array;
  if (pipeline.kind === 'weight-stationary' && pipeline.reloads === true)
    return product('steps', '', 'batch × M × N folds × K folds', [batch, size.m, folds.n, folds.k]);
  return product('steps', '', `batch × M folds × N folds × ${kSteps.name}`, [
    batch,
    folds.m,
    folds.n,
    kSteps,
  ]);
}

/** Cycles of the array with its fill and drain, by the kind of its pipeline. */
function arrayCycles(of: Sizes, mappings: number): Quantity {
  const { batch, folds, partials, size, design, axes } = of;
  const { pipeline, rows, columns, stepCycles } = design.array;
  const name = 'arrayCycles';
  const steps = product('cycles of steps', 'cycle', 'steps × cycles of a step', [
    stepsOf(of),
    given(
      'cycles of a step',
      stepCycles,
      'cycle',
      stepCycles > 1 ? 'slots of the temporal code' : 'the design',
    ),
  ]);
  const each = `batch × M folds × N folds × ${partials.name} × cycles of a tile`;
  const drains = product('output tiles', 'cycle', each, [
    batch,
    folds.m,
    folds.n,
    partials,
    given(
      'cycles of a tile',
      'perTile' in pipeline ? (pipeline.perTile ?? 0) : 0,
      'cycle',
      'results leave before the next tile begins',
    ),
  ]);
  switch (pipeline.kind) {
    case 'ideal':
      return { ...steps, name };
    case 'tail':
      return sum(name, 'cycle', 'steps, then the tail of every mapping, and what output tiles wait for', [
        steps,
        behind(mappings, pipeline.cycles),
        drains,
      ]);
    case 'weight-stationary':
      return sum(name, 'cycle', 'folds, then what is behind the last of every mapping', [
        foldCycles(of, pipeline),
        behind(mappings, behindFolds(of, pipeline)),
      ]);
    case 'output-stationary': {
      const { period = 1, tail = 0 } = pipeline;
      const skew = rows + columns - 1 - period;
      const fill = given('R + C − 2', skew, 'cycle', `skew of ${rows} rows and ${columns} columns`);
      return sum(name, 'cycle', 'operands and their skew, then what output tiles wait for', [
        product('folds', 'cycle', 'batch × M folds × N folds × (K + R + C − 2), summed over decode steps', [
          batch,
          folds.m,
          folds.n,
          sum('K + R + C − 2', 'cycle', 'operands in, results read in place', [
            size.k,
            product('skew', 'cycle', 'decode steps of K × (R + C − 2)', [
              given('decode steps of K', axes.k.positions, '', 'one where K is fixed'),
              fill,
            ]),
          ]),
        ]),
        drains,
        behind(mappings, tail),
      ]);
    }
  }
}

const behind = (mappings: number, tail: number): Quantity =>
  product('tails', 'cycle', 'mappings × cycles of the tail', [
    given('mappings', mappings, '', 'one, or one a decode step'),
    given('tail', tail, 'cycle', 'latency and drain behind a mapping'),
  ]);

/** Folds of weights that stay: load, activations and skew of each, or the longer of load and activations. */
function foldCycles(
  { batch, folds, tiles, size, design, axes }: Sizes,
  pipeline: WeightStationary,
): Quantity {
  const { rows, columns } = design.array;
  const { registers = 1, skew = rows + columns - 2, reloads } = pipeline;
  if (registers === 2)
    return product('folds', 'cycle', 'batch × K folds × N folds × max(M, C) of all tiles of M', [
      batch,
      folds.k,
      folds.n,
      given(
        'max(M, C)',
        axes.m.atLeast(columns).tilesAtLeast,
        'cycle',
        `load of ${columns} cycles or activations`,
      ),
    ]);
  return product('folds', 'cycle', 'batch × K folds × N folds × (M + tiles of M × (load + skew))', [
    batch,
    folds.k,
    folds.n,
    sum('a fold', 'cycle', 'activations through, and for each tile of them weights in and results out', [
      size.m,
      product('loads and skews', 'cycle', 'tiles of M × (C + skew)', [
        reloads === true ? tiles.m : given('loads', 1, '', 'one for all of M'),
        given('C + skew', columns + skew, 'cycle', `load of ${columns} cycles, skew of ${skew}`),
      ]),
    ]),
  ]);
}

/** Behind the last fold, and before the first where loads hide behind folds. */
function behindFolds({ design, axes }: Sizes, { registers, skew, tail = 0 }: WeightStationary): number {
  const { rows, columns } = design.array;
  if (registers !== 2) return tail;
  return columns + Math.min(0, axes.m.atLeast(columns).last - columns) + (skew ?? rows + columns - 2) + tail;
}
