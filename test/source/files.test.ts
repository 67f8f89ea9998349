import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { FILES } from '../../src/doors/models.ts';
import { evaluatePoint, metrics } from '../../src/index.ts';

const design = 'examples/designs/dot-product.yaml';
const model = 'examples/models/qwen3-30b-a3b.json';

it('gives the same numbers for paths as for what stands in the files', () => {
  const { model: name, ...byPath } = metrics(evaluatePoint({ design, model }, FILES));
  const text = readFileSync(model, 'utf8');
  const whole = { design: parse(readFileSync(design, 'utf8')) as object, model: JSON.parse(text) as object };
  const { model: _, ...byValue } = metrics(evaluatePoint(whole));
  expect(byPath).toEqual(byValue);
  expect(name).toBe('qwen3-30b-a3b');
});

it('names the file that is not there', () => {
  expect(() => evaluatePoint({ design: './none.yaml', model }, FILES)).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ path: './none.yaml' }) as unknown }),
  );
});
