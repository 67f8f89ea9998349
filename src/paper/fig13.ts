import { unknownName } from '../errors.ts';
import { type ComponentUse, componentUse } from '../evaluate/components.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';
import { costSource } from '../evaluate/price.ts';
import { given, type Quantity, quotient, sum } from '../evaluate/quantity.ts';
import { quantityOf } from '../evaluate/why.ts';
import { PALETTE, type PlotSpec } from '../present/figure.ts';
import { type PresetName, repairs } from '../published/preset.ts';
import { PUBLISHED_45 } from '../technology/published-45.ts';
import { byPreset, type Cells } from './explained.ts';
import type { PaperItem } from './item.ts';
import { both, point } from './quantities.ts';
import { technologyRatios } from './technology-ratios.ts';

const FIG13_DESIGNS = [
  'mugi-128',
  'mugi-256',
  'mugi-l-128',
  'mugi-l-256',
  'carat-128',
  'carat-256',
  'sa-f-8',
  'sa-f-16',
  'sd-f-8',
  'sd-f-16',
] as const;
const NODE_GROUPS = ['accumulator', 'fifo', 'pe', 'nonlinear', 'vector', 'tc', 'value_reuse'] as const;
const NOC_GROUPS = ['array', 'sram', 'router'] as const;
const MODEL = 'llama-2-7b';

/** Totals printed in the bars of Fig. 13: node mm² and mW, 4 × 4 NoC mm² and W. */
const PRINTED: Readonly<Record<string, readonly [number, number, number, number]>> = {
  'mugi-128': [0.5, 117.4, 35.1, 2.6],
  'mugi-256': [0.9, 195.8, 50.1, 4.1],
  'mugi-l-128': [0.8, 122.1, 39.5, 2.6],
  'mugi-l-256': [1.5, 205.3, 58.9, 4.3],
  'carat-128': [0.9, 168.3, 39.2, 3.2],
  'carat-256': [2.0, 325.0, 61.9, 6.0],
  'sa-f-8': [0.3, 108.0, 28.5, 2.0],
  'sa-f-16': [1.0, 221.6, 45.5, 3.4],
  'sd-f-8': [0.2, 98.9, 28.4, 1.9],
  'sd-f-16': [1.0, 209.7, 44.9, 3.3],
};

interface Split {
  area_mm2: Record<string, number>;
  power_mW: Record<string, number>;
}

/** Area and power by group; power is leakage and dynamic energy over the time of the whole inference. */
function split(
  evaluation: Evaluation,
  groups: readonly string[],
  groupOf: (use: ComponentUse) => string[],
): Split {
  const zero = (): Record<string, number> => Object.fromEntries(groups.map((group) => [group, 0]));
  const result = { area_mm2: zero(), power_mW: zero() };
  for (const use of componentUse(evaluation, evaluation.operators)) {
    for (const group of groupOf(use)) {
      if (!(group in result.area_mm2)) continue;
      result.area_mm2[group] += use.area_mm2;
      result.power_mW[group] += use.leakage_mW + (use.energy_J / evaluation.total.time) * 1e3;
    }
  }
  return result;
}

/** Which groups a component counts to. */
type GroupsOf = (use: ComponentUse) => string[];

/** Node level; quirk "double-count": a module called accumulator also counts as the group of that name. */
const nodeGroups = (evaluation: Evaluation): GroupsOf => {
  const twice = !repairs(evaluation.preset, 'double-count');
  return ({ name, group }) => (twice && name === 'accumulator' ? [group, name] : [group]);
};

const meshGroups: GroupsOf = ({ group }) => [group === 'sram' || group === 'router' ? group : 'array'];

function nodeSplit(design: string, preset: PresetName): Split {
  const evaluation = point(design, MODEL, preset);
  return split(evaluation, NODE_GROUPS, nodeGroups(evaluation));
}

const meshSplit = (design: string, preset: PresetName): Split =>
  split(point(`${design}@4x4`, MODEL, preset), NOC_GROUPS, meshGroups);

const printedIn = ({ level, design, metric, group }: Cells): number | undefined =>
  group === 'total'
    ? PRINTED[design]?.[(level === 'noc' ? 2 : 0) + (metric === 'area_mm2' ? 0 : 1)]
    : undefined;

