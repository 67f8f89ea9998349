import { z } from 'zod';
import type { Distribution } from '../../src/accuracy/windows/profile.ts';
import type { Inputs } from '../../src/compare/input-plot.ts';
import { MugiError } from '../../src/errors.ts';
import { parseJson } from '../../src/json.ts';

/** What the functions of a model are given. */
export interface ModelInputs {
  model: string;
  functions: Inputs[];
}

/** Bins of a profile that are drawn as one, and exponents that are drawn. */
const WIDTH = 0.25;
const EXPONENTS = { lowest: -16, highest: 8 };
/** Digits of a share in the address. */
const DIGITS = 4;

const SHARE = z.number().min(0).max(1);
const NAME = z.string().max(100);
const Profile = z.object({
  model: NAME,
  distributions: z
    .array(
      z.object({
        function: NAME,
        layer: z.number().int().min(0),
        inputs: z.number().min(0),
        values: z.array(z.object({ from: z.number(), share: SHARE })).max(10_000),
        exponents: z.array(z.object({ exponent: z.number().int(), share: SHARE })).max(1000),
        zeroShare: SHARE,
      }),
    )
    .min(1)
    .max(10_000),
});

const Whole = z.object({
  model: NAME,
  functions: z
    .array(
      z.object({
        function: NAME,
        count: z.number().min(0),
        values: z.array(z.object({ from: z.number(), share: SHARE })).max(1000),
        width: z.number().positive(),
        exponents: z.array(z.object({ exponent: z.number().int(), share: SHARE })).max(100),
        zeroShare: SHARE,
      }),
    )
    .min(1)
    .max(10),
});

/**
 * What `mugi profile --json` wrote, or a summary of it.
 * @throws MugiError for everything else
 */
export function inputsOf(text: string, path: string): ModelInputs {
  const json = parseJson(text, path);
  const whole = Whole.safeParse(json);
  if (whole.success) return whole.data;
  const profile = Profile.safeParse(json);
  if (profile.success) return summary(profile.data.model, profile.data.distributions);
  const [about] = profile.error.issues;
  throw new MugiError({
    code: 'invalid-file',
    message: 'the file holds no profile of inputs',
    path: `${path}: ${about.path.join('.')}`,
    expected: 'what mugi profile --json prints',
    received: about.message,
  });
}

/** All layers of a function together, coarse enough for an address. */
export function summary(
  model: string,
  distributions: readonly Omit<Distribution, 'outsideShare'>[],
): ModelInputs {
  const names = [...new Set(distributions.map(({ function: name }) => name))];
  return { model, functions: names.map((name) => together(name, distributions)) };
}

function together(name: string, all: readonly Omit<Distribution, 'outsideShare'>[]): Inputs {
  const own = all.filter((one) => one.function === name);
  const count = own.reduce((sum, { inputs }) => sum + inputs, 0);
  const values = new Map<number, number>();
  const exponents = new Map<number, number>();
  let zeros = 0;
  const add = (to: Map<number, number>, key: number, share: number): void =>
    void to.set(key, (to.get(key) ?? 0) + share);
  for (const one of own) {
    const weight = count > 0 ? one.inputs / count : 0;
    // Bins begin at multiples of 0.05, which have no exact value.
    for (const { from, share } of one.values)
      add(values, Math.floor((from + 1e-6) / WIDTH) * WIDTH, weight * share);
    for (const { exponent, share } of one.exponents)
      if (exponent >= EXPONENTS.lowest && exponent <= EXPONENTS.highest)
        add(exponents, exponent, weight * share);
    zeros += weight * one.zeroShare;
  }
  const short = (share: number): number => Math.min(1, Number(share.toPrecision(DIGITS)));
  const entries = (of: Map<number, number>) =>
    [...of].filter(([, share]) => share > 0).sort(([a], [b]) => a - b);
  return {
    function: name,
    count,
    values: entries(values).map(([from, share]) => ({ from, share: short(share) })),
    width: WIDTH,
    exponents: entries(exponents).map(([exponent, share]) => ({ exponent, share: short(share) })),
    zeroShare: short(zeros),
  };
}
