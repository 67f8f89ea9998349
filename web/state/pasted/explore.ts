import { stringify } from 'yaml';
import { MugiError } from '../../../src/errors.ts';
import { designsText, modelsText, variedText } from '../../../src/explore/space/flag-texts.ts';
import { numberList } from '../../../src/explore/values.ts';
import { flagOf, readKey } from '../../../src/question/command.ts';
import { NUMBER_KEYS, PRICE_KEYS, type QuestionKey } from '../../../src/question/question.ts';
import { listOf } from '../../../src/question/text.ts';
import { shownSpace } from '../../explore/check-shown.ts';
import { limitsIn, planIn, spaceIn } from '../../view/explore/space-text.ts';
import { refuse, type Shown, stated, taken } from './words.ts';

const KEYS: readonly QuestionKey[] = [...NUMBER_KEYS, ...PRICE_KEYS];
/** Flags that add up to a list of texts. */
const LISTS = ['--where', '--forbid', '--minimise', '--maximise'];
const SEARCH = ['--budget', '--population', '--seed'];

/** `mugi explore`: the space that its JSON and its flags describe, with bounds of flags as limits. */
export function exploring([, ...words]: readonly string[]): Shown {
  const flags = [
    '--model',
    '--designs',
    '--vary',
    '--within',
    ...LISTS,
    ...SEARCH,
    ...KEYS.map((key) => flagOf(key, 'compare')),
  ];
  const { given, all, left } = taken(words, flags);
  const [written] = left.filter((word) => !word.startsWith('-'));
  refuse(
    left.filter((word) => word !== written),
    flags,
  );
  const space: Record<string, unknown> = written === undefined ? {} : { ...inline(written) };
  if (given.has('--model')) {
    delete space.model;
    delete space.models;
  }
  for (const flag of LISTS) if (given.has(flag)) delete space[flag.slice(2)];
  for (const [flag, text] of all) {
    const key = KEYS.find((one) => flagOf(one, 'compare') === flag);
    const name = flag.slice(2);
    if (key !== undefined) space[key] = readKey(key, text, 'compare');
    else if (flag === '--model') Object.assign(space, modelsIn(text));
    else if (flag === '--designs') space.designs = designsText('designs', text);
    else if (flag === '--vary')
      space.vary = variedText('vary', text, space.vary as Record<string, string> | undefined);
    else if (LISTS.includes(flag)) space[name] = [...((space[name] as string[] | undefined) ?? []), text];
    else if (SEARCH.includes(flag)) space.search = { ...(space.search as object), [name]: Number(text) };
  }
  const bounds = all.filter(([flag]) => flag === '--within').map(([, text]) => text);
  // A bound of a flag stands in the place of those of the space.
  if (bounds.length > 0) delete space.within;
  return shown(space, bounds.length === 0 ? undefined : bounds.join(','));
}

function inline(text: string): Record<string, unknown> {
  if (!text.trimStart().startsWith('{')) {
    throw new MugiError({
      code: 'unsupported',
      message: 'a page opens no files by their names',
      path: 'space',
      expected: 'the space written out as JSON, or its YAML in the editor of Explore',
      received: text,
    });
  }
  return spaceIn(text).value;
}

function modelsIn(text: string): Record<string, unknown> {
  const models = modelsText('model', text);
  return models.length === 1 && typeof models[0] === 'string' ? { model: models[0] } : { models };
}

function shown(space: Record<string, unknown>, limits?: string): Shown {
  const text = stringify(space, { flowCollectionPadding: false });
  shownSpace(planIn(text));
  limitsIn(limits);
  return { view: 'explore', detail: stated({ space: text, limits }) };
}

/** Keys with words that a command sweeps. */
const WORDS: readonly QuestionKey[] = ['technology', 'preset'];
const LISTED = /,|\.\./;

/** Whether a command of one question has lists in the place of numbers. */
export const isSwept = (words: readonly string[]): boolean =>
  taken(
    words,
    NUMBER_KEYS.map((key) => flagOf(key, 'compare')),
  ).all.some(([, text]) => LISTED.test(text));

/** `mugi sweep`, and `mugi compare` or `mugi evaluate` with lists: a space of every combination. */
export function sweeping([, ...words]: readonly string[]): Shown {
  const ones: readonly QuestionKey[] = ['with', 'without'];
  const keys = [...NUMBER_KEYS, ...WORDS, ...ones];
  const flags = ['--model', '--designs', '--design', ...keys.map((key) => flagOf(key, 'compare'))];
  const { given, left } = taken(words, flags);
  refuse(left, flags);
  const space: Record<string, unknown> = {};
  const model = given.get('--model');
  if (model !== undefined) {
    const [one, other] = listOf('model', model);
    if (other !== undefined) {
      throw new MugiError({
        code: 'unsupported',
        message: 'a space evaluates its models together, so a page sweeps one',
        path: 'model',
        expected: 'one model',
        received: model,
      });
    }
    space.model = one;
  }
  const designs = given.get('--designs') ?? given.get('--design');
  if (designs !== undefined) space.designs = designsText('designs', designs);
  const vary: Record<string, unknown> = {};
  for (const key of keys) {
    const text = given.get(flagOf(key, 'compare'));
    if (text === undefined) continue;
    if (ones.includes(key)) space[key] = readKey(key, text, 'compare');
    else if (!LISTED.test(text)) space[key] = readKey(key, text, 'compare');
    else vary[key] = NUMBER_KEYS.includes(key) ? numberList(text, key) : listOf(key, text);
  }
  return shown({ ...space, vary });
}
