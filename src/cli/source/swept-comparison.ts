import { answers } from '../../compare/answers.ts';
import { comparison } from '../../compare/comparison.ts';
import { comparisonRows } from '../../compare/comparison-rows.ts';
import type { Dimension } from '../../explore/grid.ts';
import { sweepOver } from '../../explore/sweep.ts';
import type { Row } from '../../present/csv.ts';
import type { QuestionInput } from '../../question/question.ts';
import { sourceText } from '../../question/text.ts';
import { FILES } from '../../source/index.ts';

/** Comparisons for all combinations of some keys of a question: a row a design of each, against the baseline of its own. */
export const sweptComparison = (base: QuestionInput, swept: readonly Dimension<number | string>[]): Row[] =>
  sweepOver(base, swept, (asked) => {
    const { evaluations, baseline, sources } = answers(asked, FILES);
    return comparisonRows(comparison(evaluations, baseline)).map((row, i) => ({
      asked: sourceText(sources[i]),
      ...row,
      baseline,
    }));
  });
