import { MugiError } from '../../errors.ts';

/** Flags that would have no effect, and why. */
export interface Idle {
  /** Keys of flags. */
  flags: readonly string[];
  /** True where they would change nothing. */
  when: boolean;
  /** One sentence without its flag: `--x` is put before it. */
  because: string;
  expected?: string;
}

/** `testFrom` as `--test-from`. */
const dashed = (key: string): string => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/**
 * Refuses flags that are given and would do nothing, rather than let a result be taken for what it is not; `run` is
 * what was asked for, in words.
 */
export function refuseIdle(given: ReadonlySet<string>, rules: readonly Idle[], run = 'this run'): void {
  for (const { flags, when, because, expected } of rules) {
    const idle = when ? flags.find((key) => given.has(key)) : undefined;
    if (idle === undefined) continue;
    throw new MugiError({
      code: 'invalid-value',
      message: `${dashed(idle)} ${because}`,
      path: dashed(idle),
      expected: expected ?? `no ${dashed(idle)} for ${run}`,
    });
  }
}

/** Standard output holds one thing. */
export function oneOutput(outputs: Readonly<Record<string, boolean>>, expected = 'one of them'): void {
  const asked = Object.keys(outputs).filter((name) => outputs[name]);
  if (asked.length < 2) return;
  throw new MugiError({
    code: 'invalid-value',
    message: `${asked.join(' and ')} would both go to standard output`,
    path: asked[0],
    expected,
  });
}
