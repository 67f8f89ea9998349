import { MugiError, nearest } from '../errors.ts';
import { METRICS } from '../evaluate/metrics.ts';
import { sized } from './values.ts';

/** A bound on a metric that a point must keep. */
export interface Constraint {
  /** As it was written: `area_mm2<=3`. */
  text: string;
  metric: string;
  relation: '<=' | '>=' | '<' | '>';
  limit: number;
}

/** Names of metrics, and what they may be called: `energy_per_token` for `energy_per_token_J`. */
export function metricNamed(text: string, path: string): string {
  const names: string[] = METRICS.map(({ name }) => name);
  if (names.includes(text)) return text;
  const withUnit = names.filter((name) => name.replace(/_[^_]+$/, '') === text);
  if (withUnit.length === 1) return withUnit[0];
  const labelled = METRICS.find(({ label }) => label.toLowerCase().includes(text.toLowerCase()));
  throw new MugiError({
    code: 'unknown-name',
    message: `unknown metric "${text}"`,
    path,
    expected: `one of ${names.join(', ')}`,
    received: text,
    nearest: nearest(text, names) ?? labelled?.name,
  });
}

/** `area_mm2 <= 3`. @throws MugiError for anything else */
export function constraintOf(text: string, path: string): Constraint {
  const match = /^\s*([A-Za-z]\w*)\s*(<=|>=|<|>)\s*(\S+)\s*$/.exec(text);
  const limit = match === null ? Number.NaN : sized(match[3]);
  if (match === null || !Number.isFinite(limit))
    throw new MugiError({
      code: 'invalid-value',
      message: `${path} is not a bound on a metric`,
      path,
      expected: 'METRIC <= NUMBER, or with >=, < or >',
      received: text,
      nearest: 'area_mm2<=3',
    });
  return {
    text: text.trim(),
    metric: metricNamed(match[1], path),
    relation: match[2] as Constraint['relation'],
    limit,
  };
}

/**
 * By how much a value breaks a constraint: 0 where it keeps it, else the distance to the limit as a share of the limit (of
 * 1 where the limit is 0), and at least a hair for one that must not be reached. NaN breaks every constraint, infinitely.
 */
export function violation({ relation, limit }: Constraint, value: number): number {
  if (Number.isNaN(value)) return Infinity;
  const kept =
    relation === '<='
      ? value <= limit
      : relation === '>='
        ? value >= limit
        : relation === '<'
          ? value < limit
          : value > limit;
  if (kept) return 0;
  return Math.max(Math.abs(value - limit) / (limit === 0 ? 1 : Math.abs(limit)), Number.EPSILON);
}
