import { MugiError } from '../errors.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';
import { designName } from '../evaluate/metrics.ts';

/**
 * The evaluations of a comparison, each design once: a search may end at a design that is named beside it, or at that of
 * another search, and stands once, as found.
 * @throws MugiError for two designs of one name, which could not be told apart in any table
 */
export function distinct(evaluations: readonly Evaluation[]): Evaluation[] {
  const kept = evaluations.filter((one, i) => {
    const same = (other: Evaluation, j: number): boolean =>
      j !== i &&
      other.searched !== undefined &&
      designName(other) === designName(one) &&
      (one.searched === undefined || j < i);
    return !evaluations.some(same);
  });
  const names = kept.map(designName);
  const twin = names.find((name, i) => names.indexOf(name) !== i);
  if (twin === undefined) return kept;
  throw new MugiError({
    code: 'invalid-value',
    message: `two designs are named "${twin}"`,
    path: 'designs',
    expected: 'different names; a YAML file sets its own with the key "name"',
    received: names.join(', '),
  });
}
