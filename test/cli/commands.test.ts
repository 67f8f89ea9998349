import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from '../../scripts/house.ts';
import { COMMANDS } from '../../src/cli/main.ts';
import { commandLine, outputOf } from '../record/run.ts';

/** What a command cannot do without. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  approximate: ['exp'],
  lut: ['exp'],
  simulate: ['gemm'],
  rtl: ['--out', 'nowhere'],
  export: ['accelergy', '--out', 'nowhere'],
  generate: ['--prompt', 'A'],
  completion: ['bash'],
  diff: ['a', 'b'],
  jobs: ['--command', 'lut exp'],
};

/** Commands that talk JSON by a protocol of their own, and nothing else. */
const SERVERS = ['serve', 'mcp'];

async function defined(name: string): Promise<Command> {
  const program = new Command();
  (await COMMANDS.find((entry) => entry.name === name)!.load()).define(program, COMMANDS);
  return program.commands[0];
}

describe.each(COMMANDS.map(({ name }) => name))('mugi %s', (name) => {
  it('prints JSON for programs, and refuses to print CSV beside it', async () => {
    const flags = (await defined(name)).options.map(({ long }) => long);
    if (SERVERS.includes(name)) return;
    expect(flags).toContain('--json');
    if (!flags.includes('--csv')) return;
    const both = outputOf(await commandLine(process.cwd()), [
      name,
      ...(NEEDED[name] ?? []),
      '--json',
      '--csv',
    ]);
    await expect(both).rejects.toThrow('--json and --csv would both go to standard output');
  });

  it('describes every flag, and shows a command that runs it', async () => {
    const command = await defined(name);
    for (const { long, description } of command.options) expect(description, long ?? '').not.toBe('');
    const help: string[] = [];
    command.configureOutput({ writeOut: (text) => help.push(text) }).outputHelp();
    expect(help.join('')).toContain(`  mugi ${name}`);
  });
});

describe('src/cli', () => {
  const files = sourceFiles('src/cli');

  it('has thin commands, which declare their flags in one way', () => {
    const commands = files.filter(({ path }) => path.startsWith('src/cli/command/'));
    expect(commands.map(({ path }) => path.split('/').at(-1)!.replace('.ts', '')).toSorted()).toEqual(
      COMMANDS.map(({ name }) => name).toSorted(),
    );
    expect(commands.filter(({ lines }) => lines > 110).map(({ path }) => path)).toEqual([]);
    const byHand = files.filter(
      ({ path, text }) =>
        !path.startsWith('src/cli/options/') && /\.(option|requiredOption|addOption)\(/.test(text),
    );
    expect(byHand.map(({ path }) => path)).toEqual([]);
  });

  it('writes to standard output, and results to files, in one place each', () => {
    const of = (pattern: RegExp) => files.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
    expect(of(/process\.stdout\.write\(/)).toEqual(['src/cli/options/output.ts']);
    expect(of(/\b(writeFileAtomic|writeFolderAtomic|writePlot)\(/).toSorted()).toEqual([
      'src/cli/options/written.ts',
      // A cache, which is no result.
      'src/cli/source/synthesis-cache.ts',
    ]);
  });
});
