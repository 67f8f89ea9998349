import type { Command } from 'commander';
import { unknownName } from '../../errors.ts';
import { version } from '../../version.ts';
import { bashScript } from '../completion/bash.ts';
import { commandLine, type CommandWords } from '../completion/command-line.ts';
import { fishScript } from '../completion/fish.ts';
import { zshScript } from '../completion/zsh.ts';
import { type CommandEntry, define as command } from '../options/command.ts';
import { jsonFlag, output, type OutputFlags } from '../options/output.ts';

const SCRIPTS: Readonly<Record<string, (commands: readonly CommandWords[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};
const SHELLS = Object.keys(SCRIPTS);

export const define = (program: Command, all: readonly CommandEntry[]): void =>
  command<OutputFlags>(program, {
    name: 'completion',
    description: 'A script by which a shell completes commands, flags and their values',
    arguments: [{ name: '<shell>', help: SHELLS.join(', '), offer: { words: () => SHELLS } }],
    flags: [jsonFlag('in the place of the script all commands, flags and values that it would complete')],
    examples: ['mugi completion bash', 'mugi completion fish > ~/.config/fish/completions/mugi.fish'],
    behind: [
      'To load it now; in a start file of the shell, for good:',
      '  bash  eval "$(mugi completion bash)"       ~/.bashrc',
      '  zsh   eval "$(mugi completion zsh)"        ~/.zshrc, behind compinit',
      '  fish  mugi completion fish | source        ~/.config/fish/config.fish',
    ].join('\n'),
    run: ({ words: [shell], flags }) => completion(shell, flags, all),
  });

async function completion(shell: string, flags: OutputFlags, all: readonly CommandEntry[]): Promise<void> {
  if (!Object.hasOwn(SCRIPTS, shell)) throw unknownName('shell', shell, SHELLS);
  const commands = await commandLine(all);
  output(flags, { json: () => ({ mugi: version, commands }), text: () => SCRIPTS[shell](commands) });
}
