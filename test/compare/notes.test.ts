import { expect, it } from 'vitest';
import { accuracyNotes, notesOf } from '../../src/compare/comparison-notes.ts';
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

it('names the designs that do not compute what is measured for them', () => {
  const measured = { model: 'm', data: 'd', targets: 1, own: false, increases: [], parts: [] };
  const told = (designs: string[]): string | undefined =>
    accuracyNotes(answer(question({ designs, baseline: designs[0] })), measured).find((note) =>
      note.includes('once a method'),
    );
  // Inputs of 128 rows share a window in one, of 256 in the other; FIGNA adds integers.
  expect(told(['mugi-256', 'mugi-128', 'sa-f-16'])).toContain('switches of mugi-128, sa-f-16 are others');
  expect(told(['mugi-256', 'mugi-256@2x2'])).toBeUndefined();
});