/** A number of a row: the components of its group, or the groups of its total. */
function splitParts({ level, design, metric, group }: Cells, preset: PresetName): Quantity {
  const mesh = level === 'noc';
  const groups = mesh ? NOC_GROUPS : NODE_GROUPS;
  const known: readonly string[] = [...groups, 'total'];
  if (!known.includes(group)) throw unknownName('group', group, known, 'group');
  const evaluation = point(mesh ? `${design}@4x4` : design, MODEL, preset);
  const groupsOf = mesh ? meshGroups : nodeGroups(evaluation);
  const uses = componentUse(evaluation, evaluation.operators);
  const area = metric === 'area_mm2';
  const one = (use: ComponentUse): Quantity => {
    const source = costSource(evaluation.priced, use.name, use.class);
    if (area) return given(use.name, use.area_mm2, 'mm²', `${use.count} on the chip; ${source}`);
    return sum(use.name, 'mW', 'leakage, and dynamic energy over the time of the inference', [
      given('leakage', use.leakage_mW, 'mW', source),
      quotient('dynamic', 'mW', 'energy / time', [
        given('energy', use.energy_J * 1e3, 'mJ', source),
        quantityOf(evaluation, 'time_s'),
      ]),
    ]);
  };
  const unit = area ? 'mm²' : 'mW';
  const of = (name: string): Quantity => {
    const own = uses.filter((use) => groupsOf(use).includes(name)).map(one);
    return sum(name, unit, 'Σ over the components of the group', own);
  };
  const whole = group === 'total' ? sum('total', unit, 'Σ over groups', groups.map(of)) : of(group);
  return metric === 'power_W'
    ? quotient(group, 'W', 'milliwatts / 1000', [
        whole,
        given('milliwatts in a watt', 1000, 'mW/W', 'definition'),
      ])
    : whole;
}

/** Fig. 13: area and power of the array by group, and of a 4 × 4 NoC. 7B, batch 8, 4096 tokens. */
export const fig13: PaperItem = {
  name: 'fig13',
  title: 'Fig. 13: area and power breakdown, node and 4 × 4 NoC',
  explained: byPreset({
    by: {
      level: ['node', 'noc'],
      design: FIG13_DESIGNS,
      metric: ['area_mm2', 'power_mW', 'power_W'],
      group: [...NODE_GROUPS, ...NOC_GROUPS, 'total'],
    },
    of: splitParts,
    printed: { of: printedIn, where: 'Fig. 13' },
  }),
  async run({ technology = PUBLISHED_45 }) {
    if (technology !== PUBLISHED_45) return technologyRatios(technology, FIG13_DESIGNS);
    const levels = [
      ['node', nodeSplit, NODE_GROUPS, 0],
      ['noc', meshSplit, NOC_GROUPS, 2],
    ] as const;
    const rows = levels.flatMap(([level, make, groups, column]) =>
      FIG13_DESIGNS.flatMap((design) => {
        const values = both((preset) => make(design, preset));
        return (['area_mm2', 'power_mW'] as const).flatMap((metric, i) => {
          const scale = level === 'noc' && metric === 'power_mW' ? 1e-3 : 1;
          const sum = (parts: Record<string, number>): number =>
            groups.reduce((all, group) => all + parts[group], 0) * scale;
          const name = scale === 1 ? metric : 'power_W';
          const { as_published, corrected } = values;
          return [
            ...groups.map((group) => ({
              level,
              design,
              metric: name,
              group: group as string,
              as_published: as_published[metric][group] * scale,
              corrected: corrected[metric][group] * scale,
            })),
            {
              level,
              design,
              metric: name,
              group: 'total',
              paper: PRINTED[design][column + i],
              as_published: sum(as_published[metric]),
              corrected: sum(corrected[metric]),
            },
          ];
        });
      }),
    );
    return {
      rows,
      plots: [{ name: 'fig13', spec: plot(rows.filter(({ group }) => group !== 'total')) }],
      notes: [
        'as published the group “accumulator” of Carat, SA and SD holds the module of that name a second time (SA-F 16: 1.03 mm² shown, 0.83 mm² real)',
        'node totals leave out SRAM and the two multiplexers of mode control',
      ],
    };
  },
};

function plot(rows: readonly { level: string; metric: string }[]): PlotSpec {
  const values = rows.map((row) => ({
    ...row,
    panel: `${row.level === 'node' ? 'node' : '4 × 4 NoC'}: ${row.metric === 'area_mm2' ? 'area (mm²)' : row.metric === 'power_mW' ? 'power (mW)' : 'power (W)'}`,
  }));
  const groups = [...NODE_GROUPS, ...NOC_GROUPS];
  return {
    title: { text: 'Fig. 13: area and power, as published', subtitle: 'Llama 2 7B, batch 8, 4096 tokens' },
    data: { values },
    facet: {
      field: 'panel',
      type: 'nominal',
      sort: [...new Set(values.map(({ panel }) => panel))],
      title: null,
    },
    columns: 2,
    spec: {
      width: 340,
      height: 200,
      mark: 'bar',
      encoding: {
        x: {
          field: 'design',
          type: 'nominal',
          sort: [...FIG13_DESIGNS],
          title: null,
          axis: { labelAngle: -40 },
        },
        y: { field: 'as_published', type: 'quantitative', title: null },
        color: {
          field: 'group',
          type: 'nominal',
          sort: groups,
          scale: { domain: groups, range: [...PALETTE, '#999999', '#333333'] },
          title: null,
        },
      },
    },
    resolve: { scale: { y: 'independent' } },
  } as PlotSpec;
}
