import { describe, expect, it } from 'vitest';
import { MugiError } from '../../src/errors.ts';
import { compile } from '../../src/explore/expression.ts';
import { planOf } from '../../src/explore/space/plan.ts';
import { spaceSchema } from '../../src/explore/space/schema.ts';
import { Space } from '../../src/explore/space/space.ts';
import { answer } from '../../src/question/point.ts';
import { question } from '../../src/question/question.ts';
import { designName } from '../../src/evaluate/metrics.ts';

const mistake = (input: unknown): MugiError['details'] => {
  try {
    planOf(input);
  } catch (error) {
    if (error instanceof MugiError) return error.details;
    throw error;
  }
  throw new Error('no mistake');
};

describe('a space', () => {
  it('reads lists, ranges and stars; designs vary in what they have', () => {
    const space = new Space(
      planOf({
        designs: ['mugi-64', 'sa-16'],
        vary: { height: '64..128:64', shape: ['8x32', '16x16'], 'sram.*': '32,64', 'weight-bits': [4] },
      }),
    );
    expect(space.plan.varied.map(({ name }) => name)).toEqual([
      'shape',
      'height',
      'weightBits',
      'sram.input',
      'sram.weight',
      'sram.output',
    ]);
    expect(space.blocks.map(({ grid }) => grid.size)).toEqual([16, 16]);
    expect(space.size).toBe(32);
    expect(space.point(31)).toMatchObject({
      parameters: { design: 'sa-16', shape: '16x16', 'sram.input': 64, weightBits: 4 },
      design: {
        base: 'sa-16x16',
        sram: { input: { kib: 64 }, weight: { kib: 64 }, output: { kib: 64 } },
        name: 'sa-16-p31',
      },
      asked: { weightBits: 4 },
    });
  });

  it('names a point as evaluate does', () => {
    const space = new Space(planOf({ designs: ['sa-16@2x2'], vary: { shape: '8x32,32x8' } }));
    const { design, asked } = space.point(1);
    expect(design).toBe('sa-32x8@2x2');
    expect(designName(answer(question({ ...asked, designs: [design] }))[0]!)).toBe('sa-32x8@2x2');
  });

  it('is the same whatever the order of its keys', () => {
    const a = planOf({ vary: { batch: [1, 2], height: [64, 128] }, within: 'area_mm2<=3' });
    const b = planOf({ within: ['area_mm2<=3'], vary: { height: '64..128', batch: '1,2' } });
    expect(a).toEqual(b);
  });

  it.each([
    [{ vary: { hieght: [64] } }, { message: 'unknown parameter "hieght"', nearest: 'height' }],
    [{ vary: { height: 'tall' } }, { message: 'vary.height is not a list of numbers', path: 'vary.height' }],
    [{ vary: { shape: '8x8' } }, { message: '"shape" is no parameter of mugi-256' }],
    [{ within: 'area_mm2' }, { message: 'within is not a bound on a metric' }],
    [{ minimise: 'enrgy_per_token' }, { code: 'unknown-name', nearest: 'energy_per_token_J' }],
    [{ designs: ['best:sa-16'] }, { code: 'unsupported', nearest: 'sa-16' }],
    [{ batch: 4, vary: { batch: [1] } }, { message: '"batch" is varied and has a value beside' }],
    [{ vary: { technology: 'published,open-54' } }, { path: 'vary.technology', nearest: 'open-45' }],
    [{ vary: { clock: [400, 0] } }, { path: 'vary.clock', message: 'clock must be positive and below 1e9' }],
    [{ clock: 500, vary: { clock: [400] } }, { message: '"clock" is varied and has a value beside' }],
    [{ vary: { lut: [1] } }, { message: 'lut takes true and false' }],
    [{ vary: { height: [64, 64] } }, { message: 'height names a value twice' }],
    [{ where: 'height >' }, { path: 'where', code: 'invalid-value' }],
    [{ where: 'hight > 3' }, { message: 'unknown parameter in an expression "hight"', nearest: 'height' }],
    [{ minimise: ['area', 'area_mm2'] }, { message: '"area_mm2" is an objective twice' }],
    [{ model: 'llama-2-7b', models: ['llama-2-7b'] }, { message: '"model" and "models" are given' }],
    [{ colour: 1 }, { message: 'unknown key "colour"' }],
    [
      { designs: ['sa-16'], vary: { shape: '8x8', size: [8] } },
      { message: '"shape" and "size" both set the sides of an array' },
    ],
  ])('%j is refused', (input, expected) => {
    expect(mistake(input)).toMatchObject(expected);
  });

  it('publishes its schema', () => {
    expect(spaceSchema()).toMatchObject({
      title: 'mugi space',
      additionalProperties: false,
      properties: { vary: {}, within: {}, batch: {} },
    });
  });
});

describe('an expression', () => {
  const of = (text: string, values: Record<string, number | string | boolean>): unknown =>
    compile(text, ['a', 'b', 'sram.input', 'mesh'], 'where')(values);

  it('computes', () => {
    expect(of('a % 64 == 0 && (b < 3 || !(b != 7))', { a: 128, b: 7 })).toBe(true);
    expect(of('max(a, b * 2) - 1 >= -b', { a: 1, b: 2 })).toBe(true);
    expect(of("mesh == '2x2' ? a > 1 : a > 100", { a: 64, mesh: '4x4' })).toBe(false);
    expect(of('log2(sram.input)', { 'sram.input': 1024 })).toBe(10);
  });

  it('says nothing where it turns on a parameter that is absent', () => {
    expect(of('a > 3', {})).toBe(undefined);
    expect(of('a > 3 || b > 3', { b: 4 })).toBe(true);
    expect(of('a > 3 && b > 3', { b: 1 })).toBe(false);
    expect(of('a > 3 && b > 3', { b: 4 })).toBe(undefined);
  });

  it.each(['this', 'a[0]', 'a =', 'f(a)', '[a]', 'a, b', 'constructor', 'a.constructor'])(
    '%s is refused',
    (text) => {
      expect(() => of(text, { a: 1 })).toThrow(MugiError);
    },
  );
});
