import { answers, type Answers } from '../../src/compare/answers.ts';
import { type Comparison, comparison } from '../../src/compare/comparison.ts';
import { MugiError } from '../../src/errors.ts';
import { toCommand } from '../../src/question/command.ts';
import { type Question, question } from '../../src/question/question.ts';
import type { Asked } from '../../src/question/address.ts';
import { inTexts, SOURCES } from './sources.ts';

/** A comparison with the question that it answers and the command that asks it. */
export interface Compared {
  asked: Question & { baseline: string | object };
  answers: Answers;
  result: Comparison;
  command: string;
}

/** Answers, or the mistake in the question. */
export type Outcome<T> = { value: T; error?: undefined } | { value?: undefined; error: MugiError };

export function attempt<T>(work: () => T): Outcome<T> {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof MugiError) return { error };
    throw error;
  }
}

/** Compares the designs of a question, as `mugi compare` does. */
export function compared(keys: Asked): Outcome<Compared> {
  return attempt(() => {
    const asked = question(keys);
    const found = answers(inTexts(asked), SOURCES);
    const whole = { ...asked, baseline: asked.baseline ?? found.asked.baseline };
    const result = comparison(found.evaluations, found.baseline);
    return { asked: whole, answers: found, result, command: `npx ${toCommand(whole, ['--json'])}` };
  });
}
