import type { Command } from 'commander';
import { MugiError } from '../../errors.ts';
import { onlyThese } from '../mcp/files.ts';
import { define as command } from '../options/command.ts';

const PACKAGE = '@modelcontextprotocol/server';

export const define = (program: Command): void =>
  command(program, {
    name: 'mcp',
    description:
      'Answers agents by the Model Context Protocol on standard input and output: compare, evaluate, why, explore, models, designs',
    arguments: [
      {
        name: '[files...]',
        help: 'models and designs that agents may ask about; no other file is read',
        offer: { paths: 'files' },
      },
    ],
    flags: [],
    examples: ['mugi mcp', 'mugi mcp my-design.yaml path/to/config.json'],
    run: ({ words }) => mcp(words),
  });

async function mcp(files: readonly string[]): Promise<void> {
  const sources = onlyThese(files);
  const { serveTools } = await import('../mcp/server.ts').catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes(PACKAGE)) throw error;
    throw new MugiError({
      code: 'missing-tool',
      message: `mugi mcp needs the npm package ${PACKAGE}, which is not installed`,
      expected: `npm install ${PACKAGE}`,
    });
  });
  serveTools(sources);
}
