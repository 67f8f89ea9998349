import { Command } from 'commander';
import { expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/main.ts';
import { textWidth } from '../../src/present/terminal.ts';
import { wordsOf } from '../../src/question/shell.ts';

const helpOf = async ({ load }: (typeof COMMANDS)[number]): Promise<string> => {
  const program = new Command();
  (await load()).define(program, COMMANDS);
  let help = '';
  program.commands[0].configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  return help;
};

it.each(COMMANDS.map((one) => [one.name, one] as const))(
  'the help of %s fits the terminal',
  async (_, one) => {
    const help = await helpOf(one);
    const [, examples] = help.split('Examples:\n');
    expect(help.split('\n').filter((line) => line.length > textWidth())).toEqual([]);
    expect(examples).toContain(`  mugi ${one.name}`);
  },
);

it('a broken example is one command to a shell', async () => {
  const explore = COMMANDS.find(({ name }) => name === 'explore')!;
  const broken = (await helpOf(explore)).match(/^ {2}mugi .*\\\n.*$/m);
  expect(wordsOf(broken![0].trim())).toContain('--within');
});
