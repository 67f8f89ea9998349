import type { Evaluation } from '../evaluate/evaluation.ts';
import { designName } from '../evaluate/metrics.ts';
import { answer, designsOf, type Sources } from '../question/point.ts';
import { defaultBaseline, type Question } from '../question/question.ts';
import { sourceText } from '../question/text.ts';
import { distinct } from './distinct.ts';

/** The evaluations that a comparison shows, and what it is asked with. */
export interface Answers {
  /** The question with its baseline, which a comparison of one design has too. */
  asked: Question & { baseline: string | object };
  evaluations: Evaluation[];
  /** What each evaluation's design is named in the question. */
  sources: (string | object)[];
  /** Name of the baseline's design. */
  baseline: string;
}

/**
 * Evaluates every design of a question and its baseline, each once.
 * @throws MugiError for two designs of one name
 */
export function answers(given: Question, sources?: Sources): Answers {
  const asked = { ...given, baseline: given.baseline ?? defaultBaseline(given.preset) };
  const all = answer(asked, sources);
  const named = designsOf(asked);
  const at = named.map(sourceText).indexOf(sourceText(asked.baseline));
  const evaluations = distinct(all);
  return {
    asked,
    evaluations,
    sources: evaluations.map((evaluation) => named[all.indexOf(evaluation)]),
    baseline: designName(all[at]),
  };
}
