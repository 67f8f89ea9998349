import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { prepareData } from '../../src/accuracy/data/data.ts';
import { textDocuments } from '../../src/accuracy/data/text-file.ts';
import { openModel } from '../../src/model/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-text-'));
function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

it('plain text is one document, JSON lines are one each, without empty ones', () => {
  const plain = file('a.txt', '{"text": "as it is"}');
  expect(textDocuments(plain)).toEqual([{ name: plain, text: '{"text": "as it is"}' }]);
  const lines = file('a.jsonl', '{"text": "one"}\n{"text": " "}\n\n{"id": 3, "content": "two"}\n');
  expect(textDocuments(lines)).toEqual([
    { name: `${lines}:1`, text: 'one' },
    { name: `${lines}:4`, text: 'two' },
  ]);
});

it.each([
  ['{"text": "a"}\n{"txt": "b"}', 2, /holds no text/],
  ['[1]', 1, /holds no text/],
  ['{"text": ', 1, /./],
])('refuses %j by its line', (content, line, message) => {
  const path = file('bad.jsonl', content);
  try {
    textDocuments(path);
  } catch (error) {
    const { details } = error as { details: { message: string; path: string } };
    expect(details.path).toMatch(new RegExp(`bad\\.jsonl:${line}(:|$)`));
    expect(details.message).toMatch(message);
    return;
  }
  throw new Error('was read');
});

it('no block crosses from one line into the next', async () => {
  const opened = await openModel('mugi-tiny');
  const lines = ['My fellow citizens,', 'Call me Ishmael.', 'The whale swims.'];
  const text = lines.map((line) => JSON.stringify({ text: line })).join('\n');
  const path = file('three.jsonl', text);
  const { calibration, test } = prepareData(opened, { text: path });
  const tokenizer = opened.tokenizer();
  const read = [...calibration, ...test].map(({ targets }) => tokenizer.decode([...targets]).trim());
  expect(read).toEqual(lines);
});
