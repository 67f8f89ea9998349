import { describe, expect, it } from 'vitest';
import { commandLine, outputOf } from '../record/run.ts';

const mugi = async (line: string): Promise<string> =>
  outputOf(await commandLine(process.cwd()), line.split(' '));

interface Rows {
  question: Record<string, unknown>;
  swept: { name: string; values: number[] }[];
  rows: Record<string, number | string>[];
}

describe('lists and ranges', () => {
  it('of evaluate give the rows of sweep, and those are the answers one by one', async () => {
    const asked = '--model llama-2-7b --context 1k..4k --batch 1,8';
    const { rows, swept, question } = JSON.parse(
      await mugi(`evaluate --design mugi-128 ${asked} --json`),
    ) as Rows;
    expect(swept).toEqual([
      { name: 'batch', values: [1, 8] },
      { name: 'context', values: [1024, 2048, 4096] },
    ]);
    expect(Object.keys(question)).not.toContain('context');
    expect(question).toMatchObject({ model: 'llama-2-7b', designs: ['mugi-128'] });
    const line = `sweep --designs mugi-128 ${asked}`;
    expect((JSON.parse(await mugi(`${line} --json`)) as Rows).rows).toEqual(rows);
    const csv = (await mugi(`evaluate --design mugi-128 ${asked} --csv`)).trim().split('\n');
    expect(csv).toHaveLength(1 + rows.length);
    expect(csv[0].split(',').toSorted()).toEqual(Object.keys(rows[0]).toSorted());
    for (const { asked: _, ...row } of rows) {
      const one = await mugi(
        `evaluate --design mugi-128 --model llama-2-7b --context ${row.context} --batch ${row.batch} --json`,
      );
      expect(JSON.parse(one)).toMatchObject(row);
    }
  });

  it.each([
    ['--prefill', '16,64'],
    ['--weight-bits', '2..8:2'],
    ['--kv-bits', '4,8'],
    ['--dram-bandwidth', '64..256'],
    ['--link-bits', '256,512'],
    ['--carbon-intensity', '10.5,301'],
    ['--dram-energy', '1..4:1'],
    ['--fabrication-energy', '0.5,0.6'],
    ['--lifetime', '1..4'],
  ])('of %s', async (flag, list) => {
    const [header, ...lines] = (await mugi(`evaluate ${flag} ${list} --csv`)).trim().split('\n');
    const key = flag.slice(2).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    const at = header.split(',').indexOf(key);
    expect(new Set(lines.map((line) => line.split(',')[at])).size).toBe(lines.length);
    expect(lines.length).toBeGreaterThan(1);
  });

  it('of compare give each comparison, against the baseline of its own', async () => {
    const designs = '--designs mugi-256,sa-f-16';
    const { rows } = JSON.parse(await mugi(`compare ${designs} --context 512,2k --json`)) as Rows;
    expect(rows.map(({ asked, context }) => `${asked} ${context}`)).toEqual(
      [512, 2048].flatMap((context) =>
        ['mugi-256', 'sa-f-16', 'best:sa-16'].map((name) => `${name} ${context}`),
      ),
    );
    for (const context of [512, 2048]) {
      const [header, ...lines] = (await mugi(`compare ${designs} --context ${context} --csv`))
        .trim()
        .split('\n');
      lines.forEach((line, i) => {
        const cells = line.split(',');
        const row = rows.filter((one) => one.context === context)[i];
        header.split(',').forEach((name, c) => expect(String(row[name]), name).toBe(cells[c]));
      });
    }
  });

  it('take the place of one answer where that is what is shown', async () => {
    const refused = (line: string) => expect(mugi(line)).rejects;
    await refused('evaluate --context 1k,2k --why time_s').toThrow(
      '--why explains one number, and a list asks for several\n  expected: one value of --context',
    );
    for (const flag of ['--html page.html', '--plots plots', '--accuracy mugi-tiny', '--accuracy-tokens 8'])
      await refused(`compare --weight-bits 4,8 ${flag}`).toThrow('one value of --weight-bits');
    await refused('evaluate --context 8k..1k').toThrow('--context is a range that ends below its beginning');
    await refused('evaluate --context 1,,2').toThrow('--context is not a list of numbers');
    await refused('evaluate --batch 0,1').toThrow('--batch');
    await refused('evaluate --context 1..16M:1').toThrow('--context is a range of too many values');
    await refused('evaluate --context 1..60k:1 --batch 1,2,4,8').toThrow('a sweep has too many answers');
    await refused('models llama-2-7b --batch 1,8').toThrow('--batch must be a number');
  });

  it('leaves sizes of an ONNX model to themselves', async () => {
    await expect(mugi('sweep --dims batch=1,sequence=8')).rejects.toThrow('leaves no sizes open');
  });
});
