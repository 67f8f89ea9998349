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

function themed(theme: Theme): Record<string, object | string> {
  const { text, soft, rule } = INKS[theme];
  const font = 'system-ui, sans-serif';
  return {
    ...THEME,
    background: 'transparent',
    font,
    text: { color: text, font },
    axis: {
      ...THEME.axis,
      labelSeparation: 5,
      gridColor: rule,
      domainColor: soft,
      tickColor: soft,
      labelColor: text,
      titleColor: soft,
    },
    style: { chosen: { stroke: text } },
    legend: {
      ...THEME.legend,
      labelColor: text,
      titleColor: soft,
      // Symbols that say a size or a shape have no colour of their own.
      symbolBaseFillColor: soft,
      symbolBaseStrokeColor: soft,
    },
    header: { ...THEME.header, labelColor: text, titleColor: soft },
    title: { ...THEME.title, color: text, subtitleColor: soft },
  };
}

interface Loose {
  facet?: { row?: unknown; column?: unknown };
  columns?: number;
  spec?: { width?: number };
  width?: unknown;
  title?: string | { text: string; subtitle?: string | undefined };
  encoding?: { x?: { type?: string }; y?: { type?: string } };
  config?: object;
}

/** Characters of a compiled figure with thousands of values. */
const MANY = 100_000;

/** Legends stand under a figure that has no room beside it, one below another. */
const NARROW = 640;
const BELOW = { anchor: 'start', direction: 'vertical', margin: 8 } as const;

/** A heat map of many columns and a grid of panels are scrolled sooner than squeezed until nobody can read them. */
export const leastWidth = (spec: PlotSpec): number => {
  const { encoding: { x, y } = {}, facet } = spec as Loose;
  if (facet?.column !== undefined) return 420;
  return x?.type === 'nominal' && y?.type === 'nominal' ? 640 : 180;
};

/** A title without its second line, which would be cut on a phone; the caption below says it too. */
const titleOnly = (title: Loose['title']): Loose['title'] =>
  typeof title === 'object' ? { ...title, subtitle: undefined } : title;

/** A specification with its widths fitted to the page: panels in as many columns as fit, single figures as wide. */
export function fitted(spec: PlotSpec, width: number): PlotSpec {
  const loose = spec as Loose;
  const title = width < NARROW ? titleOnly(loose.title) : loose.title;
  const config =
    width < NARROW
      ? { ...loose.config, legend: { orient: 'bottom', columns: 3, layout: { bottom: BELOW } } }
      : loose.config;
  // A grid keeps its own sizes; the page scales it down where it is wider.
  if (loose.facet?.column !== undefined) return { ...loose, config } as PlotSpec;
  if (loose.facet?.row !== undefined && loose.spec !== undefined) {
    const panel = Math.max(150, Math.min(1200, width) - 110);
    return { ...loose, title, config, spec: { ...loose.spec, width: panel } } as PlotSpec;
  }
  if (loose.facet !== undefined && loose.spec !== undefined) {
    // Panels stand in full rows: four, two or one beside each other.
    const columns = [4, 2].find((count) => width / count >= 250) ?? 1;
    // Names of designs beside each panel take about a hundred pixels.
    const panel = Math.max(90, Math.min(230, Math.floor(width / columns) - 122));
    return { ...loose, config, columns, spec: { ...loose.spec, width: panel } } as PlotSpec;
  }
  if (typeof loose.width === 'number') {
    return {
      ...loose,
      title,
      config,
      width: Math.max(leastWidth(spec), Math.min(width, 1200)),
      autosize: { type: 'fit-x', contains: 'padding' },
    } as PlotSpec;
  }
  return spec;
}

/** A configuration over the theme, key by key. */
function merged(theme: Record<string, object | string>, own: object = {}): object {
  const both: Record<string, unknown> = { ...theme };
  for (const [key, value] of Object.entries(own)) {
    const under = theme[key];
    both[key] = typeof under === 'object' && typeof value === 'object' ? { ...under, ...value } : value;
  }
  return both;
}

/** A live figure in an element. Expressions are interpreted, since the page's policy forbids making code of text. */
export function draw(into: HTMLElement, spec: PlotSpec, theme: Theme, description: string): View {
  const { spec: compiled } = compile({
    ...spec,
    description,
    config: merged(themed(theme), spec.config),
  } as PlotSpec);
  return new View(parse(compiled, undefined, { ast: true }), {
    // Thousands of dots are too many elements for a page.
    renderer: JSON.stringify(compiled).length > MANY ? 'canvas' : 'svg',
    container: into,
    expr: expressionInterpreter,
    hover: false,
  });
}
