import { FLOWS, PICKS, ROW_KINDS, type RowKind, SUMS } from '../machine/reuse/shape.ts';
import { PALETTE, type PlotSpec } from '../present/figure.ts';
import { fixed } from '../present/readable.ts';
import table from './ablation.json' with { type: 'json' };
import { ablationExplained, energiesOf, lossesOf } from './ablation-parts.ts';
import type { PaperItem } from './item.ts';
import { geometricMean } from './quantities.ts';
import { WHOLE_BATCHES, WHOLE_DESIGNS, WHOLE_MODEL, wholeInferences } from './whole-inferences.ts';

const TITLES = {
  multiplier: 'multiplier',
  time: 'picked in time (VLP)',
  space: 'picked in space',
  outer: 'outer products',
  inner: 'eight k into a register',
  dot: 'dot products of eight',
  bf16: 'BF16',
  integer: 'integers, shared exponent',
} as const;

const same = (a: RowKind, b: RowKind): boolean => a.pick === b.pick && a.flow === b.flow && a.sums === b.sums;

/** Loss of what some kinds compute, above the stored model, and half the width of its 95 % interval. */
interface Loss {
  model: string;
  sums: string;
  flows: string[];
  increase: number;
  half_width: number;
}

type AblationRow = RowKind & {
  zero_delay_pJ: number;
  timed_pJ: number;
  with_estimates_pJ: number;
  area_mm2: number;
  area_per_mac_um2: number;
  MHz: number;
  /** By model: above the stored one, and half the width of the 95 % interval. */
  [loss: `loss_${string}`]: number;
};

type Measured = (typeof table.rows)[number];

const measured = (kind: RowKind) => table.rows.find((one) => same(one as RowKind, kind));

/** What rows compute: losses of each arithmetic, by model. */
export const ablationLosses = (): readonly Loss[] => table.losses;

const costs = (row: Measured) => {
  const { area_mm2, macs, frequency_MHz } = row;
  const energy = energiesOf(row);
  return {
    zero_delay_pJ: energy.total,
    timed_pJ: energy.timed_total,
    with_estimates_pJ: energy.estimated_total,
    area_mm2,
    area_per_mac_um2: (area_mm2 * 1e6) / macs,
    MHz: frequency_MHz,
  };
};

/** Kinds of rows with what was measured of them. */
export const ablationRows = (): AblationRow[] =>
  ROW_KINDS.flatMap((kind) => {
    const row = measured(kind);
    if (row === undefined) return [];
    const { sums, flow, pick } = kind;
    return [{ sums, flow, pick, ...costs(row), ...lossesOf(kind) }];
  });

/** The kinds that were measured with more rows too, few rows first, with the multiply-accumulates of each. */
export const ablationWide = () =>
  table.wide.flatMap((wide) =>
    [measured(wide as RowKind)!, wide].map((row) => ({
      pick: wide.pick as RowKind['pick'],
      macs: row.macs,
      ...costs(row),
    })),
  );

/** Geometric means of the ratios of two choices, all else equal. */
function worth(
  rows: readonly AblationRow[],
  of: keyof RowKind,
  from: string,
  to: string,
): { pairs: number; zero: number; timed: number; area: number } {
  const others = (['pick', 'flow', 'sums'] as const).filter((key) => key !== of);
  const pairs = rows
    .filter((row) => row[of] === from)
    .flatMap((a) => {
      const b = rows.find((row) => row[of] === to && others.every((key) => row[key] === a[key]));
      return b === undefined ? [] : [[a, b] as const];
    });
  const mean = (key: 'zero_delay_pJ' | 'timed_pJ' | 'area_mm2') =>
    geometricMean(pairs.map(([a, b]) => b[key] / a[key]));
  return {
    pairs: pairs.length,
    zero: mean('zero_delay_pJ'),
    timed: mean('timed_pJ'),
    area: mean('area_mm2'),
  };
}

const STEPS = [
  ['pick', 'multiplier', 'time'],
  ['pick', 'multiplier', 'space'],
  ['pick', 'time', 'space'],
  ['flow', 'outer', 'inner'],
  ['flow', 'inner', 'dot'],
  ['sums', 'bf16', 'integer'],
] as const;

/** What it makes of energy and area to take one choice for another, all else equal: ratios. */
export function ablationSteps() {
  const rows = ablationRows();
  return STEPS.map(([of, from, to]) => ({
    from: TITLES[from],
    to: TITLES[to],
    ...worth(rows, of, from, to),
  })).filter(({ pairs }) => pairs > 0);
}

/** What picking is worth where more rows share the multiples. */
function wideNote(): string {
  const all = ablationWide();
  const { macs } = all[all.length - 1];
  const [from, to] = (['multiplier', 'space'] as const).map((pick) =>
    all.find((one) => one.pick === pick && one.macs === macs),
  );
  const [energy, timed, area] = (['zero_delay_pJ', 'timed_pJ', 'area_mm2'] as const).map((key) =>
    percent(to![key] / from![key]),
  );
  return `of ${macs} a cycle, ${TITLES.multiplier} → ${TITLES.space} with ${TITLES.integer}, and ${TITLES.dot}: ${energy} of energy at zero delay, ${timed} timed, ${area} of area`;
}

