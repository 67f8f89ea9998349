import type { TopLevelSpec } from 'vega-lite';

/** A figure as data: a Vega-Lite specification, drawn to SVG, PNG or in a browser from the same JSON. */
export type PlotSpec = TopLevelSpec;

export interface NamedPlot {
  name: string;
  title: string;
  /** One sentence: how to read it. */
  caption: string;
  spec: PlotSpec;
}

/** Colours of the house: distinguishable in grey print and for colour-blind readers (after Okabe and Ito). */
export const PALETTE = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#d55e00',
  '#7f7f7f',
  '#b8a100',
] as const;

/** What is better than a baseline, and what is worse. */
export const BETTER = PALETTE[0];
export const WORSE = PALETTE[5];

/** The font of figures in files. */
export const FONT = 'DejaVu Sans';

/** How figures look on paper and in files: light, in the package's font. */
export const THEME = {
  background: 'white',
  font: FONT,
  axis: {
    gridColor: '#e6e6e6',
    domainColor: '#888',
    tickColor: '#888',
    labelFontSize: 11,
    titleFontSize: 12,
  },
  legend: { labelFontSize: 11, titleFontSize: 12 },
  header: { labelFontSize: 12, titleFontSize: 12 },
  title: { fontSize: 14, subtitleFontSize: 11, anchor: 'start', subtitleColor: '#555' },
  range: { category: [...PALETTE] },
  view: { stroke: null },
};
