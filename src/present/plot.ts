import { extname } from 'node:path';
import { MugiError } from '../errors.ts';
import { asset } from '../files/asset.ts';
import { writableFile, writeFileAtomic } from '../files/write.ts';
import { FONT, type PlotSpec, THEME } from './figure.ts';

/** SVG text of a figure. Loads the plotting library on first use, so that commands without plots start fast. */
export async function renderSvg(spec: PlotSpec): Promise<string> {
  const [vega, lite] = await Promise.all([import('vega'), import('vega-lite')]);
  const { spec: compiled } = lite.compile({ ...spec, config: { ...THEME, ...spec.config } } as PlotSpec);
  const view = new vega.View(vega.parse(compiled), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/**
 * PNG of an SVG made by `renderSvg`, with the fonts of the package, so that it looks the same everywhere. Runs on a
 * thread of its own, so that several can be drawn at once.
 */
export async function svgToPng(svg: string, scale = 2): Promise<Uint8Array> {
  const { renderAsync } = await import('@resvg/resvg-js');
  const fontFiles = ['DejaVuSans', 'DejaVuSans-Bold'].map((name) => asset(`fonts/${name}.ttf`));
  const image = await renderAsync(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { loadSystemFonts: false, fontFiles, defaultFontFamily: FONT },
  });
  return image.asPng();
}

/** Writes a figure as the ending of `path` says: `.svg`, `.png`, or `.json` (the specification itself). */
export async function writePlot(path: string, spec: PlotSpec): Promise<void> {
  const ending = checkEnding(path);
  if (ending === '.json') writeFileAtomic(path, `${JSON.stringify(spec, null, 2)}\n`);
  else if (ending === '.svg') writeFileAtomic(path, await renderSvg(spec));
  else writeFileAtomic(path, await svgToPng(await renderSvg(spec)));
}

/** Refuses a plot that could not be written, before the work that it shows. */
export function checkPlot(path: string | undefined): void {
  if (path === undefined) return;
  checkEnding(path);
  writableFile(path);
}

function checkEnding(path: string): string {
  const ending = extname(path).toLowerCase();
  if (['.svg', '.png', '.json'].includes(ending)) return ending;
  throw new MugiError({
    code: 'invalid-value',
    message: `a plot can be written as .svg, .png or .json, not as "${ending}"`,
    path,
    expected: '.svg, .png or .json',
    received: ending,
    nearest: '.svg',
  });
}
