import { unknownName } from '../../src/errors.ts';
import { STUDIO_MODELS } from '../../src/model/embedded.ts';
import { PURE_ITEMS } from '../../src/paper/pure.ts';
import { wordsOf } from '../../src/question/shell.ts';
import { MODELS } from '../../src/workload/models.ts';
import { askedBy } from './asked-by.ts';
import { exploring, isSwept, sweeping } from './pasted/explore.ts';
import { approximating, profiling, tabling } from './pasted/functions.ts';
import { describing, simulating } from './pasted/node.ts';
import { refuse, type Shown, stated, taken } from './pasted/words.ts';

/** Commands that a view shows, by the view's way of reading them. */
const READ: Readonly<Record<string, (words: readonly string[]) => Shown>> = {
  evaluate: asking,
  compare: asking,
  sweep: sweeping,
  explore: exploring,
  models: listing,
  simulate: simulating,
  rtl: describing,
  approximate: approximating,
  lut: tabling,
  profile: profiling,
  paper: printing,
};

/**
 * What a command shows: the view and the state that print the same numbers.
 * @throws MugiError as the command line does, for a command that no view shows, a flag or a value that is wrong
 */
export function experimentOf(line: string | readonly string[]): Shown {
  const words = typeof line === 'string' ? wordsOf(line.trim()) : line;
  const from = words.findIndex((word) => word !== 'npx' && word !== 'mugi' && word !== '$');
  const [command = '', ...rest] = from < 0 ? [] : words.slice(from);
  if (!Object.hasOwn(READ, command))
    throw unknownName('command of a view', command, Object.keys(READ), 'command');
  return READ[command]([command, ...rest]);
}

function asking(words: readonly string[]): Shown {
  if (isSwept(words)) return sweeping(words);
  const { given, left } = taken(words, ['--why', '--accuracy', '--accuracy-tokens'], {
    '--accuracy': STUDIO_MODELS[0],
  });
  const asked = askedBy(left);
  const model = given.get('--accuracy');
  if (model !== undefined) {
    if (!(STUDIO_MODELS as readonly string[]).includes(model))
      throw unknownName('model of this page', model, STUDIO_MODELS, 'model');
    return { view: 'accuracy', asked, detail: stated({ model, tokens: given.get('--accuracy-tokens') }) };
  }
  const why = given.get('--why');
  const [design] = asked.designs ?? [];
  if (why !== undefined) {
    const of = typeof design === 'string' ? design : (design as { name?: string }).name;
    return { view: 'compare', asked, detail: stated({ why, of }) };
  }
  // `mugi evaluate --csv` prints operators, `mugi compare --csv` designs.
  return {
    view: words[0] === 'evaluate' && words.includes('--csv') ? 'operators' : 'compare',
    asked,
    detail: {},
  };
}

/** `mugi models NAME`: what an inference of it is made of. */
function listing([, ...words]: readonly string[]): Shown {
  const { left } = taken(words, []);
  const [model, ...more] = left;
  if (model === undefined || model.startsWith('-'))
    throw unknownName(
      'model',
      model ?? '',
      MODELS.map(({ name }) => name),
    );
  return { view: 'operators', asked: askedBy(['compare', '--model', model, ...more]), detail: {} };
}

function printing([, ...words]: readonly string[]): Shown {
  const { left } = taken(words, []);
  const [item, ...more] = left;
  if (item === 'headlines' && more.length > 0)
    return { view: 'repairs', asked: askedBy(['compare', ...more]), detail: {} };
  refuse(more, []);
  const names = PURE_ITEMS.map(({ name }) => name);
  if (item === 'all') return { view: 'paper', detail: {} };
  if (item !== undefined && !names.includes(item))
    throw unknownName('item on this page', item, names, 'item');
  return { view: 'paper', detail: stated({ item }) };
}
