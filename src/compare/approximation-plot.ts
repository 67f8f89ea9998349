import type { RangeError } from '../approximation/error.ts';
import type { SoftmaxError } from '../approximation/softmax-error.ts';
import type { PlotSpec } from '../present/figure.ts';

export interface ErrorRow extends RangeError {
  method: string;
}

export interface SoftmaxRow extends SoftmaxError {
  method: string;
  /** Standard deviation of the scores. */
  sigma: number;
}

/** Relative error at one input. */
export interface Curve {
  method: string;
  x: number;
  /** Answer, and exact value. */
  y: number;
  exact: number;
  rel_error: number;
}

/** Errors beyond this are drawn at the edge: a flushed tail is −100 %, and its opposite is as far away. */
const EDGE = 100;

/** Relative error over x, one panel a method, same axes. */
export function errorPlot(name: string, curves: readonly Curve[]): PlotSpec {
  const methods = [...new Set(curves.map(({ method }) => method))];
  const values = curves.map(({ method, x, rel_error }) => ({
    method,
    x,
    percent: Math.max(-EDGE, Math.min(EDGE, 100 * rel_error)),
  }));
  return {
    title: {
      text: `Relative error of ${name}`,
      subtitle: `y/f(x) − 1 at every BF16 input; larger errors are drawn at ±${EDGE} %`,
    },
    data: { values },
    facet: { row: { field: 'method', type: 'nominal', sort: methods, title: null } },
    spec: {
      width: 620,
      height: 110,
      mark: { type: 'point', filled: true, size: 3, opacity: 0.8 },
      encoding: {
        x: { field: 'x', type: 'quantitative', title: 'x', scale: { nice: false } },
        y: {
          field: 'percent',
          type: 'quantitative',
          title: 'error, %',
          scale: { type: 'symlog', constant: 1, domain: [-EDGE, EDGE] },
          axis: { values: [-100, -10, -1, 0, 1, 10, 100] },
        },
        color: { field: 'method', type: 'nominal', sort: methods, legend: null },
      },
    },
  } as PlotSpec;
}

/** Answers over x beside the exact function, the part of them that is small enough to be seen. */
export function answerPlot(name: string, curves: readonly Curve[], extent = 6): PlotSpec {
  const seen = curves.filter(({ x }) => Math.abs(x) <= extent);
  const methods = [...new Set(seen.map(({ method }) => method))];
  const exact = seen
    .filter(({ method }) => method === methods[0])
    .map(({ x, exact }) => ({ method: 'exact', x, y: exact }));
  const values = [...exact, ...seen.map(({ method, x, y }) => ({ method, x, y }))];
  return {
    data: { values },
    width: 620,
    height: 260,
    mark: { type: 'point', filled: true, size: 5, opacity: 0.8 },
    encoding: {
      x: { field: 'x', type: 'quantitative', title: 'x', scale: { nice: false } },
      y: { field: 'y', type: 'quantitative', title: name },
      color: { field: 'method', type: 'nominal', sort: ['exact', ...methods], title: null },
    },
  } as PlotSpec;
}

/** Mean KL of softmax rows by deviation of the scores. */
export function softmaxErrorPlot(rows: readonly SoftmaxRow[]): PlotSpec {
  const first = rows[0];
  return {
    title: {
      text: 'Divergence of approximate softmax from exact softmax',
      subtitle: `${first.rows} rows of ${first.keys} normal scores`,
    },
    data: { values: rows.map(({ method, sigma, kl }) => ({ method, sigma, kl: Math.max(kl, 1e-9) })) },
    width: 460,
    height: 240,
    mark: { type: 'line', point: true },
    encoding: {
      x: {
        field: 'sigma',
        type: 'ordinal',
        title: 'standard deviation of the scores',
        axis: { labelAngle: 0 },
      },
      y: { field: 'kl', type: 'quantitative', title: 'mean KL, nats', scale: { type: 'log' } },
      color: { field: 'method', type: 'nominal', sort: null, title: null },
    },
  } as PlotSpec;
}
