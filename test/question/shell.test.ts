import { expect, it } from 'vitest';
import { commandLines, quoted, wordsOf } from '../../src/question/shell.ts';

const WORDS = [
  'mugi',
  'evaluate',
  '--design',
  '{"base":"mugi-64@2x2","title":"it\'s --mine"}',
  '--model',
  'llama-2-70b',
  '--why',
  'time_gemm_s/decode up',
];

it.each([20, 40, 80, 1000])('breaks a command into lines of %i that a shell reads as one', (width) => {
  const lines = commandLines(WORDS.map(quoted).join(' '), width);
  expect(wordsOf(lines)).toEqual(WORDS);
  const longest = Math.max(...lines.split('\n').map(({ length }) => length));
  if (width >= 80) expect(longest).toBeLessThanOrEqual(width);
  if (width === 1000) expect(lines).not.toContain('\n');
  else
    expect(
      lines
        .split('\n')
        .slice(1)
        .every((line) => line.startsWith('  --')),
    ).toBe(true);
});
