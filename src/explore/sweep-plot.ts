import { METRICS } from '../evaluate/metrics.ts';
import type { Dimension } from './grid.ts';
import type { Swept } from './sweep.ts';

/** A Vega-Lite specification, as data. */
export type Spec = Record<string, unknown>;

/** Values further apart than this are drawn on a logarithmic axis. */
const WIDE = 8;

/** `tokens/s`, as an axis says it. */
export function axisTitle(name: string): string {
  const metric = METRICS.find((one) => one.name === name);
  return metric === undefined ? name : `${metric.label} (${metric.unit})`;
}

const scaleOf = (values: readonly number[]): object => {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least > 0 && most / least >= WIDE ? { type: 'log', base: 10 } : { type: 'linear', zero: false };
};

/**
 * Lines of a metric over the longest swept key; designs differ in colour, a second key in panels, a third in dashes. Where
 * several models are swept, they are among the keys.
 */
export function sweepPlot(
  rows: readonly Swept[],
  dimensions: readonly Dimension<number | string>[],
  metric: string,
): Spec {
  const swept = dimensions.filter(({ values }) => values.length > 1);
  const numeric = swept.filter(({ values }) => values.every((value) => typeof value === 'number'));
  const x = numeric.toSorted((a, b) => b.values.length - a.values.length)[0];
  const [panel, dash] = swept
    .filter((one) => one !== x)
    .toSorted((a, b) => b.values.length - a.values.length);
  const drawn = rows.filter((row) => typeof row[metric as 'tokens'] === 'number');
  const of = (name: string): number[] => drawn.map((row) => row[name as 'tokens']);
  const designs = new Set(rows.map(({ asked }) => asked));
  const y = {
    field: metric,
    type: 'quantitative',
    title: axisTitle(metric),
    scale: scaleOf(of(metric)),
    axis: { format: '~g', tickCount: 6 },
  };
  const across =
    x === undefined
      ? { field: 'asked', type: 'nominal', sort: [...designs], title: null }
      : {
          field: x.name,
          type: 'quantitative',
          title: x.name,
          scale: scaleOf(of(x.name)),
          axis: { format: '~s', tickCount: 6 },
        };
  const names = new Set([metric, 'asked', ...swept.map(({ name }) => name)]);
  const values = drawn.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([name]) => names.has(name))),
  );
  const unit = {
    width: panel === undefined ? 560 : 240,
    height: panel === undefined ? 320 : 200,
    mark: x === undefined ? { type: 'point', filled: true, size: 70 } : { type: 'line', point: true },
    encoding: {
      x: across,
      y,
      color: { field: 'asked', type: 'nominal', sort: [...designs], title: null },
      ...(dash === undefined ? {} : { strokeDash: { field: dash.name, type: 'ordinal', title: dash.name } }),
    },
  };
  if (panel === undefined) return { data: { values }, ...unit };
  return {
    data: { values },
    facet: { field: panel.name, type: 'ordinal', title: panel.name, sort: [...panel.values] },
    columns: 3,
    spec: unit,
  };
}
