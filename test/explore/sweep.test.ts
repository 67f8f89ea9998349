import { describe, expect, it } from 'vitest';
import { MugiError } from '../../src/errors.ts';
import { metrics } from '../../src/evaluate/metrics.ts';
import { encodeRows, rowsOf } from '../../src/explore/parquet.ts';
import { sweep } from '../../src/explore/sweep.ts';
import { sweepPlot } from '../../src/explore/sweep-plot.ts';
import { renderSvg } from '../../src/present/plot.ts';
import type { PlotSpec } from '../../src/present/figure.ts';
import { answer } from '../../src/question/point.ts';
import { question } from '../../src/question/question.ts';

const base = { designs: ['mugi-256', 'best:sa-16'] };
const swept = [
  { name: 'model', values: ['llama-2-7b', 'qwen3-8b'] },
  { name: 'batch', values: [1, 8] },
  { name: 'context', values: [1024, 2048, 4096] },
];
const rows = sweep(base, swept);

describe('a sweep', () => {
  it('has what evaluate says of every combination and design', () => {
    expect(rows).toHaveLength(2 * 2 * 3 * 2);
    for (const row of rows) {
      const { model, batch, context } = row;
      const answers = answer(question({ ...base, model, batch, context }));
      expect(answers.map(metrics)).toContainEqual(
        expect.objectContaining({ design: row.design, tokens_per_s: row.tokens_per_s }),
      );
    }
    expect(
      new Set(rows.map((row) => JSON.stringify([row.model, row.batch, row.context, row.design]))).size,
    ).toBe(rows.length);
  });

  it('searches the best shape of a rival anew for each use', () => {
    expect(new Set(rows.map(({ design }) => design)).size).toBeGreaterThan(2);
  });

  it('reads back from Parquet', async () => {
    expect(await rowsOf(encodeRows(rows))).toEqual(rows.map((row) => ({ ...row })));
  });

  it('draws its longest list along the axis, the others as panels and dashes', async () => {
    const spec = sweepPlot(rows, swept, 'tokens_per_s');
    expect(spec).toMatchObject({
      facet: { field: 'model' },
      spec: {
        encoding: {
          x: { field: 'context' },
          y: { field: 'tokens_per_s' },
          color: { field: 'asked' },
          strokeDash: { field: 'batch' },
        },
      },
    });
    const svg = await renderSvg(spec as unknown as PlotSpec);
    expect(svg).toContain('throughput (tokens/s)');
    expect(svg.match(/mark-line/g)!.length).toBeGreaterThan(1);
  });

  it('refuses more answers than anybody reads', () => {
    const many = [{ name: 'context', values: Array.from({ length: 150_000 }, (_, i) => i + 1) }];
    expect(() => sweep(base, many)).toThrow(MugiError);
  });
});
