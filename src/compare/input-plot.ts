import { BETTER, type NamedPlot, PALETTE, type PlotSpec } from '../present/figure.ts';

/** What a function of a real model is given, all layers together. Shares of all inputs. */
export interface Inputs {
  /** `softmax`, or the model's activation. */
  function: string;
  count: number;
  /** By value: bins of `width` from `from` on. */
  values: { from: number; share: number }[];
  width: number;
  /** By IEEE exponent. */
  exponents: { exponent: number; share: number }[];
  zeroShare: number;
}

/** Half of the part of a curve that is drawn. */
const EXTENT = 6;
const GREY = PALETTE[6];

/** Inputs by value, on the axis of the function's curve. */
export function inputPlot(model: string, { function: name, values, width }: Inputs): NamedPlot {
  const negative = name === 'softmax';
  const seen = values.filter(({ from }) => from >= -EXTENT && from < EXTENT);
  return {
    name: `${name}-inputs`,
    title: `What ${model} puts in`,
    caption: `Inputs of ${negative ? 'softmax, its row maximum subtracted' : name}, all layers, in bins of ${width}.`,
    spec: {
      data: {
        values: seen.map(({ from, share }) => ({ from, to: from + width, percent: 100 * share })),
      },
      width: 620,
      height: 110,
      mark: { type: 'bar', color: PALETTE[0], binSpacing: 0 },
      encoding: {
        x: {
          field: 'from',
          type: 'quantitative',
          bin: { binned: true, step: width },
          title: 'x',
          scale: { domain: [-EXTENT, negative ? 0 : EXTENT], nice: false },
          axis: { tickCount: 8 },
        },
        x2: { field: 'to' },
        y: { field: 'percent', type: 'quantitative', title: '% of inputs' },
      },
    } as unknown as PlotSpec,
  };
}

/** Share of inputs whose exponent a window holds. */
const insideShare = ({ exponents }: Inputs, lo: number, hi: number): number =>
  exponents.reduce((sum, { exponent, share }) => (exponent >= lo && exponent <= hi ? sum + share : sum), 0);

/** Inputs by exponent: those that a window of the table holds in colour. */
export function exponentPlot(model: string, inputs: Inputs, lo: number, hi: number): NamedPlot {
  const { function: name, exponents } = inputs;
  const values = exponents.map(({ exponent, share }) => ({
    exponent,
    percent: 100 * share,
    where: exponent < lo || exponent > hi ? 'outside' : 'inside the window',
  }));
  return {
    name: `${name}-exponents`,
    title: 'Their exponents, and the window',
    caption: `${(100 * insideShare(inputs, lo, hi)).toFixed(1)} % of the inputs of ${model} lie inside the window ${lo} to ${hi}; below it VLP takes them for 0, and zeros (${(100 * inputs.zeroShare).toFixed(1)} %) have no exponent.`,
    spec: {
      data: { values },
      width: 620,
      height: 110,
      mark: { type: 'bar' },
      encoding: {
        x: { field: 'exponent', type: 'ordinal', title: 'exponent of x', axis: { labelAngle: 0 } },
        y: { field: 'percent', type: 'quantitative', title: '% of inputs' },
        color: {
          field: 'where',
          type: 'nominal',
          scale: { domain: ['inside the window', 'outside'], range: [BETTER, GREY] },
          title: null,
        },
      },
    } as unknown as PlotSpec,
  };
}
