import type { CommandWords, FlagWords, ValueWords } from './command-line.ts';
import { oneLine } from './one-line.ts';

/** A script for zsh 5 and newer. */
export function zshScript(commands: readonly CommandWords[]): string {
  const names = commands.map(({ name, summary }) => quoted(`${name}:${oneLine(summary)}`));
  return `#compdef mugi
# Completion of mugi for zsh. Load it, behind compinit, with: eval "$(mugi completion zsh)"

# Words, or the name of a file.
_mugi_or_file() {
  _alternative "words:word:($*)" 'files:file:_files'
}

# Several words with commas between them, or the name of a file.
_mugi_list_or_file() {
  _sequence compadd - "$@" || _files
}

_mugi() {
  local curcontext="$curcontext" state
  _arguments -C '--help[show the help]' '--version[show the version]' '1:command:->command' '*::argument:->argument' && return
  case $state in
    command)
      local -a commands
      commands=(
${indent([...names, quoted('help:show the help of a command')], 8)}
      )
      _describe -t commands command commands
      ;;
    argument)
      case $words[1] in
        help) compadd - ${commands.map(({ name }) => name).join(' ')} ;;
${indent(commands.flatMap(ofCommand), 8)}
      esac
      ;;
  esac
}

if [[ $funcstack[1] == _mugi ]]; then
  _mugi "$@"
else
  compdef _mugi mugi
fi
`;
}

const indent = (lines: readonly string[], spaces: number): string =>
  lines.map((line) => `${' '.repeat(spaces)}${line}`).join('\n');

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Colons and brackets end the parts of what `_arguments` is told. */
const escaped = (text: string): string => text.replace(/[\\:[\]]/g, (character) => `\\${character}`);

function ofCommand({ name, flags, arguments: values }: CommandWords): string[] {
  const specs = [
    ...flags.map(flagSpec),
    quoted('--help[show the help]'),
    ...values.map((value, i) => quoted(`${value.several ? '*' : i + 1}${valueSpec(value)}`)),
  ];
  return [
    `${name})`,
    '  _arguments \\',
    ...specs.map((spec, i) => `    ${spec}${i < specs.length - 1 ? ' \\' : ''}`),
    '  ;;',
  ];
}

function flagSpec({ name, help, value }: FlagWords): string {
  const shown = `[${escaped(oneLine(help))}]`;
  if (value === undefined) return quoted(name + shown);
  // A flag of several words goes on to the next flag.
  if (value.several) return quoted(`*${name}=${shown}:*-*${valueSpec(value)}`);
  return quoted(`${name}=${shown}${value.optional ? ':' : ''}${valueSpec(value)}`);
}

const valueSpec = (value: ValueWords): string => `:${escaped(value.name)}:${action(value)}`;

/** An action that begins with a space is run as it is. */
function action({ words, paths, list }: ValueWords): string {
  const all = words.map(escaped).join(' ');
  if (words.length === 0) return paths === undefined ? '' : paths === 'files' ? '_files' : '_files -/';
  if (paths !== undefined) return ` ${list ? '_mugi_list_or_file' : '_mugi_or_file'} ${all}`;
  return list ? ` _sequence compadd - ${all}` : `(${all})`;
}
