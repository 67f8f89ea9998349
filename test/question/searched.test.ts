import { describe, expect, it } from 'vitest';
import { metrics } from '../../src/evaluate/metrics.ts';
import { answer, evaluatePoint } from '../../src/question/point.ts';
import { question } from '../../src/question/question.ts';
import { shapesLike } from '../../src/question/searched.ts';

const product = (design: string, model: string, batch: number): number =>
  metrics(evaluatePoint({ design, model, batch })).energy_delay_product_Js;

describe('best:sa-16', () => {
  it('tries every shape with as many cells, in both dataflows, weights kept once or twice', () => {
    expect(shapesLike('sa-16').toSorted()).toEqual(
      ['16', '4x64', '8x32', '32x8', '64x4']
        .flatMap((shape) => [`sa-${shape}`, `sa-${shape}-os`, `sa-${shape}-db`])
        .toSorted(),
    );
    expect(shapesLike('sa-f-8-os').toSorted()).toEqual(
      ['8', '4x16', '16x4']
        .flatMap((shape) => [`sa-f-${shape}`, `sa-f-${shape}-os`, `sa-f-${shape}-db`])
        .sort(),
    );
    // Dot products of four do not go into a step of its own length.
    expect(shapesLike('pick-8').toSorted()).toEqual(['pick-16x4', 'pick-8']);
    // Another vector unit is another rival.
    expect(shapesLike('sa-16-pwl').every((name) => name.endsWith('-pwl'))).toBe(true);
    expect(shapesLike('sa-16@4x4').every((name) => name.endsWith('@4x4'))).toBe(true);
  });

  it.each([
    ['llama-2-70b', 8],
    ['llama-2-7b', 1],
    ['llama-2-7b', 64],
  ])('is the one of least energy × delay for %s at batch %d', (model, batch) => {
    const found = evaluatePoint({ design: 'best:sa-16', model, batch });
    const products = shapesLike('sa-16').map((name) => product(name, model, batch));
    expect(metrics(found).energy_delay_product_Js).toBe(Math.min(...products));
    expect(found.searched).toContain('15 shapes and dataflows');
  });

  it('is what a comparison is against, unless it is as published', () => {
    const searched = answer(question({ designs: ['mugi-256', 'sa-16'] }));
    expect(searched.map(({ priced, searched: from }) => [priced.design.name, from !== undefined])).toEqual([
      ['mugi-256', false],
      ['sa-16', false],
      ['sa-8x32-os', true],
    ]);
    const published = answer(question({ designs: ['mugi-256', 'sa-16'], preset: 'as-published' }));
    expect(published.map(({ priced }) => priced.design.name)).toEqual(['mugi-256', 'sa-16']);
  });

  it('is refused for a family of one shape', () => {
    expect(() => shapesLike('mugi-256')).toThrow('"mugi-256" has one shape');
    expect(() => evaluatePoint({ design: 'best:sa-17', model: 'llama-2-7b' })).toThrow('size');
  });
});
