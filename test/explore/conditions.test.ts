import { describe, expect, it } from 'vitest';
import { metrics } from '../../src/evaluate/metrics.ts';
import { planOf } from '../../src/explore/space/plan.ts';
import type { SpaceInput } from '../../src/explore/space/schema.ts';
import { Space } from '../../src/explore/space/space.ts';
import { Walker } from '../../src/explore/walk.ts';
import { answer } from '../../src/question/point.ts';
import { question } from '../../src/question/question.ts';

const spaceOf = (input: SpaceInput): Space => new Space(planOf({ model: 'llama-2-7b', ...input }));
/** Numbers of the points that the conditions keep. */
const kept = (input: SpaceInput): number[] => {
  const space = spaceOf(input);
  const walker = new Walker(space);
  return [...Array(space.size).keys()].filter((index) => walker.at(index) !== 'excluded');
};
const vary = { height: [64, 128] };

describe('conditions of a space', () => {
  it.each<[SpaceInput, number[]]>([
    // The question's defaults: batch 8, context 4096, prompt 64, technology published.
    [{ vary, where: 'batch > 8' }, []],
    [{ vary, where: 'batch == 8 && context == 4096 && prefill == 64' }, [0, 1]],
    [{ vary, forbid: "technology == 'published'" }, []],
    [{ vary, context: 32, where: 'prefill == 32' }, [0, 1]],
    [{ vary, where: 'height * batch > 512' }, [1]],
    // What a design's name says.
    [{ designs: ['mugi-256', 'sa-16'], vary: { batch: [1] }, where: 'height > 128' }, [0, 1]],
    [{ designs: ['mugi-256', 'sa-16'], vary: { batch: [1] }, where: 'size > 16' }, [0]],
    [{ designs: ['sa-16@2x2', 'sa-16'], vary: { batch: [1] }, where: "mesh == '2x2'" }, [0]],
    // What a design's file says.
    [{ designs: [{ base: 'mugi-256', height: 96 }], vary: { batch: [1] }, where: 'height > 96' }, []],
    [
      {
        designs: [{ base: 'mugi-256', sram: { input: { kib: 32 } } }],
        vary: { batch: [1] },
        where: 'sram.input > 32',
      },
      [],
    ],
    // A rectangle has no one size, so it is not judged.
    [{ designs: ['sa-8x32', 'sa-16'], vary: { batch: [1] }, where: 'size > 16' }, [0]],
  ])('%j keeps %j', (input, points) => {
    expect(kept(input)).toEqual(points);
  });

  it.each<[SpaceInput, string]>([
    [{ vary, where: 'weightBits > 2' }, '"weightBits" has no value'],
    [{ vary, forbid: 'sram.input < 32' }, '"sram.input" has no value'],
    [{ vary: { context: [32, 128] }, where: 'prefill == 32' }, '"prefill" has no value'],
    [{ vary, where: 'size > 16' }, '"size" has no value'],
  ])('%j is refused', (input, message) => {
    expect(() => spaceOf(input)).toThrow(message);
  });

  it('leave every other point as it is by itself, in every bit', () => {
    const space = spaceOf({
      designs: ['mugi-256', 'sa-16'],
      vary: { height: [64, 128], batch: [1, 2], 'sram.weight': [32, 64], dramBandwidth: [64, 512] },
      where: 'height != 64 || batch == 2 && sram.weight == 64',
      forbid: 'dramBandwidth == 64 && batch == 1',
    });
    const walker = new Walker(space);
    let [evaluated, excluded] = [0, 0];
    for (let index = 0; index < space.size; index++) {
      if (walker.at(index) === 'excluded') {
        excluded++;
        continue;
      }
      const { design, asked } = space.point(index);
      const alone: Record<string, unknown> = metrics(
        answer(question({ model: 'llama-2-7b', ...asked, designs: [design] }))[0]!,
      );
      expect([...walker.values]).toEqual(walker.metrics.map(({ name }) => alone[name]));
      evaluated++;
    }
    expect([evaluated, excluded]).toEqual([14, 10]);
  });
});
