import { MugiError } from '../../errors.ts';
import { kindAt } from '../../files/read.ts';
import { NAMES, pricedDesign, type Sources } from '../../question/point.ts';
import { loadDesign } from '../../source/design.ts';
import { loadModel } from '../../source/model.ts';

/**
 * What a text stands for where others ask: something built in, or one of the files that the user has named.
 * @throws MugiError for a file that is not there
 */
export function onlyThese(files: readonly string[]): Sources {
  const missing = files.find((file) => kindAt(file) === 'nothing');
  if (missing !== undefined) {
    throw new MugiError({ code: 'missing-file', message: 'there is no such file or folder', path: missing });
  }
  const named = (text: string): boolean => files.includes(text);
  return {
    model: (text, dims) => (named(text) ? loadModel(text, dims) : NAMES.model(text, dims)),
    design: (text, preset, technology) =>
      // A mesh may stand behind the name of a file.
      named(text) || named(text.replace(/@[^@/\\]*$/, ''))
        ? loadDesign(text, preset, technology)
        : pricedDesign(text, preset, technology),
  };
}
