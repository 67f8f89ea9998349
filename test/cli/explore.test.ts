import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandLine, outputOf } from '../record/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-explore-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
const mugi = async (...args: string[]): Promise<string> => outputOf(await commandLine(process.cwd()), args);

interface Front {
  evaluated: number;
  exact: boolean;
  infeasible: number;
  front: { point: number; command: string; tokens_per_s: number; [name: string]: unknown }[];
}

describe('mugi explore', () => {
  it('prints a front whose points evaluate to the same numbers, by their files and by their commands', async () => {
    const files = [
      '--html',
      at('page.html'),
      '--plots',
      at('plots'),
      '--yaml',
      at('designs'),
      '--parquet',
      at('result.parquet'),
    ];
    const text = await mugi(
      'explore',
      'examples/spaces/edge.yaml',
      '--model',
      'llama-3.2-1b',
      '--json',
      ...files,
    );
    const result = JSON.parse(text) as Front;
    expect(result).toMatchObject({ evaluated: 468, exact: true, infeasible: 224 });
    expect(result.front.length).toBeGreaterThan(2);
    for (const {
      point,
      command,
      parameters: _,
      file: _file,
      command: _command,
      ...metrics
    } of result.front) {
      const name = readdirSync(at('designs')).find((one) => one.includes(`-p${point}.yaml`))!;
      const byFile = await mugi(
        'evaluate',
        '--design',
        at(`designs/${name}`),
        '--model',
        'llama-3.2-1b',
        '--batch',
        '4',
        '--json',
      );
      expect(JSON.parse(byFile)).toMatchObject(metrics);
      expect(command).toContain('mugi evaluate --model llama-3.2-1b --design');
    }
    expect(readFileSync(at('page.html'), 'utf8')).toContain('exact over 468 designs');
    expect(readdirSync(at('plots')).sort()).toEqual(['front.svg', 'parallel.svg', 'sensitivity.svg']);
    expect(await mugi('explore', 'show', at('result.parquet'), '--json')).toBe(text);
  });

  it('says what leaves everything out, and what is nearest', async () => {
    const text = await mugi('explore', '--vary', 'height=64,128', '--within', 'area_mm2<=0.1,power_W<=9');
    expect(text).toContain('area_mm2<=0.1 leaves out 2 of 2 evaluated, 2 of them alone');
    expect(text).toContain('power_W<=9 leaves out 0 of 2 evaluated, 0 of them alone');
    expect(text).toContain('nothing keeps all bounds; nearest is point 0: design mugi-256, height 64');
  });

  it('refuses what would change nothing of an earlier result, and words without a place', async () => {
    const file = at('small.parquet');
    await mugi('explore', '--vary', 'height=64,128', '--parquet', file, '--html', at('small.html'));
    expect(readFileSync(at('small.html'), 'utf8')).toContain('exact over 2 designs; 1 parameter.');
    for (const flag of [
      '--batch=8',
      '--vary=height=64',
      '--budget=10',
      '--store=x',
      '--schema',
      '--parquet=x',
    ])
      await expect(mugi('explore', 'show', file, flag)).rejects.toThrow(
        `${flag.split('=')[0]} changes nothing: the result is an earlier run`,
      );
    expect(await mugi('explore', 'show', file, '--rows', '1')).toContain('exact over 2 designs');
    await expect(mugi('explore', 'examples/spaces/edge.yaml', 'other.yaml')).rejects.toThrow(
      'two words are for show and a result',
    );
    for (const flag of [['--merge'], ['--shard', '1/2']])
      await expect(
        mugi('explore', '--vary', 'height=64,128', '--store', at('store'), '--slurm', ...flag),
      ).rejects.toThrow(flag[0]);
    expect(readdirSync(folder)).not.toContain('store');
  });
});
