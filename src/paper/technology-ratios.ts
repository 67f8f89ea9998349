import { componentUse } from '../evaluate/components.ts';
import { PALETTE, type PlotSpec } from '../present/figure.ts';
import { OPEN_45, OPEN_45_TABLE } from '../technology/open-45.ts';
import { PUBLISHED_45 } from '../technology/published-45.ts';
import { type Attributes, logicCost, type Technology } from '../technology/technology.ts';
import type { PaperResult } from './item.ts';
import { point } from './quantities.ts';

/** Beyond this factor either way, the two tables do not price the same thing. */
const FAR = 2;
const METRICS = ['area', 'energy', 'leakage'] as const;
const sizeOf = (at: Attributes): string => Object.values(at).join(' × ');

/**
 * The costs of `technology` over the published ones: by logic class (at every size that it has measured), and by
 * group for whole nodes. Energy of a node is that of one inference (7B, batch 8, 4096 tokens), dynamic.
 */
export function technologyRatios(technology: Technology, designs: readonly string[]): PaperResult {
  const classes = Object.entries(technology.logic).flatMap(([name, row]) => {
    if (PUBLISHED_45.logic[name] === undefined) return [];
    return [row.reference, ...(row.sizes ?? []).map(({ at }) => at)].map((at) => ({
      level: 'class',
      name: [name, sizeOf(at)].filter((word) => word !== '').join(' '),
      ...ratios(logicCost(technology, name, at), logicCost(PUBLISHED_45, name, at)),
    }));
  });
  const nodes = designs.flatMap((design) => {
    const [own, published] = [technology, PUBLISHED_45].map((costs) => groupsOf(design, costs));
    return [...published!].map(([group, base]) => ({
      level: 'node',
      name: `${design} ${group}`,
      ...ratios(own!.get(group)!, base),
    }));
  });
  const far = classes.filter((row) => METRICS.some((metric) => isFar(row[metric])));
  return {
    rows: [...classes, ...nodes],
    plots: [{ name: 'fig13-technology', spec: plot(classes, technology) }],
    notes: [
      `each number is ${technology.name} over ${PUBLISHED_45.name}; neither is tuned to the other`,
      `beyond a factor of ${FAR}: ${far.map(({ name }) => name).join(', ')} (docs/technologies.md says why)`,
      'memories are the same in both (CACTI 7) and not listed',
      ...(technology === OPEN_45 ? [`${OPEN_45_TABLE.yosys}, library ${OPEN_45_TABLE.library}`] : []),
    ],
  };
}

const isFar = (ratio: number | undefined): boolean => ratio !== undefined && (ratio > FAR || ratio < 1 / FAR);

type Costs = Record<(typeof METRICS)[number], number>;

/** Absent where the published table has zero. */
function ratios(own: Costs, base: Costs): Partial<Costs> {
  return Object.fromEntries(
    METRICS.flatMap((metric) => (base[metric] > 0 ? [[metric, own[metric] / base[metric]]] : [])),
  );
}

/** Costs of a design's logic by group of Fig. 13, and of all of it. */
function groupsOf(design: string, technology: Technology): Map<string, Costs> {
  const evaluation = point(design, 'llama-2-7b', 'as-published', { technology });
  const groups = new Map<string, Costs>();
  for (const use of componentUse(evaluation, evaluation.operators)) {
    if (use.group === 'sram') continue;
    for (const group of [use.group, 'all']) {
      const sum = groups.get(group) ?? { area: 0, energy: 0, leakage: 0 };
      sum.area += use.area_mm2;
      sum.energy += use.energy_J;
      sum.leakage += use.leakage_mW;
      groups.set(group, sum);
    }
  }
  return groups;
}

function plot(rows: readonly ({ name: string } & Partial<Costs>)[], technology: Technology): PlotSpec {
  const values = rows.flatMap((row) =>
    METRICS.flatMap((metric) => {
      const ratio = row[metric];
      return ratio === undefined || ratio > 100 ? [] : [{ name: row.name, metric, ratio }];
    }),
  );
  return {
    title: {
      text: `What each part costs: ${technology.name} over ${PUBLISHED_45.name}`,
      subtitle:
        'at every size that was synthesised; the grey band is a factor of two; off the scale: the router’s energy',
    },
    data: { values },
    width: 420,
    height: { step: 11 },
    encoding: {
      y: {
        field: 'name',
        type: 'nominal',
        sort: rows.map(({ name }) => name),
        title: null,
        axis: { labelLimit: 260 },
      },
    },
    layer: [
      {
        data: { values: [{ low: 1 / FAR, high: FAR }] },
        mark: { type: 'rect', color: '#e8e8e8' },
        encoding: {
          x: { field: 'low', type: 'quantitative' },
          x2: { field: 'high' },
          y: { value: 0 },
          y2: { value: 'height' },
        },
      },
      {
        mark: { type: 'point', filled: true, size: 32 },
        encoding: {
          x: {
            field: 'ratio',
            type: 'quantitative',
            title: 'ratio',
            scale: { type: 'log', domain: [0.1, 10] },
          },
          color: {
            field: 'metric',
            type: 'nominal',
            sort: [...METRICS],
            scale: { domain: [...METRICS], range: PALETTE.slice(0, METRICS.length) },
            title: null,
          },
        },
      },
    ],
  } as PlotSpec;
}
