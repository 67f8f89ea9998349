import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { resultDiff } from '../../src/compare/result-diff.ts';
import { commandLine, outputOf } from '../record/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-diff-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
const mugi = async (line: string, status = 0): Promise<string> =>
  outputOf(await commandLine(process.cwd()), line.split(' '), status);
/** Keeps what a command prints as a file. */
async function kept(name: string, line: string): Promise<Record<string, unknown>> {
  const text = await mugi(`${line} --json`);
  writeFileSync(at(name), text);
  return JSON.parse(text) as Record<string, unknown>;
}
const keptText = (name: string, value: unknown): void => writeFileSync(at(name), JSON.stringify(value));

interface Diff {
  same: boolean;
  compared: number;
  reasons: { what: string; name: string; a: string; b: string }[];
  moves: {
    row: string;
    number: string;
    a: number;
    b: number;
    change: number;
    within_interval?: boolean;
    because: { name: string; change: number }[];
  }[];
  only_a: string[];
  only_b: string[];
  notes: string[];
}
const diff = async (a: string, b: string, status = 1, more = ''): Promise<Diff> =>
  JSON.parse(await mugi(`diff ${at(a)} ${at(b)} --json${more}`, status)) as Diff;

describe('mugi diff', () => {
  it('finds nothing between a result and itself, and ends with 0', async () => {
    await kept('same.json', 'compare --designs mugi-256,sa-16');
    expect(await diff('same.json', 'same.json', 0)).toMatchObject({ same: true, moves: [], reasons: [] });
    expect(await mugi(`diff ${at('same.json')} ${at('same.json')}`)).toContain('no number moved, of 87');
  });

  it('names what was asked otherwise, and what each change does alone', async () => {
    const a = await kept('short.json', 'evaluate --context 2048');
    const b = await kept('long.json', 'evaluate --context 4096 --batch 16');
    const alone = {
      context: await kept('context.json', 'evaluate --context 4096'),
      batch: await kept('batch.json', 'evaluate --context 2048 --batch 16'),
    };
    const found = await diff('short.json', 'long.json');
    expect(found.reasons).toEqual([
      { what: 'question', name: 'batch', a: '8', b: '16' },
      { what: 'question', name: 'context', a: '2048', b: '4096' },
    ]);
    expect(found.moves.length).toBeGreaterThan(20);
    for (const { number, a: one, b: other, change, because } of found.moves) {
      expect([one, other]).toEqual([a[number], b[number]]);
      expect(change).toBeCloseTo(other / one - 1, 12);
      for (const [key, result] of Object.entries(alone)) {
        const cause = because.find(({ name }) => name === key)?.change ?? 0;
        expect(cause, `${number} by ${key}`).toBeCloseTo((result[number] as number) / one - 1, 10);
      }
      // All causes together make the move.
      const product = because.reduce((all, cause) => all * (1 + cause.change), 1);
      expect(product, number).toBeCloseTo(other / one, 10);
    }
    // Numbers that move together, but for the last bits, keep their order.
    const sizes = found.moves.map(({ change }) => Number(Math.abs(change).toPrecision(9)));
    expect(sizes).toEqual(sizes.toSorted((x, y) => y - x));
    const text = await mugi(`diff ${at('short.json')} ${at('long.json')} --rows 3`, 1);
    expect(text).toContain(' context  2048  4096');
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(
      Math.max(80, 4 + at('short.json').length + 40),
    );
    expect((await mugi(`diff ${at('short.json')} ${at('long.json')} --csv`, 1)).split('\n')[0]).toBe(
      'row,number,a,b,change,because',
    );
  });

  it('tells repairs, preset and technology, row by row, searched rivals by the name they were asked by', async () => {
    await kept('plain.json', 'compare --designs mugi-256,sa-16 --batch 1');
    await kept(
      'other.json',
      'compare --designs mugi-256,sa-16 --batch 1 --without fill-drain --technology open-45',
    );
    const { reasons, moves, only_a, only_b } = await diff('plain.json', 'other.json');
    expect(reasons.map(({ name }) => name)).toEqual(['without', 'technology']);
    expect([only_a, only_b]).toEqual([[], []]);
    expect(new Set(moves.map(({ row }) => row))).toEqual(new Set(['mugi-256', 'sa-16', 'best:sa-16']));
    const area = moves.find(({ row, number }) => row === 'sa-16' && number === 'area_mm2')!;
    expect(area.because.map(({ name }) => name)).toEqual(['technology']);
    expect(area.because[0].change).toBeCloseTo(area.change, 12);
  });

  it('puts what no question explains down to the version, the tables or the files', async () => {
    const now = await kept('now.json', 'evaluate --design mugi-128');
    const { inputs } = now as { inputs: Record<string, string> };
    const then = { ...now, mugi: '0.0.9', area_mm2: (now.area_mm2 as number) / 2 };
    keptText('then.json', then);
    expect((await diff('then.json', 'now.json')).moves).toEqual([
      expect.objectContaining({
        number: 'area_mm2',
        change: 1,
        because: [{ name: expect.stringMatching(/^mugi 0\.0\.9 → /), change: expect.closeTo(1, 12) }],
      }),
    ]);
    keptText('table.json', { ...then, mugi: now.mugi, inputs: { ...inputs, 'technology published': '0' } });
    const table = await diff('table.json', 'now.json');
    expect(table.reasons).toMatchObject([{ what: 'table', name: 'technology published' }]);
    expect(table.moves[0].because).toMatchObject([{ name: 'technology published' }]);

    const path = at('own.yaml');
    writeFileSync(path, 'base: mugi-128\nsram: {weight: {kib: 32}}\n');
    await kept('before.json', `evaluate --design ${path}`);
    writeFileSync(path, 'base: mugi-128\nsram: {weight: {kib: 64}}\n');
    await kept('after.json', `evaluate --design ${path} --context 2048`);
    const file = await diff('before.json', 'after.json');
    expect(file.reasons.map(({ what }) => what).toSorted()).toEqual(['file', 'question']);
    const area = file.moves.find(({ number }) => number === 'area_mm2')!;
    expect(area.because).toEqual([{ name: `design ${path}`, change: expect.closeTo(area.change, 12) }]);
    rmSync(path);
    const gone = await diff('before.json', 'after.json');
    expect(gone.notes.join()).toContain('not evaluated again: there is no such design file');
    expect(gone.moves.every(({ because }) => because.length === 0)).toBe(true);
  });

  it('reads sweeps, as JSON and as Parquet', async () => {
    const line = 'sweep --designs mugi-256,best:sa-16 --context 1k,2k --batch 1,8';
    await kept('sweep.json', line);
    await mugi(`${line} --parquet ${at('sweep.parquet')} --csv`);
    expect(await diff('sweep.json', 'sweep.parquet', 0)).toMatchObject({ same: true, compared: 8 * 29 });
    await kept('dram.json', `${line} --dram-energy 8`);
    const { moves } = await diff('sweep.parquet', 'dram.json');
    expect(new Set(moves.map(({ row }) => row)).size).toBe(8);
    for (const { because } of moves) expect(because.map(({ name }) => name)).toEqual(['dramEnergy']);
    await kept('more.json', 'sweep --designs mugi-256 --context 1k,2k --batch 1,16');
    const more = await diff('sweep.json', 'more.json');
    expect(more.moves).toEqual([]);
    expect(more.only_b).toEqual(['mugi-256, batch 16, context 1024', 'mugi-256, batch 16, context 2048']);
  });

  it('finds the causes of the rows that move most, where there are many', () => {
    const row = (batch: number, value: number) => ({
      name: `batch ${batch}`,
      facts: {},
      numbers: { power_W: value },
      question: { designs: ['mugi-256'], batch },
    });
    const result = (scale: (i: number) => number) => ({
      kind: 'sweep',
      inputs: {},
      rows: [1, 2, 4, 8].map((batch, i) => row(batch, scale(i))),
    });
    let asked = 0;
    const evaluated = () => {
      asked++;
      return { power_W: 1 };
    };
    const found = resultDiff(
      result(() => 1),
      result((i) => 1 + i),
      { tolerance: 0, evaluated, explained: 2 },
    );
    expect(found.moves.map(({ row: name }) => name)).toEqual(['batch 8', 'batch 4', 'batch 2']);
    expect(found.moves.map(({ because }) => because.length)).toEqual([1, 1, 0]);
    expect(found.notes).toEqual(['causes are found of the 2 rows that move most']);
    expect(asked).toBe(4);
  });

  it('reads results of explore: what it prints, its Parquet file and its store', async () => {
    const line = 'explore --vary height=64..256:64,sram.weight=16..64 --within area_mm2<=4';
    await kept('front.json', `${line} --store ${at('store')} --parquet ${at('points.parquet')}`);
    expect(await diff('points.parquet', 'store', 0)).toMatchObject({ same: true });
    const whole = await diff('front.json', 'points.parquet');
    expect(whole).toMatchObject({ moves: [], only_a: [], reasons: [] });
    await mugi(`${line} --technology open-45 --parquet ${at('open.parquet')} --csv`);
    const { moves, reasons } = await diff('store', 'open.parquet');
    expect(reasons).toMatchObject([{ what: 'question', name: 'technology', b: 'open-45' }]);
    const energy = moves.find(({ number }) => number === 'energy_per_token_J')!;
    expect(energy.because).toEqual([{ name: 'technology', change: expect.closeTo(energy.change, 12) }]);
    await kept('tighter.json', line.replace('<=4', '<=3'));
    const tighter = await diff('front.json', 'tighter.json');
    expect(tighter.reasons).toEqual([
      { what: 'question', name: 'within', a: 'area_mm2<=4', b: 'area_mm2<=3' },
    ]);
    expect(tighter.moves).toContainEqual(
      expect.objectContaining({ row: 'the whole space', number: 'infeasible' }),
    );
    await mugi(`${line.replace('<=4', '<=3')} --store ${at('store')} --csv`);
    await expect(mugi(`diff ${at('store')} ${at('open.parquet')}`, 1)).rejects.toThrow('points of 2 spaces');
  });

  it('reads losses, and says whether a move is inside their intervals', async () => {
    const row = {
      model: 'm',
      method: 'vlp',
      part: 'all',
      tokens: 512,
      loss: 2,
      loss_ci95: 0.3,
      settings: 's',
    };
    const exact = { ...row, method: 'exact', kl: 0 };
    keptText('loss.json', [row, exact]);
    keptText('losses.json', [
      { ...row, tokens: 1024, loss: 2.3, loss_ci95: 0.2 },
      { ...exact, loss: 3, settings: 't' },
    ]);
    const { moves, reasons } = await diff('loss.json', 'losses.json');
    expect(moves).toMatchObject([
      { row: 'm, exact, all', number: 'loss', within_interval: false },
      { row: 'm, vlp, all', number: 'loss', within_interval: true },
    ]);
    expect(reasons).toEqual([
      { what: 'measurement', name: 'tokens', a: '512', b: '1024' },
      { what: 'measurement', name: 'settings', a: 's', b: 't' },
    ]);
    expect(await mugi(`diff ${at('loss.json')} ${at('losses.json')}`, 1)).toContain('outside the intervals');
  });

  it('reads any other result by where its numbers stand', async () => {
    const fig = await kept('fig.json', 'paper table3');
    keptText('fig2.json', JSON.parse(JSON.stringify(fig).replace(/"corrected":(\d)/, '"corrected":9$1')));
    const { moves, compared } = await diff('fig.json', 'fig2.json');
    expect(compared).toBeGreaterThan(20);
    expect(moves).toHaveLength(1);
    expect(moves[0]).toMatchObject({ number: 'corrected', because: [] });
    expect(moves[0].row).toMatch(/^items\[.*\]\.rows\[/);
  });

  it('counts as equal what differs by no more than --tolerance', async () => {
    const now = await kept('exactly.json', 'evaluate');
    keptText('nearly.json', { ...now, power_W: (now.power_W as number) * (1 + 1e-9) });
    expect((await diff('exactly.json', 'nearly.json')).moves).toHaveLength(1);
    expect(await diff('exactly.json', 'nearly.json', 0, ' --tolerance 1e-6')).toMatchObject({ same: true });
  });

  it('prints what docs/explore.md shows', async () => {
    const [, block] = /```console\n([^]*?)```/.exec(readFileSync('docs/explore.md', 'utf8'))!;
    const lines = block.split('\n');
    const commands = lines.filter((line) => line.startsWith('$ npx mugi ')).map((line) => line.slice(11));
    const shown = lines.filter((line) => !line.startsWith('$ ')).join('\n');
    for (const command of commands.slice(0, -1)) {
      const [line, name] = command.split(' > ');
      writeFileSync(at(name), await mugi(line));
    }
    const last = commands.at(-1)!.replace(/\w+\.json/g, at);
    expect((await mugi(last, 1)).replaceAll(`${folder}/`, '')).toBe(shown);
  });

  it('tells a number that is there from one that is not', async () => {
    const now = await kept('there.json', 'evaluate');
    keptText('absent.json', { ...now, power_W: null, tokens: 0 });
    const { moves } = await diff('absent.json', 'there.json');
    expect(moves).toMatchObject([
      { number: 'tokens', a: 0, change: null },
      { number: 'power_W', a: null, change: null },
    ]);
  });

  it.each([
    ['nothing.json', 'there is no such result'],
    ['error.json', 'the file holds an error, not a result'],
    ['text.json', 'not valid JSON'],
    ['empty.json', 'the file holds no numbers of a result'],
    ['nest.json', 'the file holds no numbers of a result'],
    ['bad.parquet', 'cut short'],
    ['folder', 'the folder holds no points of a space'],
  ])('ends with 2 for %s', async (name, message) => {
    writeFileSync(at('error.json'), '{"error": {"code": "invalid-value"}}');
    writeFileSync(at('text.json'), 'mugi-256 is fast');
    writeFileSync(at('empty.json'), '{"mugi": "0.1.0"}');
    writeFileSync(at('nest.json'), `${'[{"a":'.repeat(2000)}1${'}]'.repeat(2000)}`);
    writeFileSync(at('bad.parquet'), 'PAR1');
    rmSync(at('folder'), { recursive: true, force: true });
    mkdirSync(at('folder'));
    const ends = await commandLine(process.cwd());
    await expect(outputOf(ends, ['diff', at(name), at(name)])).rejects.toThrow(message);
    // Told apart from a difference: a mistake says something and prints nothing.
    expect(await outputOf(ends, ['diff', at(name), at(name), '--json'], 2)).toBe('');
  });

  it.each([
    'diff',
    'diff a',
    'diff a b c',
    'diff a b --tolerance -1',
    'diff a b --tolerance many',
    'diff a b --rows 0',
  ])('ends with 2 for "mugi %s"', async (line) => {
    expect(await mugi(line, 2)).toBe('');
  });
});
