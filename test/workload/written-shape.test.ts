import { describe, expect, it } from 'vitest';
import { MugiError } from '../../src/errors.ts';
import { compared } from '../../web/state/compared.ts';
import { MODELS } from '../../src/workload/models.ts';
import { writtenShape } from '../../src/workload/written-shape.ts';
import { dice, mutateJson } from '../fuzz/mutate.ts';

describe('a shape that is written out', () => {
  it('is that of every built-in model', () => {
    for (const model of MODELS) expect(writtenShape(structuredClone({ ...model }))).toEqual({ ...model });
  });

  it.each([
    {},
    { stacks: [] },
    { name: 'x', stacks: 5 },
    { name: 'x', stacks: [[]] },
    { name: 'x', stacks: [{ kind: 'gemms' }] },
    { name: 'x', stacks: [{ kind: 'gemms', gemms: [{ name: 'a', m: 1, k: 'x', n: 2, repeat: 1 }] }] },
    { name: { a: 1 }, stacks: [{ kind: 'gemms', gemms: [] }] },
  ])('is no other object: %o', (object) => {
    expect(() => writtenShape(object)).toThrow(MugiError);
  });

  it('leads to an answer or to a message, whatever is changed in it', () => {
    const text = JSON.stringify(MODELS.find(({ name }) => name === 'llama-3.2-1b'));
    for (let seed = 1; seed <= 35; seed++) {
      const model = parsed(mutateJson(text, dice(seed, 0)));
      if (typeof model !== 'object' || model === null || !('stacks' in model)) continue;
      const { value, error } = compared({ model, designs: ['mugi-256'] });
      expect((value ?? error) !== undefined, `seed ${seed}`).toBe(true);
    }
  });
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
