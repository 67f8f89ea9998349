import type { CommandWords, ValueWords } from './command-line.ts';

/**
 * A script for bash 3.2 and newer. It holds all words itself, so that a press of the tab key starts nothing and runs nothing
 * of what was typed.
 */
export function bashScript(commands: readonly CommandWords[]): string {
  const names = [...commands.map(({ name }) => name), 'help'];
  return `# Completion of mugi for bash. Load it with: eval "$(mugi completion bash)"

# Completes the word in \`cur\`. $1: words that it may be; $2: files, folders or none, where no word fits; $3: list, where
# commas stand between words.
_mugi_offer() {
  local before=
  [[ $3 == list && $cur == *,* ]] && before="\${cur%,*},"
  local IFS=$' \\t\\n'
  COMPREPLY=($(compgen -P "$before" -W "$1" -- "\${cur#"$before"}"))
  [[ $3 == list ]] && compopt -o nospace 2>/dev/null
  if [[ \${#COMPREPLY[@]} == 0 && $2 == folders ]]; then
    IFS=$'\\n'
    COMPREPLY=($(compgen -d -- "$cur"))
    compopt -o filenames 2>/dev/null
  fi
  # Without words bash itself completes files.
  [[ $2 == files ]] || compopt +o default 2>/dev/null
  return 0
}

_mugi() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" command= last= place=0 i=1
  COMPREPLY=()
  # Of --flag=value bash makes three words.
  if [[ $cur == = ]]; then
    cur=
  elif [[ $before == = ]]; then
    before="\${COMP_WORDS[COMP_CWORD - 2]}"
  fi
  # The command, and the place of the word among its arguments.
  while ((i < COMP_CWORD)); do
    [[ \${COMP_WORDS[i]} == -* ]] && last="\${COMP_WORDS[i]}"
    case "$command \${COMP_WORDS[i]}" in
${indent(valueFlags(commands), 6)}
        ((i++))
        [[ \${COMP_WORDS[i]} == = ]] && ((i++))
        ;;
      *' -'*) ;;
      ' '*) command="\${COMP_WORDS[i]}" ;;
      *) ((place++)) ;;
    esac
    ((i++))
  done
  case "$command $before" in
${indent(commands.flatMap(flagValues), 4)}
  esac
  # A flag of several words goes on to the next flag.
  [[ $cur == -* ]] || case "$command $last" in
${indent(commands.flatMap(severalValues), 4)}
  esac
  case "$command" in
    '') _mugi_offer '${[...names, '--help', '--version'].join(' ')}' none ;;
    help) _mugi_offer '${names.join(' ')}' none ;;
${indent(commands.flatMap(commandWords), 4)}
  esac
}

complete -o default -F _mugi mugi
`;
}

const indent = (lines: readonly string[], spaces: number): string =>
  lines.map((line) => `${' '.repeat(spaces)}${line}`).join('\n');

const offer = ({
  words,
  paths = 'none' as const,
  list,
}: Omit<ValueWords, 'paths'> & { paths?: string }): string =>
  `_mugi_offer '${words.join(' ')}' ${paths}${list ? ' list' : ''}`;

/** A pattern of all flags that a word of their own follows. */
function valueFlags(commands: readonly CommandWords[]): string[] {
  const patterns = commands.flatMap(({ name, flags }) =>
    flags.flatMap(({ name: flag, value }) =>
      value === undefined || value.optional ? [] : [`'${name} ${flag}'`],
    ),
  );
  return patterns.map((pattern, i) => (i < patterns.length - 1 ? `${pattern} | \\` : `${pattern})`));
}

/** What completes the value of each flag of a command. A value that may be left out may be followed by a flag. */
const flagValues = ({ name, flags }: CommandWords): string[] =>
  flags.flatMap(({ name: flag, value }) => {
    if (value === undefined) return [];
    const skip = value.optional ? '[[ $cur != -* ]] && ' : '';
    return [`'${name} ${flag}')`, `  ${skip}${offer(value)} && return`, '  ;;'];
  });

const severalValues = ({ name, flags }: CommandWords): string[] =>
  flags.flatMap(({ name: flag, value }) =>
    value?.several === true ? [`'${name} ${flag}') ${offer(value)} && return ;;`] : [],
  );

/** Flags of a command, and words of its arguments. */
function commandWords({ name, flags, arguments: values }: CommandWords): string[] {
  const all = [...flags.map((one) => one.name), '--help'].join(' ');
  const places = values.map((value, i) => `${i}${value.several ? '*' : ''}) ${offer(value)} ;;`);
  const rest = values.some(({ several }) => several) ? [] : [`*) _mugi_offer '${all}' none ;;`];
  // Behind an argument that takes several words, every place is its own.
  const cases = values.at(-1)?.several ? [`*) ${offer(values.at(-1)!)} ;;`] : [...places, ...rest];
  return [
    `${name})`,
    `  if [[ $cur == -* ]]; then`,
    `    _mugi_offer '${all}' none`,
    `  else`,
    `    case $place in`,
    ...cases.map((line) => `      ${line}`),
    `    esac`,
    `  fi`,
    `  ;;`,
  ];
}
