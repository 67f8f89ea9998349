import { PALETTE, type PlotSpec } from '../present/figure.ts';
import { MODEL_LABELS } from './quantities.ts';

/** Shapes of plot that several figures share. Rows carry `as_published` and `corrected`. */

interface Stacks {
  title: string;
  designs: readonly string[];
  parts: readonly string[];
  colours: readonly string[];
}

/** Stacked bars by design, a column of panels a model, as published above corrected. */
export function stacksByModel(
  rows: readonly { model: string }[],
  { title, designs, parts, colours }: Stacks,
): PlotSpec {
  return {
    title: {
      text: `${title}, as published (top) and corrected`,
      subtitle: 'normalised to mugi-256 on the same model',
    },
    data: { values: rows.map((row) => ({ ...row, label: MODEL_LABELS[row.model] })) },
    transform: [{ fold: ['as_published', 'corrected'], as: ['preset', 'value'] }],
    facet: {
      row: { field: 'preset', type: 'nominal', title: null },
      column: { field: 'label', type: 'nominal', sort: Object.values(MODEL_LABELS), title: null },
    },
    spec: {
      width: 170,
      height: 150,
      mark: 'bar',
      encoding: {
        x: { field: 'design', type: 'nominal', sort: [...designs], title: null, axis: { labelAngle: -40 } },
        y: { field: 'value', type: 'quantitative', title: null },
        color: {
          field: 'part',
          type: 'nominal',
          sort: [...parts],
          scale: { domain: [...parts], range: [...colours] },
          title: null,
        },
      },
    },
    resolve: { scale: { y: 'independent' } },
  } as PlotSpec;
}

/** Dots of both presets by design on a log axis, a panel a metric. */
export function presetDots(
  rows: readonly { metric: string }[],
  title: string | { text: string; subtitle: string },
  designs: readonly string[],
  height: number,
): PlotSpec {
  return {
    title,
    data: { values: [...rows] },
    transform: [{ fold: ['as_published', 'corrected'], as: ['preset', 'value'] }],
    facet: {
      column: {
        field: 'metric',
        type: 'nominal',
        sort: [...new Set(rows.map(({ metric }) => metric))],
        title: null,
      },
    },
    spec: {
      width: 225,
      height,
      mark: { type: 'point', filled: true, size: 45 },
      encoding: {
        x: {
          field: 'value',
          type: 'quantitative',
          scale: { type: 'log' },
          title: null,
          axis: { format: '~r', tickCount: 4 },
        },
        y: { field: 'design', type: 'nominal', sort: [...designs], title: null },
        color: { field: 'preset', type: 'nominal', scale: { range: [PALETTE[0], PALETTE[5]] }, title: null },
        shape: { field: 'preset', type: 'nominal', title: null },
      },
    },
    resolve: { scale: { x: 'independent' } },
  } as PlotSpec;
}
