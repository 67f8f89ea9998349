import { expect, it } from 'vitest';
import { notesOf } from '../../src/compare/comparison-notes.ts';
import { answer } from '../../src/question/point.ts';
import { question } from '../../src/question/question.ts';

it('names the arrays that wait for fill and drain in every fold, and no others', () => {
  const designs = ['mugi-256', 'sa-16', 'sd-16', 'sa-16-db', 'sa-16-os', 'tensor'];
  const notes = notesOf(answer(question({ designs, baseline: 'sa-16' })));
  expect(notes.find((note) => note.includes('fill and drain'))).toMatch(/^sa-16: weight stationary/);
  // The published model charges neither.
  const published = notesOf(answer(question({ designs, preset: 'as-published' })));
  expect(published.join()).not.toContain('fill and drain');
});
