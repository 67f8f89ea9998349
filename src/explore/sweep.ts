import { MugiError } from '../errors.ts';
import { type Metrics, metrics } from '../evaluate/metrics.ts';
import { answer, designsOf, type Sources } from '../question/point.ts';
import { type Question, question, type QuestionInput } from '../question/question.ts';
import { sourceText } from '../question/text.ts';
import { type Dimension, Grid } from './grid.ts';

/** More answers than anybody reads or draws; `mugi explore` is for more. */
const MOST = 200_000;

/**
 * One answer of a sweep: what was swept under its own name, the design as it was asked for (`best:sa-16`), then what
 * `evaluate --json` prints of it.
 */
export type Swept = Record<string, number | string> & { asked: string } & Metrics;

/**
 * Answers a question for all combinations of some of its keys, and all of its designs: one row each.
 * @param dimensions keys of a question with the values that they take; the last one runs fastest
 * @throws MugiError for more answers than 200,000, and for whatever a question refuses
 */
export const sweep = (
  base: QuestionInput,
  dimensions: readonly Dimension<number | string>[],
  sources?: Sources,
): Swept[] =>
  sweepOver(base, dimensions, (asked) => {
    // No ratios are made: what is compared with is not answered.
    const { baseline: _baseline, ...alone } = asked;
    const names = designsOf(alone).map(sourceText);
    return answer(alone, sources).map((one, i) => ({ asked: names[i], ...metrics(one) }));
  }) as Swept[];

/** The same with the rows that `answered` makes of each question, what was swept before them. */
export function sweepOver<Row extends object>(
  base: QuestionInput,
  dimensions: readonly Dimension<number | string>[],
  answered: (asked: Question) => readonly Row[],
): (Record<string, number | string> & Row)[] {
  const grid = new Grid(dimensions);
  const designs = base.designs?.length ?? 1;
  if (grid.size * designs > MOST)
    throw new MugiError({
      code: 'invalid-value',
      message: 'a sweep has too many answers',
      path: dimensions.at(-1)?.name,
      expected: `at most ${MOST}; mugi explore evaluates more`,
      received: String(grid.size * designs),
    });
  return Array.from({ length: grid.size }, (_, index) => {
    const values = grid.point(index);
    const asked = question({ ...base, ...values } as QuestionInput);
    return answered(asked).map((row) => ({ ...values, ...row }) as Record<string, number | string> & Row);
  }).flat();
}
