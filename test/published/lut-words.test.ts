import { expect, it } from 'vitest';
import { changes } from './support.ts';

it('repaired, eight rows of 12 BF16 entries, two words each', () => {
  expect(changes('mugi-256', 'lut-words')).toEqual([
    'nonlinear.lutWords.read: 8 → 16',
    'nonlinear.lutWords.write: 3 → 12',
  ]);
  expect(changes('carat-256', 'lut-words')).toEqual([]);
});
