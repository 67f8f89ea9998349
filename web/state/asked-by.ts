import { answers } from '../../src/compare/answers.ts';
import type { Asked } from '../../src/question/address.ts';
import { parse } from '../../src/question/command.ts';
import { question } from '../../src/question/question.ts';
import { inTexts, SOURCES } from './sources.ts';

/** The question that a command asks, with names that this page knows: it opens no paths. */
export function askedBy(words: readonly string[]): Asked {
  const { version: _, ...asked } = parse(words);
  answers(inTexts(question(asked)), SOURCES);
  return asked;
}
