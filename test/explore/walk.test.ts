import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MugiError } from '../../src/errors.ts';
import { metrics } from '../../src/evaluate/metrics.ts';
import { planOf } from '../../src/explore/space/plan.ts';
import type { SpaceInput } from '../../src/explore/space/schema.ts';
import { Space } from '../../src/explore/space/space.ts';
import { Walker } from '../../src/explore/walk.ts';
import { TECHNOLOGIES } from '../../src/technology/index.ts';
import { answer } from '../../src/question/point.ts';
import { question } from '../../src/question/question.ts';

const SPACES: Record<string, SpaceInput> = {
  'a design and its memories': {
    model: 'llama-2-7b',
    batch: 4,
    designs: ['mugi-256'],
    vary: { height: '32..512:96', 'sram.*': '16..1024:*4', mesh: '1x1,2x3' },
  },
  'shapes and dataflows': {
    model: 'llama-2-70b',
    designs: ['sa-16', 'sa-f-16'],
    vary: {
      shape: '4x64,8x32,16x16',
      dataflow: 'weight-stationary,output-stationary',
      batch: [1, 8],
      dramBandwidth: [64, 256],
    },
  },
  'uses and environments': {
    model: 'whisper-tiny',
    designs: ['mugi-128', 'carat-64', 'sd-16', 'tensor', 'mugi-256@4x4'],
    vary: {
      context: '1k..8k',
      weightBits: [4, 8],
      linkBits: [64, 1024],
      carbonIntensity: [50, 500],
      lifetime: [3],
    },
  },
  'words and methods': {
    model: 'vivit-base',
    designs: ['sa-16-pwl', 'mugi-l-128'],
    vary: {
      method: 'precise,pwl,taylor',
      lut: [true, false],
      'sram.weight.word_bits': [128, 256, 512],
      technology: 'published,open-45',
    },
  },
  'arithmetics and vector units': {
    model: 'llama-2-7b',
    batch: 2,
    context: 700,
    designs: ['mugi-128', 'mugi-l-64', 'carat-64', 'sa-16-os', 'sd-16', 'tensor'],
    vary: {
      'vector-lanes': '4..64:*4',
      'lut-exponents': [8, 12, 20],
      'row-sum': 'bf16,bf16-cascade',
      chain: [64, 256],
      group: [32, 256],
      method: 'precise,pwl',
      'sram.output.word_bits': [128, 512],
    },
  },
  'every technology, at several clocks': {
    model: 'llama-2-7b',
    designs: ['mugi-128', 'sa-16', 'carat-64', 'tensor@2x2'],
    vary: {
      technology: TECHNOLOGIES.map(({ name }) => name),
      clock: [123, 400, 1000],
      'sram.output': [64, 1024],
      dramBandwidth: [32, 256],
    },
  },
  'a preset that reaches into executions': {
    model: 'llama-2-7b',
    preset: 'as-published',
    designs: ['mugi-256', 'sa-16'],
    vary: { batch: [1, 8], 'sram.input': [64, 128] },
  },
};

/** Whether two walks gave the same numbers, NaN for NaN. */
const same = (a: number, b: number | null): boolean => Object.is(a, b ?? Number.NaN);

describe.each(Object.entries(SPACES))('%s', (_name, input) => {
  const space = new Space(planOf(input));
  const walker = new Walker(space);

  it('has at each point what evaluate gives, in every bit', () => {
    const step = Math.max(1, Math.floor(space.size / 150));
    let evaluated = 0;
    for (let index = 0; index < space.size; index += step) {
      const { design, asked } = space.point(index);
      const outcome = walker.at(index);
      const ask = () => metrics(answer(question({ model: input.model, ...asked, designs: [design] }))[0]!);
      if (outcome === 'unbuildable') {
        expect(ask).toThrow(MugiError);
        continue;
      }
      const expected: Record<string, unknown> = ask();
      evaluated++;
      for (const [i, { name }] of walker.metrics.entries())
        expect(same(walker.values[i]!, expected[name] as number | null), `${name} of point ${index}`).toBe(
          true,
        );
    }
    expect(evaluated).toBeGreaterThan(3);
  });

  it('has the same values whatever was evaluated before', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(space.size - 1), { minLength: 2, maxLength: 20 }), (order) => {
        const fresh = new Walker(space);
        for (const index of order) {
          expect(walker.at(index)).toBe(fresh.at(index));
          expect([...walker.values]).toEqual([...fresh.values]);
        }
      }),
      { numRuns: 5 },
    );
  });
});
