import { beforeAll, describe, expect, it } from 'vitest';
import type { PaperResult } from '../../src/paper/item.ts';
import { PAPER_ITEMS } from '../../src/paper/index.ts';
import { modelWork, point } from '../../src/paper/quantities.ts';
import { goldenRows } from '../golden.ts';

const run = async (name: string): Promise<PaperResult> =>
  (await PAPER_ITEMS.find((entry) => entry.name === name)!.load()).run({});

/** The artifact's name of a design: architecture, variant, size. */
const DESIGNS: Readonly<Record<string, string>> = {
  'mugi,vlp,128x8': 'mugi-128',
  'mugi,vlp,256x8': 'mugi-256',
  'mugi,lut,128x8': 'mugi-l-128',
  'mugi,lut,256x8': 'mugi-l-256',
  'carat,,128x8': 'carat-128',
  'carat,vlp,128x8': 'carat-128',
  'carat,vlp,256x8': 'carat-256',
  'carat,,256x8': 'carat-256',
  'systolic,mac,16x16': 'sa-16',
  'systolic,pwl,16x16': 'sa-16-pwl',
  'systolic,taylor,16x16': 'sa-16-taylor',
  'systolic,figna,8x8': 'sa-f-8',
  'systolic,figna,16x16': 'sa-f-16',
  'simd,mac,16x16': 'sd-16',
  'simd,figna,8x8': 'sd-f-8',
  'simd,figna,16x16': 'sd-f-16',
  'tensor,,8x16x16': 'tensor',
};
const MODELS: Readonly<Record<string, string>> = {
  llama_2_7b: 'llama-2-7b',
  llama_2_13b: 'llama-2-13b',
  llama_2_70b: 'llama-2-70b-mha',
  llama_2_70b_GQA: 'llama-2-70b',
};
const designOf = (row: Record<string, string>): string | undefined =>
  DESIGNS[`${row.arch},${row.subarch},${row.arch_dim}`];
const relative = (value: number, expected: number): number =>
  expected === 0 ? Math.abs(value) : Math.abs(value / expected - 1);

/** Rows of a result by a key of some columns. */
const index = (result: PaperResult, ...columns: string[]) =>
  new Map(result.rows.map((row) => [columns.map((column) => row[column]).join('|'), row]));

describe('Table 3', () => {
  it('all 80 numbers at the printed two decimals', async () => {
    const rows = index(await run('table3'), 'design', 'metric');
    let equal = 0;
    for (const row of goldenRows('paper/table3.csv')) {
      const family = row.design!.toLowerCase();
      const size = family === 'tensor' ? '' : `-${row.height}`;
      const design = `${family}${size}${row.noc === '1' ? '' : `@${row.noc}`}`;
      for (const [metric, column] of [
        ['tokens_per_s', 'throughput_tokens_per_s'],
        ['area_mm2', 'area_mm2'],
        ['energy_efficiency_tokens_per_s_per_MJ', 'energy_efficiency_tokens_per_s_per_uJ'],
        ['power_efficiency_tokens_per_s_per_W', 'power_efficiency_tokens_per_s_per_W'],
      ] as const) {
        const value = rows.get(`${design}|${metric}`)!.as_published as number;
        expect(value.toFixed(2), `${design} ${metric}`).toBe(Number(row[column]).toFixed(2));
        equal += 1;
      }
    }
    expect(equal).toBe(80);
  });
});

