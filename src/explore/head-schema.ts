import { z } from 'zod';

/** JSON has no infinity: what was one is null. */
const number = z.number().nullable();
const count = z.number().int().nonnegative();
const scored = z.looseObject({ index: count, costs: z.array(number), arithmetic: z.string().optional() });
const named = z.looseObject({ name: z.string() });
const metric = z.looseObject({ metric: z.string() });

const plan = z.looseObject({
  models: z
    .array(
      z.looseObject({
        name: z.string(),
        weight: z.number(),
        source: z.union([z.string(), z.record(z.string(), z.unknown())]),
      }),
    )
    .min(1),
  designs: z.array(z.record(z.string(), z.unknown())).min(1),
  varied: z.array(named.extend({ values: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1) })),
  surroundings: z.record(z.string(), z.unknown()),
  where: z.array(z.string()),
  forbid: z.array(z.string()),
  within: z.array(metric),
  objectives: z.array(metric.extend({ direction: z.enum(['minimise', 'maximise']) })),
});

const tally = z.looseObject({
  from: count,
  to: count,
  evaluated: count,
  excluded: count,
  unbuildable: count,
  undefined: count,
  outside: count,
  reasons: z.array(z.tuple([z.string(), count])),
  broken: z.array(z.object({ count, alone: count })),
  front: z.array(scored),
  arithmetics: z.array(z.tuple([z.string(), count])).optional(),
  best: z.array(z.array(scored)),
  nearest: z.object({ index: count, violation: number }).nullable(),
  samples: z.array(scored),
  histograms: z.array(z.array(z.tuple([z.number(), count]))),
  effects: z.array(z.array(z.array(z.array(z.object({ count, sum: number, best: number }))))),
});

/** What a file of points says of itself, as far as whoever goes on from it takes for granted. */
export const HEAD = z
  .looseObject({ mugi: z.string(), digest: z.string(), plan, tally })
  .refine(({ plan: { objectives }, tally: { front, best, samples, histograms } }) => {
    const wide = [...front, ...samples, ...best.flat()].every(
      ({ costs }) => costs.length === objectives.length,
    );
    return wide && best.length === objectives.length && histograms.length === objectives.length;
  }, 'its numbers are not of its objectives');
