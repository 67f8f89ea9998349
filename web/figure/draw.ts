import { parse, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile } from 'vega-lite';
import type { PlotSpec } from '../../src/present/figure.ts';
import { THEME } from '../../src/present/figure.ts';

export type Theme = 'light' | 'dark';

/** Inks of figures in the page; shapes, scales and palette are those of the specification. */
const INKS = {
  light: { text: '#1d2330', soft: '#5c6675', rule: '#e3e6eb' },
  dark: { text: '#e8eaee', soft: '#a4adbb', rule: '#333a45' },
} as const;

function themed(theme: Theme): object {
  const { text, soft, rule } = INKS[theme];
  const font = 'system-ui, sans-serif';
  return {
    ...THEME,
    background: 'transparent',
    font,
    text: { color: text, font },
    axis: {
      ...THEME.axis,
      gridColor: rule,
      domainColor: soft,
      tickColor: soft,
      labelColor: text,
      titleColor: soft,
    },
    legend: { ...THEME.legend, labelColor: text, titleColor: soft },
    header: { ...THEME.header, labelColor: text, titleColor: soft },
    title: { ...THEME.title, color: text, subtitleColor: soft },
  };
}

/** A specification with its widths fitted to the page: panels in as many columns as fit, single figures as wide. */
export function fitted(spec: PlotSpec, width: number): PlotSpec {
  const loose = spec as {
    facet?: unknown;
    columns?: number;
    spec?: { width?: number };
    width?: unknown;
    height?: unknown;
  };
  if (loose.facet !== undefined && loose.spec !== undefined) {
    const columns = Math.max(1, Math.min(loose.columns ?? 4, Math.floor(width / 270)));
    // Names of designs beside each panel take about a hundred pixels.
    const panel = Math.max(90, Math.min(230, Math.floor(width / columns) - 122));
    return { ...loose, columns, spec: { ...loose.spec, width: panel } } as PlotSpec;
  }
  if (typeof loose.width === 'number') {
    return {
      ...loose,
      width: Math.max(180, Math.min(width, 900)),
      autosize: { type: 'fit-x', contains: 'padding' },
    } as PlotSpec;
  }
  return spec;
}

/** A live figure in an element. Expressions are interpreted, since the page's policy forbids making code of text. */
export function draw(into: HTMLElement, spec: PlotSpec, theme: Theme, description: string): View {
  const { spec: compiled } = compile({
    ...spec,
    description,
    config: { ...themed(theme), ...spec.config },
  } as PlotSpec);
  return new View(parse(compiled, undefined, { ast: true }), {
    renderer: 'svg',
    container: into,
    expr: expressionInterpreter,
    hover: false,
  });
}
