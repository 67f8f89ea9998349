import { expect, it } from 'vitest';
import type { LossIncrease } from '../../src/accuracy/score/loss-increase.ts';
import { measuredMethod } from '../../src/accuracy/score/measured-method.ts';
import { accuracyNotes, notesOf } from '../../src/compare/comparison-notes.ts';
import { lossOf } from '../../src/compare/loss-of.ts';
import { computedBy } from '../../src/design/computed.ts';
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

it('says of losses by method alone that designs may differ in sums', () => {
  const [evaluations] = [answer(question({ designs: ['mugi-256'], baseline: 'mugi-256' }))];
  const loss = { loss_increase: 0.1, loss_increase_ci95: 0.2, tie: true };
  const functions = { functions_increase: 0, functions_increase_ci95: 0.1, functions_tie: true };
  const one = { method: 'vlp' as const, ...loss, ...functions, perplexity: 2, kl: 0.1, parts: [] };
  const told = (increases: LossIncrease[]): string =>
    accuracyNotes(evaluations, { model: 'm', data: 'd', targets: 1, own: false, increases }).join();
  expect(told([one])).toContain('names methods, not designs');
  const { design } = evaluations[0].priced;
  expect(told([{ ...one, computed: computedBy(design) }])).not.toContain('names methods');
});

it('finds the loss of a design by what it computes', () => {
  const at = (name: string) => answer(question({ designs: [name], baseline: name }))[0].priced.design;
  const loss = { loss_increase: 0.1, loss_increase_ci95: 0.2, tie: true, functions_tie: true };
  const rest = { functions_increase: 0, functions_increase_ci95: 0.1, perplexity: 2, kl: 0.1, parts: [] };
  const of = (name: string): LossIncrease => ({
    method: measuredMethod(at(name)),
    computed: computedBy(at(name)),
    ...loss,
    ...rest,
  });
  const all = [of('mugi-256'), of('sa-16'), of('sa-f-16')];
  expect(lossOf(at('mugi-l-256'), all)).toBe(all[0]);
  // Inputs of 128 rows share a window.
  expect(lossOf(at('mugi-128'), all)).toBeUndefined();
  // Columns of 16 add in another order than one accumulator does, and FIGNA adds integers.
  expect(lossOf(at('sa-16'), all)).toBe(all[1]);
  expect(lossOf(at('sa-16-os'), all)).toBeUndefined();
  expect(lossOf(at('sa-f-16'), all)).toBe(all[2]);
});
