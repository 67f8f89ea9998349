import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { root } from '../docs/page.ts';

export type Server = ChildProcessByStdio<Writable, Readable, Readable>;

/** `mugi serve` as another program starts it. */
export const started = (...flags: string[]): Server =>
  spawn(process.execPath, ['bin/mugi.js', 'serve', '--jsonl', ...flags], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
  });

/** How a process ended, with all that it wrote. */
export interface Ended {
  stdout: string;
  stderr: string;
  status: number | null;
  signal: NodeJS.Signals | null;
}

export async function ended(server: Server): Promise<Ended> {
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    server[name].setEncoding('utf8').on('data', (text: string) => (written[name] += text));
  }
  const [status, signal] = (await once(server, 'close')) as [number | null, NodeJS.Signals | null];
  return { ...written, status, signal };
}

/** Everything that `mugi serve` replies to an input. */
export async function served(input: string | Uint8Array, ...flags: string[]): Promise<Ended> {
  const server = started(...flags);
  const end = ended(server);
  server.stdin.end(input);
  return end;
}

export type Reply = Record<string, unknown> & { id?: unknown; error?: { code: string; path?: string } };

export const repliesOf = (stdout: string): Reply[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Reply);
