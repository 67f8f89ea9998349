import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { MugiError } from '../../src/errors.ts';
import { planFrom } from '../../src/cli/source/space.ts';
import { Space } from '../../src/explore/space/space.ts';
import { commandLine, outputOf } from '../record/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-mistakes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The mistake in a space file, its path without the file's name. */
function mistake(text: string | Uint8Array): MugiError['details'] {
  const path = join(folder, 'space.yaml');
  writeFileSync(path, text);
  try {
    const space = new Space(planFrom(path, {}));
    throw new Error(`a space of ${space.size} points`);
  } catch (error) {
    if (!(error instanceof MugiError)) throw error;
    return { ...error.details, path: error.details.path?.replace(path, '') };
  }
}

describe('a mistake in a space file', () => {
  it.each([
    ['an unknown key', 'designs: [mugi-256]\nvarry: {height: [64]}\n', ':2:1: varry', 'vary'],
    ['an unknown key inside', 'search: {budgett: 4}\n', ':1:10: search.budgett', 'budget'],
    ['an unknown parameter', 'vary:\n  hieght: [64, 128]\n', ':2:3: vary.hieght', 'height'],
    ['a parameter of others', 'designs: [sa-16]\nvary:\n  height: [64]\n', ':3:3: vary.height', undefined],
    ['an unknown design', 'designs: [mugi-256, sa-17]\n', ':1:21: designs.1', 'sa-16'],
    ['an unknown base', 'designs:\n  - base: mugi-255\n', ':2:5: designs.0', 'mugi-256'],
    ['an unknown model', 'models:\n  - llama-2-7b\n  - lama-2-7b\n', ':3:5: models.1', 'llama-2-7b'],
    ['one unknown model', 'model: lama-2-7b\n', ':1:8: model', 'llama-2-7b'],
    ['an unknown technology', 'technology: opn-45\n', ':1:13: technology', 'open-45'],
    ['an unknown metric', 'minimise: energy_per_tokn\n', ':1:11: minimise', 'energy_per_token_J'],
    ['an unknown metric of a list', 'maximise: [tokens_per_s, tokns]\n', ':1:26: maximise.1', 'tokens'],
    ['a bound on an unknown metric', 'within: [area_mm2<=3, powr_W<=1]\n', ':1:23: within.1', 'power_W'],
    ['what is no bound', 'within: area_mm2 is small\n', ':1:9: within', 'area_mm2<=3'],
    ['an unknown name in a condition', 'forbid: [batch > 1, heigth > 1]\n', ':1:21: forbid.1', 'height'],
    ['what is no condition', 'where: "height >"\n', ':1:8: where', undefined],
    ['a number for a list', 'designs: 7\n', ':1:10: designs', undefined],
    ['a list for keys', 'vary: [height]\n', ':1:7: vary', undefined],
    ['a word for numbers', 'vary:\n  height: tall\n', ':2:11: vary.height', undefined],
    ['a word for a number', 'batch: many\n', ':1:8: batch', undefined],
    ['a number that is too large', 'context: 99999999\n', ':1:10: context', '16777216'],
    ['a list of no values', 'vary:\n  height: []\n', ':2:11: vary.height', undefined],
    ['an empty text', 'vary:\n  height: ""\n', ':2:11: vary.height', undefined],
    ['no value', 'vary:\n  height:\n', ':2:10: vary.height', undefined],
    ['a range that runs backwards', 'vary:\n  height: 512..32:32\n', ':2:11: vary.height', undefined],
    ['a range without end', 'vary:\n  height: 1..1e9:1\n', ':2:11: vary.height', undefined],
    ['a value twice', 'vary: {height: [64, 64]}\n', ':1:16: vary.height', undefined],
    [
      'a value that nothing has',
      'designs: [sa-16]\nvary:\n  dataflow: [xs]\n',
      ':3:13: vary.dataflow',
      undefined,
    ],
    ['a key twice', 'batch: 4\nbatch: 8\n', ':2:1', undefined],
    ['a value beside what is varied', 'batch: 4\nvary: {batch: [1, 2]}\n', ':1:8: batch', undefined],
    [
      'a weight that is none',
      'models:\n  - {model: llama-2-7b, weight: -1}\n',
      ':2:33: models.0.weight',
      undefined,
    ],
    ['a tabulator', 'vary:\n\theight: [64]\n', ':2:1', undefined],
    ['a second document', 'batch: 4\n---\nbatch: 5\n', ':2:1', undefined],
    ['nests that are too deep', `vary: ${'['.repeat(100_000)}\n`, undefined, undefined],
    ['no keys', '- a\n', '', undefined],
    ['nothing', '', '', undefined],
    ['aliases that stand for too much', bomb(), '', undefined],
    ['a file that is too large', '#'.repeat(2 ** 20 + 1), '', undefined],
    ['bytes that are no text', new Uint8Array([0x61, 0x3a, 0x20, 0xff]), '', undefined],
  ])('%s is told with its place', (_, text, path, nearest) => {
    const found = mistake(text);
    if (path === undefined) expect(found.path).toMatch(/^:1:\d+$/);
    else expect(found.path).toBe(path);
    expect(found.nearest).toBe(nearest);
    expect(found.code).not.toBe('internal');
  });

  it('of a flag is told by the flag', async () => {
    const run = await commandLine(process.cwd());
    for (const [flag, value] of [
      ['--model', 'lama-2-7b'],
      ['--designs', 'mugee-64'],
      ['--technology', 'opn-45'],
      ['--within', 'powr_W<=1'],
      ['--where', 'heigth>1'],
      ['--vary', 'hieght=64'],
    ])
      await expect(outputOf(run, ['explore', flag, value])).rejects.toThrow(`mugi: ${flag}: unknown`);
  });

  it('that leaves nothing is no front', async () => {
    const run = await commandLine(process.cwd());
    const text = await outputOf(run, ['explore', '--vary', 'height=64,128', '--where', 'height > 1000']);
    expect(text).toContain('no combination is left: the conditions leave out all 2');
  });
});

/** Nine aliases of nine aliases of …: a few lines that stand for 9^6 values. */
function bomb(): string {
  const lines = ['a: &a [x,x,x,x,x,x,x,x,x]'];
  for (const [name, of] of ['ba', 'cb', 'dc', 'ed', 'fe'])
    lines.push(`${name}: &${name} [${Array(9).fill(`*${of}`).join(',')}]`);
  return `${lines.join('\n')}\ndesigns: [*f]\n`;
}
