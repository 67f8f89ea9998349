import { type Asking, EVALUATED, flagOf, readKey } from '../../question/command.ts';
import { formOf, type Question, question, QUESTION_KEYS, type QuestionKey } from '../../question/question.ts';
import { listText, sourceText } from '../../question/text.ts';
import type { Flag } from './flag.ts';

/** Keys of how a model is used. */
export const USE_KEYS = ['batch', 'context', 'prefill', 'weightBits', 'kvBits'] as const;
/** Keys of how a design is priced. */
export const PRICE_KEYS = ['preset', 'with', 'without', 'technology'] as const;
/** Keys of what surrounds the chip. */
export const ENVIRONMENT_KEYS = [
  'dramBandwidth',
  'linkBits',
  'carbonIntensity',
  'dramEnergy',
  'fabricationEnergy',
  'lifetime',
] as const;

/** The flags of some keys of a question, with their help and their parsers. */
export const questionFlags = (keys: readonly QuestionKey[], asking: Asking = 'compare'): Flag[] =>
  keys.map((key) => {
    const { argument, help, default: usual } = formOf(key);
    const evaluated = key === 'designs' && asking === 'evaluate';
    return {
      name: flagOf(key, asking),
      help: evaluated
        ? `a built-in design or a YAML file (default: ${EVALUATED})`
        : help + defaultText(usual),
      reader: {
        argument: evaluated ? '<name|file>' : argument,
        read: (_: string, value: string) => readKey(key, value, asking),
      },
    };
  });

function defaultText(usual: unknown): string {
  if (usual === undefined || (Array.isArray(usual) && usual.length === 0)) return '';
  const text = Array.isArray(usual) ? listText(usual.map(sourceText)) : sourceText(usual as string);
  return ` (default: ${text})`;
}

/** The question that the flags of a command ask, as commander leaves them; what is not given has its default. */
export function questionOf(flags: object, asking: Asking = 'compare'): Question {
  const given = flags as Record<string, unknown>;
  const asked = Object.fromEntries(
    QUESTION_KEYS.filter((key) => given[key] !== undefined).map((key) => [key, given[key]]),
  );
  return question(
    asking === 'evaluate' ? { ...asked, designs: (given.design as string[]) ?? [EVALUATED] } : asked,
  );
}
