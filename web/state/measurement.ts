import { z } from 'zod';
import { ACCURACY_PARTS } from '../../src/accuracy/score/accuracy-parts.ts';
import { METHODS } from '../../src/accuracy/study/methods-list.ts';
import type { LossIncrease, LossMeasurement } from '../../src/accuracy/score/loss-increase.ts';
import { MugiError } from '../../src/errors.ts';
import { parseJson } from '../../src/json.ts';

const NAME = z.string().max(200);
/** JSON has no infinity: what has no interval is null there. */
const HALF = z.nullable(z.number()).transform((value) => value ?? Infinity);
const LOSS = { loss_increase: z.number(), loss_increase_ci95: HALF, tie: z.nullable(z.boolean()) };
const PART = z.enum(ACCURACY_PARTS);

/** What a design computes, by which it is known again: compared whole. */
const Computed = z.custom<NonNullable<LossIncrease['computed']>>(
  (value) => typeof value === 'object' && value !== null,
);

const Measurement = z.object({
  model: NAME,
  data: NAME,
  targets: z.number().int().positive(),
  increases: z
    .array(
      z.object({
        method: z.enum(METHODS),
        computed: Computed.optional(),
        ...LOSS,
        functions_increase: z.number(),
        functions_increase_ci95: HALF,
        functions_tie: z.nullable(z.boolean()),
        perplexity: z.number(),
        kl: z.number(),
        parts: z.array(z.object({ part: PART, ...LOSS })).max(10),
      }),
    )
    .min(1)
    .max(100),
});

const Rows = z
  .array(
    z.object({
      model: NAME,
      method: z.enum(METHODS),
      part: PART,
      tokens: z.number().int().positive(),
      ...LOSS,
      over_stored: z.number(),
      over_stored_ci95: HALF,
      over_stored_tie: z.nullable(z.boolean()),
      perplexity: z.number(),
      kl: z.number(),
    }),
  )
  .max(1000)
  .refine((rows) => rows.some(({ part }) => part === 'all'), 'rows whose part is all');

const Compared = z.object({ accuracy: Measurement, command: z.string().max(100_000) });

/** A measurement, and the command whose designs it was made for, where the file says one. */
export interface FromFile {
  measurement: LossMeasurement;
  command?: string;
}

/**
 * What `mugi accuracy --json` or `mugi compare --accuracy --json` wrote.
 * @throws MugiError for everything else
 */
export function measurementOf(text: string, path: string): FromFile {
  const json = parseJson(text, path);
  const compared = Compared.safeParse(json);
  if (compared.success) return { measurement: compared.data.accuracy, command: compared.data.command };
  const rows = Rows.safeParse(json);
  if (rows.success) return { measurement: ofRows(rows.data) };
  const whole = Measurement.safeParse(json);
  if (whole.success) return { measurement: whole.data };
  const about = (Array.isArray(json) ? rows : compared).error?.issues[0];
  throw new MugiError({
    code: 'invalid-file',
    message: 'the file holds no measured losses',
    path: about === undefined ? path : `${path}: ${about.path.join('.')}`,
    expected: 'what mugi accuracy --json or mugi compare --accuracy --json prints',
    ...(about === undefined ? {} : { received: about.message }),
  });
}

function ofRows(rows: z.infer<typeof Rows>): LossMeasurement {
  // The command measures the parts of the first method.
  const parts = rows
    .filter(({ part }) => part !== 'all')
    .map(({ part, loss_increase, loss_increase_ci95, tie }) => ({
      part,
      loss_increase,
      loss_increase_ci95,
      tie,
    }));
  return {
    model: rows[0].model,
    data: 'file',
    targets: rows[0].tokens,
    increases: rows
      .filter(({ part }) => part === 'all')
      .map((row, i) => ({
        method: row.method,
        loss_increase: row.over_stored,
        loss_increase_ci95: row.over_stored_ci95,
        tie: row.over_stored_tie,
        functions_increase: row.loss_increase,
        functions_increase_ci95: row.loss_increase_ci95,
        functions_tie: row.tie,
        perplexity: row.perplexity,
        kl: row.kl,
        parts: i === 0 ? parts : [],
      })),
  };
}
