import type { Dimension } from '../../explore/grid.ts';
import { numberList } from '../../explore/values.ts';
import { formOf, NUMBER_KEYS, type QuestionKey } from '../../question/question.ts';
import { listOf } from '../../question/text.ts';
import { type Flag, keyOf, type Reader } from './flag.ts';
import { refuseIdle } from './idle.ts';
import { defaultText, listOffer, questionFlags } from './question-options.ts';

/** Keys of a question that are swept over names. */
const WORDS = ['model', 'technology', 'preset'] as const satisfies readonly QuestionKey[];
const KEYS: readonly QuestionKey[] = [...WORDS, ...NUMBER_KEYS];

/** The flags of a question, those of numbers and names with lists in the place of values. */
export const sweepFlags = (): Flag[] => [
  ...questionFlags(['designs', 'with', 'without', 'dims']),
  ...questionFlags(KEYS).map((one, i): Flag => {
    const key = KEYS[i];
    const numbers = NUMBER_KEYS.includes(key);
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

/** What a text with a comma or a range in it stands for: a list. */
const LISTED = /,|\.\./;

/** The flags of one question, of which those of numbers take lists and ranges too. */
export const withLists = (flags: readonly Flag[]): Flag[] =>
  flags.map((one): Flag => {
    if (!NUMBER_KEYS.some((key) => key === keyOf(one.name))) return one;
    const { read, ...reader } = one.reader as Reader<unknown>;
    return {
      ...one,
      reader: {
        ...reader,
        argument: reader.argument.replace('>', '|list>'),
        read: (key, text) => (LISTED.test(text) ? numberList(text, key) : read(key, text)),
      },
    };
  });

/** Keys with lists of values among the values of flags. */
export function sweptIn(flags: object): Dimension<number | string>[] {
  const given = flags as Record<string, unknown>;
  return KEYS.flatMap((name) => {
    const values = given[name];
    return Array.isArray(values) ? [{ name, values: values as (number | string)[] }] : [];
  });
}

/** The flags beside those that are swept. */
export const unswept = <Flags extends object>(flags: Flags, swept: readonly Dimension<unknown>[]): Flags =>
  Object.fromEntries(
    Object.entries(flags).filter(([key]) => !swept.some(({ name }) => name === key)),
  ) as Flags;

/** Refuses what shows one answer where lists ask for several. */
export function refuseOnLists(
  given: ReadonlySet<string>,
  swept: readonly Dimension<unknown>[],
  rules: Readonly<Record<string, string>>,
): void {
  const [first] = swept;
  if (first === undefined) return;
  refuseIdle(
    given,
    Object.entries(rules).map(([key, because]) => ({
      flags: [key],
      when: true,
      because,
      expected: `one value of --${first.name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}, or mugi sweep --plot METRIC for lines`,
    })),
  );
}

/** Flags that show one comparison. */
export const ONE_COMPARISON = {
  html: 'writes one comparison, and a list asks for several',
  plots: 'draws one comparison, and a list asks for several',
  accuracy: 'measures one model, which no list of these changes',
  accuracyTokens: 'is for --accuracy',
  plan: 'is for --accuracy',
} as const;
