import { Argument, type Command } from 'commander';
import { MugiError } from '../../errors.ts';
import { type Flag, keyOf, type Offer, optionOf } from './flag.ts';
import { commandLines } from '../../question/shell.ts';
import { progressAsLines } from '../../present/progress-lines.ts';
import { textWidth, wrapped } from '../../present/terminal.ts';
import { oneOutput } from './idle.ts';

const INDENT = '  ';

/** One command of the CLI: a file that adds itself to the program, and is told of all of them. Loaded only when it is asked for. */
export interface CommandModule {
  define(program: Command, all: readonly CommandEntry[]): void;
}

/** A command by its name, as the help of `mugi` lists it. */
export interface CommandEntry {
  name: string;
  summary: string;
  load: () => Promise<CommandModule>;
  /** Status with which a mistake ends it, where 1 is an answer. Default: 1. */
  failure?: number;
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
  arguments?: readonly { name: string; help: string; default?: string; offer?: Offer }[];
  flags: readonly Flag[];
  examples: readonly string[];
  /** Help before and behind the examples. */
  before?: string;
  behind?: string;
  run(asked: Asked<Flags>): void | Promise<void>;
}

/** What each command was made of. */
const DEFINITIONS = new WeakMap<Command, Omit<Definition<never>, 'run'>>();

/** What a command of the program was made of. */
export const definitionOf = (command: Command): Omit<Definition<never>, 'run'> | undefined =>
  DEFINITIONS.get(command);

/** A command with what it is for behind it; below it where both together are too wide. */
function exampleText(example: string): string {
  const width = textWidth();
  if (example.length + INDENT.length <= width) return INDENT + example;
  const [command, ...purpose] = example.split(/ {2,}/);
  return [
    ...commandLines(command, width - INDENT.length).split('\n'),
    ...purpose.map((text) => `    ${text}`),
  ]
    .map((line) => INDENT + line)
    .join('\n');
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
  DEFINITIONS.set(command, definition);
  const prose = (text: string): string[] => text.split('\n').map((line) => wrapped(line));
  command.addHelpText('after', () =>
    [
      '',
      ...(before === undefined ? [] : [...prose(before), '']),
      'Examples:',
      ...examples.map(exampleText),
      ...(behind === undefined ? [] : ['', ...prose(behind)]),
    ].join('\n'),
  );
  command.action(() => {
    const values = command.opts<Record<string, unknown>>();
    const given = new Set(Object.keys(values).filter((key) => command.getOptionValueSource(key) === 'cli'));
    progressAsLines(values.json === true ? name : undefined);
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
