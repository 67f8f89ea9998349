import { expect, it } from 'vitest';
import type { PlotSpec } from '../../src/present/figure.ts';
import { renderSvg, svgToPng } from '../../src/present/plot.ts';

const bars: PlotSpec = {
  data: {
    values: [
      { design: 'a', value: 1 },
      { design: 'b', value: 3 },
    ],
  },
  mark: 'bar',
  encoding: { x: { field: 'design', type: 'nominal' }, y: { field: 'value', type: 'quantitative' } },
};

it('a figure becomes SVG with its labels, and a PNG in which the labels are drawn', async () => {
  const svg = await renderSvg(bars);
  expect(svg).toContain('<svg');
  expect(svg).toContain('design');
  const png = await svgToPng(svg);
  expect(Buffer.from(png.slice(1, 4)).toString()).toBe('PNG');
  const blank = await svgToPng(svg.replaceAll(/<text[^>]*>[^<]*<\/text>/g, ''));
  expect(png.length).toBeGreaterThan(blank.length);
});

it('the same figure gives the same SVG', async () => {
  expect(await renderSvg(bars)).toBe(await renderSvg(bars));
});