describe('figures equal the artifact run, as published', () => {
  it('Fig. 11, to 1e-6', async () => {
    const rows = index(await run('fig11'), 'function', 'context', 'design', 'metric');
    let compared = 0;
    for (const row of goldenRows('archx/rerun-nonlinear_breakdown_norm.csv')) {
      const context = row.max_seq_len!.replace('max_seq_len_', '');
      for (const metric of ['throughput', 'energy_efficiency', 'power_efficiency'] as const) {
        const own = rows.get(`${row.function}|${context}|${designOf(row)}|${metric}`)!;
        // Taylor SiLU is not in the figure: its element count in the artifact stands for another module.
        if (row.subarch === 'taylor' && row.function === 'silu') continue;
        expect(
          relative(own.as_published as number, Number(row[metric])),
          `${row.function} ${context} ${own.design} ${metric}`,
        ).toBeLessThan(1e-6);
        compared += 1;
      }
    }
    expect(compared).toBe((2 * 8 - 1) * 6 * 3);
  });

  it('Fig. 12, to 1e-6', async () => {
    const rows = index(await run('fig12'), 'group', 'design', 'model', 'metric');
    let compared = 0;
    for (const row of goldenRows('archx/rerun-gemm_breakdown_norm.csv')) {
      for (const metric of ['throughput', 'energy_efficiency', 'power_efficiency'] as const) {
        const own = rows.get(`${row.layer}|${designOf(row)}|${MODELS[row.model!]}|${metric}`);
        if (own === undefined) continue;
        expect(
          relative(own.as_published as number, Number(row[metric])),
          `${row.layer} ${own.design} ${own.model} ${metric}`,
        ).toBeLessThan(1e-6);
        compared += 1;
      }
    }
    expect(compared).toBe(3 * 8 * 4 * 3);
  });

  it.each([
    ['node', 'area_mm2', 'area_breakdown_bar'],
    ['node', 'power_mW', 'power_breakdown_bar'],
    ['noc', 'area_mm2', 'area_breakdown_scaled'],
    ['noc', 'power_W', 'power_breakdown_scaled'],
  ])('Fig. 13 %s %s, to 1e-6', async (level, metric, file) => {
    const rows = index(await run('fig13'), 'level', 'metric', 'design', 'group');
    let compared = 0;
    for (const row of goldenRows(`archx/rerun-array_${file}.csv`)) {
      const design = designOf(row)!;

      const value = (group: string): number =>
        rows.get(`${level}|${metric}|${design}|${group}`)!.as_published as number;
      expect(relative(value('total'), Number(row.total)), `${design} total`).toBeLessThan(1e-6);
      for (const [group, column] of level === 'node'
        ? ['accumulator', 'fifo', 'pe', 'nonlinear', 'vector', 'tc', 'value_reuse'].map(
            (name) => [name, name] as const,
          )
        : ([
            ['array', 'array'],
            ['sram', 'node_memory'],
            ['router', 'router'],
          ] as const)) {
        const percent = (100 * value(group)) / value('total');
        expect(relative(percent, Number(row[column])), `${design} ${group}`).toBeLessThan(1e-5);
        compared += 1;
      }
    }
    expect(compared).toBe(10 * (level === 'node' ? 7 : 3));
  });

  it('Fig. 15, to 1e-9', async () => {
    const rows = index(await run('fig15'), 'model', 'design', 'part');
    let compared = 0;
    for (const row of goldenRows('archx/rerun-op_carbon_norm.csv')) {
      const part = row.layer === 'onchip_em' ? 'embodied' : row.layer;
      const own = rows.get(`${MODELS[row.model!]}|${designOf(row)}|${part}`);
      if (own === undefined) continue;
      expect(
        relative(own.as_published as number, Number(row.normalized_carbon)),
        `${own.design} ${own.model} ${part}`,
      ).toBeLessThan(1e-9);
      compared += 1;
    }
    expect(compared).toBe(4 * 6 * 5);
  });

  it('Fig. 16, to 1e-9', async () => {
    const rows = index(await run('fig16'), 'model', 'design', 'part');
    let compared = 0;
    for (const row of goldenRows('archx/rerun-end_to_end_latency_breakdown_norm.csv')) {
      const own = rows.get(`${MODELS[row.model!]}|${designOf(row)}|${row.layer}`);
      if (own === undefined) continue;
      expect(
        relative(own.as_published as number, Number(row.normalized_latency)),
        `${own.design} ${own.model} ${row.layer}`,
      ).toBeLessThan(1e-9);
      compared += 1;
    }
    expect(compared).toBe(4 * 5 * 4);
  });
});

