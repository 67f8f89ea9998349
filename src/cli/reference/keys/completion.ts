import { type Keys, MUGI, under } from './part.ts';

/** What may stand behind a flag, or as an argument. */
const VALUE: Keys = {
  name: 'what it is, as the help shows it',
  'words[]': 'what it can be, where that is a list',
  paths: 'files or folders, where it can be the name of one',
  list: 'several of the words, with commas between them',
  several: 'several values, each a word of the command line',
};

/** Of what shells complete. */
export const COMPLETION_KEYS: Readonly<Record<string, Keys>> = {
  completion: {
    ...MUGI,
    ...under('commands[].', {
      name: 'command',
      summary: 'what it is for',
      'flags[].name': 'flag, with its dashes',
      'flags[].help': 'what it is for',
      ...under('flags[].value.', {
        ...VALUE,
        optional: 'the flag may stand without it',
      }),
      ...under('arguments[].', VALUE),
    }),
  },
};