/** The row that takes least energy with glitches. */
export const ablationBest = (): AblationRow =>
  ablationRows().reduce((a, b) => (b.timed_pJ < a.timed_pJ ? b : a));

/** Tokens per joule of whole inferences over those of Mugi, a list a design. */
function wholeNote(): string {
  const all = wholeInferences();
  const [mugi, ...others] = WHOLE_DESIGNS.map((design) => all.filter((one) => one.design === design));
  const ratios = others.map(
    (own) =>
      `${own[0].design} ${own.map((one, i) => fixed(one.tokens_per_J / mugi[i].tokens_per_J, 2)).join(', ')}`,
  );
  const { sums, flow, pick } = ablationBest();
  return `a whole ${WHOLE_MODEL} on machines of 256 a cycle (mugi compare --technology gates) gives so many times the tokens per joule on chip of ${mugi[0].design} at batch ${WHOLE_BATCHES.join(', ')}: ${ratios.join('; ')}; pick-8x32 has the row of least timed energy, ${TITLES[sums]}, ${TITLES[flow]} ${TITLES[pick]}`;
}

const percent = (ratio: number): string => `${fixed((ratio - 1) * 100, 0)} %`;

export const ablation: PaperItem = {
  name: 'ablation',
  title: `Ablation on gates: what value reuse, the temporal code, data flow and sums are each worth; ${table.rows[0].macs} multiply-accumulates a cycle, batch 8`,
  explained: ablationExplained,
  async run() {
    const rows = ablationRows();
    return {
      rows: rows.map((row) => ({ ...row })),
      plots: [{ name: 'ablation', spec: plot(rows) }],
      notes: [
        ...ablationSteps().map(
          ({ from, to, pairs, zero, timed, area }) =>
            `${from} → ${to}: ${percent(zero)} of energy at zero delay, ${percent(timed)} timed, ${percent(area)} of area (mean of ${pairs} with all else equal)`,
        ),
        wideNote(),
        'filled marks of the figure are at zero delay, hollow ones with glitches',
        'each is a whole machine without memories, vector array included, equal to its behaviour in every cycle; all have one library, one policy and the same products, and pJ are a multiply-accumulate',
        'in time there are outer products alone: the columns of a row share its weight, so that they cannot hold several k',
        'BF16 in time is the array of Mugi’s node; integers in time change all columns over together and need no slots',
        'who writes activations finds the exponent that a token shares in a group of 256 k, once for all their products: it is charged to none',
        wholeNote(),
        `picking changes no bit, nor does the order of outer and inner sums: losses above the stored model, nats per target over ${table.loss_targets}, are of three arithmetics with INT4 weights, keys and values and exact functions, with half of their 95 % intervals`,
      ],
    };
  },
};

function plot(rows: readonly AblationRow[]): PlotSpec {
  const values = rows.flatMap((row) =>
    (
      [
        ['zero delay', row.zero_delay_pJ],
        ['timed', row.timed_pJ],
      ] as const
    ).map(([delay, pJ]) => ({
      pick: TITLES[row.pick],
      flow: TITLES[row.flow],
      sums: TITLES[row.sums],
      delay,
      pJ,
    })),
  );
  return {
    title: {
      text: 'One row, one choice at a time: pJ a multiply-accumulate',
      subtitle: 'whole machines on gates; filled at zero delay, hollow with glitches',
    },
    data: { values },
    facet: {
      row: { field: 'sums', type: 'nominal', sort: SUMS.map((name) => TITLES[name]), title: null },
    },
    spec: {
      width: 420,
      height: { step: 34 },
      layer: [
        {
          mark: { type: 'point', size: 70 },
          encoding: {
            y: { field: 'flow', type: 'nominal', sort: FLOWS.map((name) => TITLES[name]), title: null },
            yOffset: { field: 'pick', type: 'nominal', sort: PICKS.map((name) => TITLES[name]) },
            x: {
              field: 'pJ',
              type: 'quantitative',
              title: 'pJ a multiply-accumulate',
              scale: { zero: true },
            },
            color: {
              field: 'pick',
              type: 'nominal',
              sort: PICKS.map((name) => TITLES[name]),
              scale: {
                domain: PICKS.map((name) => TITLES[name]),
                range: PALETTE.slice(0, PICKS.length),
              },
              title: null,
            },
            shape: {
              field: 'pick',
              type: 'nominal',
              scale: {
                domain: PICKS.map((name) => TITLES[name]),
                range: ['square', 'triangle-up', 'circle'],
              },
              title: null,
            },
            fillOpacity: {
              field: 'delay',
              type: 'ordinal',
              scale: { domain: ['zero delay', 'timed'], range: [1, 0] },
              legend: null,
            },
            fill: {
              field: 'pick',
              type: 'nominal',
              scale: {
                domain: PICKS.map((name) => TITLES[name]),
                range: PALETTE.slice(0, PICKS.length),
              },
              title: null,
            },
          },
        },
      ],
    },
  } as PlotSpec;
}
