import { approximationNamed } from '../approximation/index.ts';
import { functionNamed } from '../vlp/function.ts';
import type { Row } from '../present/csv.ts';
import type { PlotSpec } from '../present/figure.ts';
import { type CurveName, DRAWN } from './fig8-drawn.ts';
import type { PaperItem } from './item.ts';
import { printedValues } from './model-item.ts';

/** What holds today for the same curve: mode hardware with the balanced window, baselines as evaluated. */
const CORRECTED: Readonly<Record<CurveName, { method: string; fn: string }>> = {
  exp_vlp: { method: 'vlp', fn: 'exp' },
  exp_pwl: { method: 'pwl', fn: 'exp' },
  exp_taylor: { method: 'taylor', fn: 'exp' },
  silu_vlp: { method: 'vlp', fn: 'silu' },
  gelu_vlp: { method: 'vlp', fn: 'gelu' },
  silu_pa: { method: 'pa', fn: 'silu' },
};

/** Errors read from Fig. 8 (with the public points of its curves): [curve, from, to, lowest, highest], per cent. */
const PRINTED: readonly (readonly [CurveName, number, number, number, number])[] = [
  ['exp_vlp', -0.5, 0, -1.7, 1.4],
  ['exp_vlp', -1, -0.5, -3.5, 3.5],
  ['exp_vlp', -2, -1, -6.3, 6.6],
  ['exp_vlp', -4, -2, -11.8, 13.6],
  ['exp_vlp', -8, -4, -22.3, 28.5],
  ['exp_vlp', -15, -8, -39, 66],
  ['exp_pwl', -3, 0, -0.8, 6.8],
  ['exp_taylor', -5.2, 0, -1.4, 1.4],
  ['silu_vlp', -0.5, 0.5, -5.9, 4.6],
  ['silu_vlp', 0.5, 2, -5.9, 6.9],
  ['silu_vlp', 2, 4, -12.8, 0],
  ['silu_vlp', -4, -2, 0, 18],
  ['silu_vlp', 4, 5, 0.6, 2],
  ['gelu_vlp', -0.5, 0.5, -6.1, 4.6],
  ['gelu_vlp', -2, -0.5, -11, 11],
  ['gelu_vlp', -4, -2, 0, 100],
  ['silu_pa', -3, -2.6, -100, -2.6],
  ['silu_pa', 0.5, 1.5, -9.4, -6.7],
];

/** Grid of x on which the curves are drawn and their ranges taken: fine enough for every rounding bin up to 16. */
const STEP = 1 / 64;
/** The script leaves a neighbourhood of 0 blank. */
const BLANK = 0.01;

export const fig8: PaperItem = {
  name: 'fig8',
  title: 'Relative error of VLP, PWL, Taylor and partial approximation',
  async run() {
    const curves = (Object.keys(DRAWN) as CurveName[]).flatMap(curve);
    const rows: Row[] = PRINTED.map(([name, from, to, low, high]) => {
      const part = curves.filter(({ curve, x }) => curve === name && inside(x, from, to));
      return {
        curve: name,
        from,
        to,
        paper_low_percent: low,
        paper_high_percent: high,
        as_drawn_low_percent: least(part.map(({ as_drawn }) => as_drawn)),
        as_drawn_high_percent: most(part.map(({ as_drawn }) => as_drawn)),
        corrected_low_percent: least(part.map(({ corrected }) => corrected)),
        corrected_high_percent: most(part.map(({ corrected }) => corrected)),
      };
    });
    return {
      rows,
      plots: [{ name: 'fig8', spec: panels(curves) }],
      notes: [...agreement(), ...NOTES],
    };
  },
};

const NOTES = [
  'As drawn, SiLU and GELU under VLP differ from the authors’ evaluation: from |x| = 2 on the mantissa is truncated, not rounded, and for x ≤ −4 the flushed result is drawn as +100 % where it is −100 %. exp has FP16 entries in the LUT.',
  'Corrected: mode hardware, window [−4, 3], BF16 entries, every mantissa rounded to nearest even; PWL, Taylor and PA as in the authors’ evaluation code. Errors are against the exact value.',
  'Relative error says little about a model: softmax weighs exp(−8) by itself. See mugi approximate softmax, and mugi accuracy for losses.',
];

/** Ranges are closed at the end nearer to 0, so that a window's edge belongs to one of them. */
const inside = (x: number, from: number, to: number): boolean =>
  to <= 0 ? x > from && x <= to : x >= from && x < to;

interface Sample {
  curve: CurveName;
  x: number;
  as_drawn: number;
  corrected: number;
}

function curve(name: CurveName): Sample[] {
  const { method, fn } = CORRECTED[name];
  const f = functionNamed(fn);
  const operator = approximationNamed(method, { start: -15, vlp: { group: 1 } }).elementwise(f);
  const [from, to] = fn === 'exp' ? [name === 'exp_vlp' ? -15 : -7, 0] : [-5, 5];
  const count = (to - from) / STEP;
  const xs = Float32Array.from({ length: count + 1 }, (_, i) => from + i * STEP);
  const ys = new Float32Array(xs.length);
  operator.apply(xs, ys, 1, xs.length);
  return Array.from(xs, (x, i) => ({
    curve: name,
    x,
    as_drawn: DRAWN[name](x),
    corrected: 100 * (ys[i] / f.exact(x) - 1),
  })).filter(({ x }) => Math.abs(x) > BLANK);
}

/** How far the redrawn curves are from the public points. */
function agreement(): string[] {
  const points = printedValues('fig8.csv');
  return (Object.keys(DRAWN) as CurveName[]).map((name) => {
    const gaps = points
      .filter((point) => point.curve === name)
      .map((point) => Math.abs(DRAWN[name](Number(point.x)) - Number(point.relative_error_percent)));
    return `${name}: largest gap to ${gaps.length} public points of the curve ${most(gaps).toFixed(3)} percentage points.`;
  });
}

const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity);
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), -Infinity);

function panels(curves: readonly Sample[]): PlotSpec {
  const titles: Record<CurveName, string> = {
    exp_vlp: 'exp, VLP',
    exp_pwl: 'exp, PWL 22 segments from −15',
    exp_taylor: 'exp, Taylor degree 9 around −4.5',
    silu_vlp: 'SiLU, VLP',
    gelu_vlp: 'GELU, VLP',
    silu_pa: 'SiLU, partial approximation',
  };
  const panel = (name: CurveName): object => ({
    title: { text: titles[name], fontSize: 12 },
    width: 330,
    height: 150,
    data: {
      values: curves
        .filter((sample) => sample.curve === name)
        .flatMap(({ x, as_drawn, corrected }) => [
          { x, source: 'as drawn', error: Math.max(-100, Math.min(100, as_drawn)) },
          { x, source: 'corrected', error: Math.max(-100, Math.min(100, corrected)) },
        ]),
    },
    mark: { type: 'point', filled: true, size: 5, opacity: 0.8 },
    encoding: {
      x: { field: 'x', type: 'quantitative', title: 'x', scale: { nice: false } },
      y: { field: 'error', type: 'quantitative', title: 'relative error, %' },
      color: { field: 'source', type: 'nominal', title: null, sort: ['as drawn', 'corrected'] },
    },
  });
  const names = Object.keys(titles) as CurveName[];
  return {
    title: {
      text: 'Relative error (Fig. 8)',
      subtitle: 'as drawn by the authors’ script, and as the hardware computes',
    },
    vconcat: [0, 2, 4].map((i) => ({ hconcat: names.slice(i, i + 2).map(panel) })),
  } as PlotSpec;
}
