import { spawn } from 'node:child_process';
import type { Command } from 'commander';
import { MugiError } from '../../errors.ts';
import { serveFolder } from '../../files/static-server.ts';
import { studioFolder } from '../../files/studio-folder.ts';
import { STUDIO_DATA } from '../../accuracy/data/studio-data.ts';
import { define as command } from '../options/command.ts';
import { flag, type FlagsOf, SWITCH, whole } from '../options/flag.ts';
import { jsonFlag, output } from '../options/output.ts';
import { version } from '../../version.ts';

const FLAGS = [
  flag('--port', whole(0, 65_535), 'port on the loopback interface (default: one that is free)', {
    default: 0,
  }),
  flag('--no-open', SWITCH, 'print the address and open no browser'),
  jsonFlag('print the address as one JSON object'),
] as const;
type Flags = FlagsOf<typeof FLAGS>;

export const define = (program: Command): void =>
  command<Flags>(program, {
    name: 'studio',
    description: 'Opens the studio in a browser: compare designs, switch repairs and ask why, live',
    flags: FLAGS,
    examples: ['mugi studio', 'mugi studio --port 8000 --no-open'],
    behind: 'All is computed in the page; the server gives out its files on 127.0.0.1 and nothing else.',
    run: ({ flags }) => studio(flags),
  });

async function studio(flags: Flags): Promise<void> {
  const { port, open } = flags;
  const folder = studioFolder();
  if (folder === undefined) {
    throw new MugiError({
      code: 'missing-file',
      message: 'the studio is not built in this clone: run "npm run build:studio"',
      path: 'dist/studio',
    });
  }
  const { address } = await serveFolder(folder, port, STUDIO_DATA);
  output(flags, {
    json: () => ({ mugi: version, address }),
    text: () => `The studio is at ${address} until Ctrl-C.\n`,
  });
  if (open) openInBrowser(address);
}

/** Best effort: the address is printed above, and a machine without a browser is no mistake. */
function openInBrowser(address: string): void {
  const [program, ...before] =
    process.platform === 'darwin'
      ? ['open']
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '']
        : ['xdg-open'];
  const child = spawn(program, [...before, address], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
