import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { choiceItems } from '../../src/accuracy/data/choice-file.ts';
import { readData } from '../../src/accuracy/data/data.ts';
import { parquetTexts } from '../../src/accuracy/data/text-file.ts';
import { arithmeticFor, FULL_PRECISION } from '../../src/accuracy/score/precision.ts';
import { shareDifference, shareEstimate } from '../../src/accuracy/score/statistics.ts';
import { rowsOfItems } from '../../src/cli/source/estimate.ts';
import { askedItems, chooseAnswers } from '../../src/accuracy/study/choices.ts';
import { DEFAULT_SETTINGS, methodUnit } from '../../src/accuracy/study/methods.ts';
import { exactNonlinear } from '../../src/model/layer/nonlinear.ts';
import { openModel } from '../../src/model/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-choices-'));
process.env.MUGI_CACHE = join(folder, 'cache');
function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
const lines = (name: string, ...items: object[]): string =>
  file(name, items.map((item) => JSON.stringify(item)).join('\n'));

describe('a file of questions', () => {
  it('is read in the keys of public sets', async () => {
    const path = lines(
      'sets.jsonl',
      { ctx: 'a', endings: ['x', 'y', 'z'], label: '2' },
      { question: 'b', choices: { text: ['x', 'y'], label: ['1', '2'] }, answerKey: '2' },
      { goal: 'c', sol1: 'x', sol2: 'y', label: 0 },
      { query: 'd', options: ['x', 'y'], answer: 'B' },
      { context: 'e', choices: ['left', 'right'], answer: 'right' },
      { sentence: 'f because the _ is big.', option1: 'x', option2: 'y', answer: '1' },
      { sentence: 'g because the _ is small.', option1: 'x', option2: 'y', answer: '2' },
    );
    const items = await choiceItems(path);
    expect(items.map(({ context, answer }) => [context, answer])).toEqual([
      ['a', 2],
      ['b', 1],
      ['c', 0],
      ['d', 1],
      ['e', 1],
      ['f because the', 0],
      ['g because the', 1],
    ]);
    expect(items[1].choices).toEqual(['x', 'y']);
    expect(items[5].choices).toEqual(['x is big.', 'y is big.']);
  });

  it('may be Parquet, as data sets come', async () => {
    const buffer = parquetWriteBuffer({
      columnData: [
        { name: 'ctx', data: ['a', 'b'], type: 'STRING' },
        {
          name: 'endings',
          data: [
            ['x', 'y'],
            ['z', 'w'],
          ],
          type: 'JSON',
        },
        { name: 'label', data: [1n, 0n], type: 'INT64' },
      ],
    });
    const items = await choiceItems(file('set.parquet', new Uint8Array(buffer)));
    expect(items.map(({ answer, choices }) => [answer, choices])).toEqual([
      [1, ['x', 'y']],
      [0, ['z', 'w']],
    ]);
  });

  it.each([
    [{ endings: ['x', 'y'], label: 0 }, 'no question'],
    [{ ctx: 'a', endings: ['x'], label: 0 }, 'no choices'],
    [{ ctx: 'a', endings: ['x', 'y'], label: 2 }, 'which choice is right'],
    [{ ctx: 'a', endings: ['x', 'y'] }, 'which choice is right'],
    [{ sentence: 'a _', option1: 'x', option2: 'y', answer: '0' }, 'which choice is right'],
  ])('is refused by its line: %o', async (item, because) => {
    await expect(choiceItems(lines('bad.jsonl', item))).rejects.toMatchObject({
      details: { code: 'invalid-file', path: expect.stringContaining('bad.jsonl:1') as string },
      message: expect.stringContaining(because) as string,
    });
  });

  it('reads an answer as a label first, then as a place, a letter or a text', async () => {
    const path = lines(
      'answers.jsonl',
      { ctx: 'a', choices: { text: ['x', 'y', 'z'], label: ['2', '1', '0'] }, answer: 2 },
      { ctx: 'b', choices: { text: ['x', 'y'], label: ['B', 'A'] }, answerKey: 'B' },
      { ctx: 'c', choices: { text: ['x', 'y'], label: ['A', 'B'] }, label: 1 },
      { ctx: 'd', choices: ['5', '3', '2'], answer: 2 },
      { ctx: 'e', choices: ['5', '3', '2'], answer: '3' },
      { ctx: 'f', choices: ['0', '1'], answer: '1' },
      { ctx: 'g', choices: ['x', 'y'], answer: 'y', answer_idx: 'B' },
      { ctx: 'h', choices: ['x', 'y'], answer: 0, label: 'train' },
    );
    const places = (await choiceItems(path)).map(({ answer }) => answer);
    expect(places).toEqual([0, 0, 1, 2, 1, 1, 1, 0]);
  });

  it.each([
    [{ ctx: 'a', choices: ['2', '1', '0'], answer: '0' }, 'answer', 'could be choice 0 or 2'],
    [{ ctx: 'a', choices: ['B', 'A'], label: 'A' }, 'label', 'could be choice 0 or 1'],
    [{ ctx: 'a', choices: ['x', 'x'], gold: 'x' }, 'gold', 'could be choice 0 or 1'],
    [{ ctx: 'a', choices: { text: ['x', 'y'], label: ['A', 'A'] }, answer: 'A' }, 'answer', '0 or 1'],
    [{ ctx: 'a', choices: { text: ['x', 'y'], label: ['1', '2'] }, label: 0 }, 'label', 'which choice'],
    [
      { ctx: 'a', choices: ['x', 'y'], answer: 'y', label: 0 },
      'label',
      'answer says choice 1, label choice 0',
    ],
  ])('whose answer could be either choice is refused by line and key: %o', async (item, key, because) => {
    await expect(choiceItems(lines('either.jsonl', item))).rejects.toMatchObject({
      details: { code: 'invalid-file', path: expect.stringMatching(`either\\.jsonl:1: ${key}$`) as string },
      message: expect.stringContaining(because) as string,
    });
  });

  it('that is none is refused for what it is', async () => {
    await expect(choiceItems(file('a.csv', 'a,b'))).rejects.toThrow('does not say how');
    await expect(choiceItems(file('cut.parquet', 'PAR1PAR1'))).rejects.toThrow('cut short');
    await expect(choiceItems(file('none.jsonl', '\n'))).rejects.toThrow('no questions');
  });
});

