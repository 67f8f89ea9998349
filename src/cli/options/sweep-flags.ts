import { numberList } from '../../explore/values.ts';
import { ENVIRONMENT_KEYS, formOf, type QuestionKey } from '../../question/question.ts';
import { listOf } from '../../question/text.ts';
import type { Flag } from './flag.ts';
import { defaultText, listOffer, questionFlags, USE_KEYS } from './question-options.ts';

/** Keys of a question that are swept over numbers, and over names. */
export const NUMBERS: readonly QuestionKey[] = [...USE_KEYS, ...ENVIRONMENT_KEYS];
export const WORDS = ['model', 'technology', 'preset'] as const satisfies readonly QuestionKey[];

/** The flags of a question, those of numbers and names with lists in the place of values. */
export const sweepFlags = (): Flag[] => [
  ...questionFlags(['designs', 'with', 'without']),
  ...questionFlags([...WORDS, ...NUMBERS]).map((one, i): Flag => {
    const key = [...WORDS, ...NUMBERS][i];
    const numbers = NUMBERS.includes(key);
    const { help, default: usual } = formOf(key);
    return {
      ...one,
      help: `${help}; a list${numbers ? ' or a range' : ''}${defaultText(usual)}`,
      reader: {
        argument: '<list>',
        offer: listOffer(key),
        read: (name: string, text: string) => (numbers ? numberList(text, name) : listOf(name, text)),
      },
    };
  }),
];