describe('headlines', () => {
  let rows: PaperResult['rows'];
  beforeAll(async () => {
    rows = (await run('headlines')).rows;
  });

  it('come out as printed, to half a per cent, but for the two that the artifact does not give either', () => {
    const off = rows
      .filter(({ deviation }) => Math.abs(deviation as number) > 5e-3)
      .map(({ claim }) => claim);
    expect(off).toEqual(['silu power efficiency over PWL', 'buffer area of Carat over Mugi']);
  });

  it('buffer area over Carat is the printed 4.5 for input, weight and output FIFOs', () => {
    const row = rows.find(({ claim }) => claim === 'buffer area of Carat over Mugi')!;
    expect((row.as_published as number).toFixed(2)).toBe('4.45');
  });

  it('softmax 481.07 and SiLU 667.85 to the printed decimals', () => {
    const value = (claim: string): string =>
      (rows.find((row) => row.claim === claim)!.as_published as number).toFixed(2);
    expect(value('softmax energy efficiency over precise')).toBe('481.07');
    expect(value('silu energy efficiency over precise')).toBe('667.85');
  });

  it('a repair that touches nothing of a claim leaves it alone; fill and drain triples the LLM throughput ratio', () => {
    const row = rows.find(({ claim }) => claim === 'LLM throughput over sa-16')!;
    expect(row['with_max-tree-width']).toBe(row.as_published);
    expect((row['with_fill-drain'] as number) / (row.as_published as number)).toBeGreaterThan(3);
  });
});

describe('work of a whole inference, the numerator of Figs. 14 and 17', () => {
  it('follows from the operation counts of the artifact run of Table 3, to 1e-9', () => {
    const golden = goldenRows('archx/rerun-comprehensive_table.csv');
    for (const row of golden) {
      const mesh = row.network!.replace('single_node', '').replace('multi_node_', '@');
      const size = Number.parseInt(row.arch_dim!, 10);
      const family = { mugi: 'mugi', carat: 'carat', systolic: 'sa', simd: 'sd', tensor: 'tensor' }[
        row.arch!
      ];
      const fpInt = row.subarch === 'figna' ? '-f' : '';
      const design = `${family}${row.arch === 'tensor' ? '' : `${fpInt}-${size}`}${mesh}`;
      // Table 3 counts three operations an element; the figures two an activation of one module.
      const elements = Number(row.nonlinear_flops) / 3;
      const activations = { mugi: 16, systolic: (44 * 2) / size }[row.arch!] ?? 44;
      const expected = Number(row.gemm_flops) + 2 * activations * elements;
      expect(
        relative(modelWork(point(design, 'llama-2-70b', 'as-published')), expected),
        design,
      ).toBeLessThan(1e-9);
    }
    expect(golden).toHaveLength(20);
  });
});

describe('Figs. 14 and 17, which have no reference file', () => {
  it('Fig. 14: the baseline is 1, throughput never falls with the batch, published energy per token rises with it', async () => {
    const { rows } = await run('fig14');
    const of = (design: string, metric: string, batch: number): number =>
      rows.find(
        (row) =>
          row.context === 4096 && row.design === design && row.metric === metric && row.batch === batch,
      )!.as_published as number;
    expect(of('sa-8', 'throughput', 1)).toBe(1);
    expect(of('sa-8', 'energy_per_token', 1)).toBe(1);
    for (const design of ['mugi-256', 'carat-64', 'sa-16', 'sd-f-8']) {
      expect(of(design, 'throughput', 8)).toBeGreaterThanOrEqual(of(design, 'throughput', 1));
      expect(of(design, 'energy_per_token', 32)).toBeGreaterThan(of(design, 'energy_per_token', 1));
    }
  });

  it('Fig. 17: meshes scale as their nodes do, and the baseline is 1', async () => {
    const { rows } = await run('fig17');
    const of = (design: string): number =>
      rows.find((row) => row.design === design && row.metric === 'throughput')!.as_published as number;
    expect(of('sa-8@4x4')).toBe(1);
    expect(of('mugi-256@8x8') / of('mugi-256@4x4')).toBeCloseTo(4, 6);
  });
});