it('a text of Parquet rows is that of its JSON lines', async () => {
  const texts = ['A first text about ships and the sea, long enough for blocks.', '', 'A second one.'];
  const buffer = parquetWriteBuffer({ columnData: [{ name: 'text', data: texts, type: 'STRING' }] });
  const parquet = file('text.parquet', new Uint8Array(buffer));
  const plain = lines('text.jsonl', ...texts.map((text) => ({ text })));
  expect((await parquetTexts([parquet, plain])).get(parquet)!.map(({ text }) => text)).toEqual([
    texts[0],
    texts[2],
  ]);
  const opened = await openModel('mugi-tiny');
  const ids = async (text: string) =>
    (await readData(opened, { text, block: 16, calibrates: false })).test.map(({ targets }) => [...targets]);
  expect(await ids(parquet)).toEqual(await ids(plain));
});

describe('choices by likelihood', () => {
  it('are those of the text with each choice, by the whole and by the byte, paired with the stored model', async () => {
    const opened = await openModel('mugi-tiny');
    const model = opened.load();
    const items = await choiceItems(
      lines(
        'easy.jsonl',
        { ctx: 'My fellow Americans, I thank', endings: ['you', 'zxq zxq zxq'], label: 0 },
        { ctx: 'Call me', endings: ['qpq pqp', 'Ishmael.'], label: 1 },
        // Right by the byte alone: the longer choice has more of them.
        { ctx: 'The', endings: ['the President of the United States of America', 'of'], label: 0 },
      ),
    );
    const exact = arithmeticFor(FULL_PRECISION, exactNonlinear);
    const { unit } = methodUnit('vlp', opened.config, DEFAULT_SETTINGS);
    const rows = await chooseAnswers({
      opened,
      model,
      items: askedItems(opened, items),
      writers: [
        { name: 'stored', settings: 'stored', arithmetic: exact },
        { name: 'exact', settings: 'exact', arithmetic: exact },
        { name: 'vlp', settings: 'vlp', arithmetic: arithmeticFor(FULL_PRECISION, unit) },
      ],
    });
    expect(rows.map(({ method }) => method)).toEqual(['exact', 'vlp']);
    expect(rows[0]).toMatchObject({
      questions: 3,
      accuracy: 2 / 3,
      normalised: 1,
      accuracy_over_stored: 0,
      accuracy_over_stored_ci95: 0,
      normalised_tie: true,
    });
    expect(rows[1].accuracy).toBe(2 / 3);
  });

  it('refuse a choice that fills the context, and a model that writes nothing', async () => {
    const opened = await openModel('mugi-tiny');
    const long = { at: 'x:1', context: 'a', choices: ['word '.repeat(1200), 'b'], answer: 0 };
    expect(() => askedItems(opened, [long])).toThrow('no room');
    const vit = await openModel('vit-mnist-gelu');
    expect(() => askedItems(vit, [long])).toThrow('writes no text');
  });
});

describe('a share of questions', () => {
  const shares = (n: number, right: number) => Array.from({ length: n }, (_, i) => Number(i < right));

  it('has an interval of Wilson’s score, never empty and never past 0 and 1', () => {
    // Brown, Cai and DasGupta, Statistical Science 16 (2001): the interval solves |p − π| = z √(π (1 − π) / n).
    for (const [n, right] of [
      [1, 1],
      [2, 1],
      [10, 0],
      [10, 10],
      [40, 31],
      [1000, 500],
    ] as const) {
      const { mean, ci95 } = shareEstimate(shares(n, right));
      expect(mean).toBe(right / n);
      const end = mean > 0.5 ? mean - ci95 : mean + ci95;
      expect(Math.abs(mean - end)).toBeCloseTo(1.96 * Math.sqrt((end * (1 - end)) / n), 12);
      expect(end).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(1);
    }
    expect(shareEstimate(shares(2, 1)).ci95).toBeCloseTo(0.4055, 4);
  });

  it('differs from another by no more than shares can', () => {
    expect(shareDifference([1, 0], [0, 0])).toEqual({ mean: 0.5, ci95: 1.5 });
    expect(shareDifference([1], [0]).ci95).toBe(Infinity);
    const wide = shareDifference(shares(400, 200), shares(400, 190));
    expect(wide.ci95).toBeLessThan(0.02);
  });
});

it('the work of questions is that of each choice behind its question', async () => {
  const opened = await openModel('mugi-tiny');
  const items = askedItems(opened, [
    { at: 'x:1', context: 'Call me', choices: ['Ishmael.', 'you'], answer: 0 },
  ]);
  const lengths = items[0].sequences.map(({ ids }) => ids.length - 1);
  expect(lengths.every((length) => length >= 2)).toBe(true);
  expect(rowsOfItems([...items, ...items])).toBe(2 * (lengths[0] + lengths[1]));
});
