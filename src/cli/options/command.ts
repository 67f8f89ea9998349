import { Argument, type Command } from 'commander';
import { MugiError } from '../../errors.ts';
import { type Flag, keyOf, optionOf } from './flag.ts';
import { oneOutput } from './idle.ts';

/** One command of the CLI: a file that adds itself to the program. Loaded only when it is asked for. */
export interface CommandModule {
  define(program: Command): void;
}

/** What a command is asked: its arguments, its flags, and which of them the user wrote. */
export interface Asked<Flags> {
  words: readonly string[];
  flags: Flags;
  given: ReadonlySet<string>;
}

export interface Definition<Flags> {
  name: string;
  description: string;
  /** Arguments before the flags: `<function>`, `[item]`, `[designs...]`. */
  arguments?: readonly { name: string; help: string; default?: string }[];
  flags: readonly Flag[];
  examples: readonly string[];
  /** Help before and behind the examples. */
  before?: string;
  behind?: string;
  run(asked: Asked<Flags>): void | Promise<void>;
}

/** Adds a command to the program. Flags that need another are refused without it, and two outputs at once always. */
export function define<Flags>(program: Command, definition: Definition<Flags>): void {
  const { name, description, flags, examples, before, behind, run } = definition;
  const command = program.command(name).description(description);
  for (const { name: argument, help, default: usual } of definition.arguments ?? []) {
    const one = new Argument(argument, help);
    command.addArgument(usual === undefined ? one : one.default(usual));
  }
  for (const one of flags) command.addOption(optionOf(one));
  const shown = [
    ...(before === undefined ? [] : [before, '']),
    'Examples:',
    ...examples.map((line) => `  ${line}`),
  ];
  command.addHelpText('after', `\n${[...shown, ...(behind === undefined ? [] : ['', behind])].join('\n')}`);
  command.action(() => {
    const values = command.opts<Record<string, unknown>>();
    const given = new Set(Object.keys(values).filter((key) => command.getOptionValueSource(key) === 'cli'));
    oneOutput({ '--json': given.has('json'), '--csv': given.has('csv') });
    for (const { name: own, onlyWith } of flags) {
      if (onlyWith === undefined || !given.has(keyOf(own)) || given.has(keyOf(onlyWith))) continue;
      const { reader } = flags.find((one) => one.name === onlyWith)!;
      const value = reader === undefined ? '' : ` ${reader.argument.replace(/[<>[\]]/g, '').toUpperCase()}`;
      throw new MugiError({
        code: 'invalid-value',
        message: `${own} needs ${onlyWith}`,
        path: own,
        expected: `${onlyWith}${value} beside it`,
      });
    }
    return run({ words: command.processedArgs.flat() as string[], flags: values as Flags, given });
  });
}
