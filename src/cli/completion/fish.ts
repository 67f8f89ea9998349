import type { CommandWords, ValueWords } from './command-line.ts';
import { oneLine } from './one-line.ts';

/** A script for fish 3.1 and newer. */
export function fishScript(commands: readonly CommandWords[]): string {
  const names = [...commands.map(({ name }) => name), 'help'];
  return [
    '# Completion of mugi for fish. Load it with: mugi completion fish | source',
    '',
    'complete -c mugi -f',
    'complete -c mugi -l help -d "show the help"',
    line('__fish_use_subcommand', '-l version', 'show the version'),
    ...commands.map(({ name, summary }) => line('__fish_use_subcommand', `-a ${name}`, oneLine(summary))),
    line('__fish_use_subcommand', '-a help', 'show the help of a command'),
    line('__fish_seen_subcommand_from help', `-a ${quoted(names.join(' '))}`),
    ...commands.flatMap(ofCommand),
    '',
  ].join('\n');
}

/** Quotes of fish know two escapes. */
const quoted = (text: string): string => `'${text.replace(/[\\']/g, (character) => `\\${character}`)}'`;

const line = (condition: string, what: string, help?: string): string =>
  `complete -c mugi -n ${quoted(condition)} ${what}${help === undefined ? '' : ` -d ${quoted(help)}`}`;

function ofCommand({ name, flags, arguments: values }: CommandWords): string[] {
  const seen = `__fish_seen_subcommand_from ${name}`;
  return [
    ...flags.map(({ name: flag, help, value }) =>
      line(seen, `-l ${flag.slice(2)}${value === undefined ? '' : ` ${taken(value)}`}`, oneLine(help)),
    ),
    ...values.map((value) => {
      // An argument that takes one word is not offered again behind it.
      const once = value.several || value.words.length === 0;
      const again = once ? '' : `; and not __fish_seen_subcommand_from ${value.words.join(' ')}`;
      return line(`${seen}${again}`, offered(value));
    }),
  ];
}

/** What stands behind a flag: fish takes files only where they are asked for. */
const taken = (value: ValueWords & { optional: boolean }): string =>
  value.optional ? offered(value) : `-r ${offered(value)}`;

function offered({ words, paths, list }: ValueWords): string {
  const sources = [
    ...(words.length === 0 ? [] : [list ? `(__fish_append , ${words.join(' ')})` : words.join(' ')]),
    ...(paths === 'folders' ? ['(__fish_complete_directories (commandline -ct))'] : []),
  ];
  return `${paths === 'files' ? '-F' : '-f'}${sources.length === 0 ? '' : ` -a ${quoted(sources.join(' '))}`}`;
}
