import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { designInside, spaceOf } from '../src/cli/source/live-address.ts';
import { planFrom } from '../src/cli/source/space.ts';
import { designsText } from '../src/explore/space/flag-texts.ts';
import { formOf } from '../src/question/question.ts';
import { listText, sourceText } from '../src/question/text.ts';
import { loadModel } from '../src/source/model.ts';

/** Files of the examples that documents name. */
const isExample = (word: string | undefined): word is string => word?.startsWith('examples/') === true;

/** What stands in the place of a file's name behind a flag, or as the one word of a command. */
type Inside = (path: string, words: readonly string[]) => string;

const model: Inside = (path, words) => {
  const at = words.indexOf('--dims');
  const dims = at < 0 ? undefined : (formOf('dims').read('dims', words[at + 1]) as Record<string, number>);
  return JSON.stringify(loadModel(path, dims));
};
const FLAGS: Readonly<Record<string, Inside>> = {
  '--model': model,
  '--input': (path) => readFileSync(path, 'utf8'),
};
const WORDS: Readonly<Record<string, Inside>> = {
  models: model,
  explore: (path) => JSON.stringify(spaceOf(planFrom(path, {}))),
};
const DESIGNS = ['--design', '--designs', '--baseline'];

/** A command whose files under `examples/` stand written out in it, since a page opens no paths. */
export function withFiles(words: readonly string[], root: string): string[] {
  const whole = words.map((word, at): string => {
    const before = words[at - 1] ?? '';
    const inside = Object.hasOwn(FLAGS, before)
      ? FLAGS[before]
      : Object.hasOwn(WORDS, before)
        ? WORDS[before]
        : undefined;
    if (isExample(word) && inside !== undefined) return inside(join(root, word), words);
    if (!DESIGNS.includes(before) || !word.includes('examples/')) return word;
    const designs = designsText('designs', word).map((one) =>
      typeof one === 'string' && isExample(one) ? designInside(join(root, one)) : one,
    );
    return listText(designs.map(sourceText));
  });
  // The sizes are in the model by now.
  const at = whole.indexOf('--dims');
  return at < 0 || !words.some(isExample) ? whole : whole.toSpliced(at, 2);
}
