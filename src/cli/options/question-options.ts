import { designNames } from '../../design/index.ts';
import { PRESETS, REPAIR_NAMES } from '../../published/preset.ts';
import { type Asking, EVALUATED, flagOf, readKey } from '../../question/command.ts';
import {
  ENVIRONMENT_KEYS,
  formOf,
  type Question,
  question,
  QUESTION_KEYS,
  type QuestionInput,
  type QuestionKey,
  PRICE_KEYS,
  USE_KEYS,
} from '../../question/question.ts';
import { sourceText } from '../../question/text.ts';
import { TECHNOLOGIES } from '../../technology/index.ts';
import { MODELS } from '../../workload/models.ts';
import type { Flag, Offer } from './flag.ts';

/** Everything that can be asked of one design. */
const EVALUATED_KEYS = [
  'designs',
  'model',
  ...USE_KEYS,
  ...PRICE_KEYS,
  ...ENVIRONMENT_KEYS,
  'schedule',
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
        offer: offerOf(key, evaluated),
        read: (_: string, value: string) => readKey(key, value, asking),
      },
    };
  });

/** The flags of a command that evaluates one design. */
export const evaluatedFlags = (): Flag[] => questionFlags(EVALUATED_KEYS, 'evaluate');

const DESIGN: Offer = { words: designNames, paths: 'files' };
const REPAIR_LIST: Offer = { words: () => REPAIR_NAMES, list: true };
const OFFERS: Partial<Record<QuestionKey, Offer>> = {
  model: { words: () => MODELS.map(({ name }) => name), paths: 'files' },
  designs: { ...DESIGN, list: true },
  baseline: DESIGN,
  preset: { words: () => Object.keys(PRESETS) },
  with: REPAIR_LIST,
  without: REPAIR_LIST,
  technology: { words: () => TECHNOLOGIES.map(({ name }) => name) },
};

const offerOf = (key: QuestionKey, evaluated: boolean): Offer | undefined =>
  evaluated ? DESIGN : OFFERS[key];

/** What completes a list of values of a key. */
export function listOffer(key: QuestionKey): Offer | undefined {
  const offer = OFFERS[key];
  return offer && { ...offer, list: true };
}

/** The default of a key, as its help ends. */
export function defaultText(usual: unknown): string {
  if (usual === undefined || (Array.isArray(usual) && usual.length === 0)) return '';
  const text = Array.isArray(usual) ? usual.map(sourceText).join(', ') : sourceText(usual as string);
  return ` (default: ${text})`;
}

/** What the flags of a command ask, as commander leaves them, without defaults. */
export function askedOf(flags: object, asking: Asking = 'compare'): QuestionInput {
  const given = flags as Record<string, unknown>;
  const asked = Object.fromEntries(
    QUESTION_KEYS.filter((key) => given[key] !== undefined).map((key) => [key, given[key]]),
  );
  return asking === 'evaluate' ? { ...asked, designs: (given.design as string[]) ?? [EVALUATED] } : asked;
}

/** The question that the flags of a command ask; what is not given has its default. */
export const questionOf = (flags: object, asking: Asking = 'compare'): Question =>
  question(askedOf(flags, asking));
