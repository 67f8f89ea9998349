import { Command } from 'commander';
import { type CommandEntry, definitionOf } from '../options/command.ts';
import type { Offer } from '../options/flag.ts';

/** What may stand on the command line, for shells and for other programs. JSON names. */
export interface CommandWords {
  name: string;
  summary: string;
  flags: FlagWords[];
  arguments: ValueWords[];
}

export interface FlagWords {
  name: string;
  help: string;
  /** What stands behind the flag; nothing for a switch. */
  value?: ValueWords & { optional: boolean };
}

export interface ValueWords {
  /** As the help shows it, without brackets. */
  name: string;
  /** What the value can be, where that is a list. */
  words: readonly string[];
  /** Where it can be the name of a file, or of a folder. */
  paths?: Offer['paths'];
  /** Several of the words, with commas between them. */
  list: boolean;
  /** Several values, each a word of the command line. */
  several: boolean;
}

/** Every command with its flags and arguments, from the declarations that parse them. */
export const commandLine = (entries: readonly CommandEntry[]): Promise<CommandWords[]> =>
  Promise.all(
    entries.map(async ({ name, summary, load }) => {
      const program = new Command();
      (await load()).define(program, entries);
      const definition = definitionOf(program.commands[0]);
      if (definition === undefined) throw new Error(`${name} is not defined by its flags`);
      return {
        name,
        summary,
        flags: definition.flags.map(({ name: flag, help, reader }): FlagWords => {
          if (reader === undefined) return { name: flag, help };
          const { argument, offer } = reader;
          return {
            name: flag,
            help,
            value: { ...valueOf(argument, offer), optional: argument.startsWith('[') },
          };
        }),
        arguments: (definition.arguments ?? []).map((one) => valueOf(one.name, one.offer)),
      };
    }),
  );

const valueOf = (argument: string, { words, paths, list }: Offer = {}): ValueWords => ({
  name: argument.replace(/[<>[\]]|\.\.\./g, ''),
  words: words?.() ?? [],
  ...(paths === undefined ? {} : { paths }),
  list: list === true,
  several: argument.includes('...'),
});
