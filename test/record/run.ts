import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

export type Run = (args: readonly string[]) => Promise<void>;

/** What a record holds of a JSON value: its numbers, truth values, nulls and bounds; other words may be rewritten. */
export type Recorded = number | boolean | null | string | Recorded[] | { [key: string]: Recorded };

/** The commands of the record, one a line; `{folder}` stands for a folder that may be written to. */
export function recordedCommands(root: string): string[] {
  return readFileSync(`${root}/test/golden/record/commands.txt`, 'utf8').trim().split('\n');
}

/** The command line of a checkout at `root`, to be called in this process. */
export async function commandLine(root: string): Promise<Run> {
  const { run } = (await import(pathToFileURL(`${root}/src/cli/main.ts`).href)) as { run: Run };
  return run;
}

/**
 * Standard output of one command that runs in this process; throws what it says when it fails.
 * @param status with which it should end
 */
export async function outputOf(run: Run, args: readonly string[], status = 0): Promise<string> {
  const written = { stdout: '', stderr: '' };
  const kept = { stdout: process.stdout.write, stderr: process.stderr.write, status: process.exitCode };
  const listeners = process.stdout.listeners('error');
  for (const stream of ['stdout', 'stderr'] as const) {
    process[stream].write = (chunk: string | Uint8Array): boolean => {
      written[stream] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      return true;
    };
  }
  process.exitCode = 0;
  try {
    await run(args);
    if (process.exitCode !== status) throw new Error(`mugi ${args.join(' ')}: ${written.stderr}`);
  } finally {
    process.stdout.write = kept.stdout;
    process.stderr.write = kept.stderr;
    process.exitCode = kept.status;
    for (const listener of process.stdout.listeners('error')) {
      if (!listeners.includes(listener)) process.stdout.off('error', listener as () => void);
    }
  }
  return written.stdout;
}

/** What the record keeps of `value`; undefined where that is nothing. */
export function recorded(value: unknown, key = ''): Recorded | undefined {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'string') return key === 'bound' ? value : undefined;
  if (Array.isArray(value)) return value.map((part) => recorded(part) ?? {});
  const parts = Object.entries(value as object).flatMap(([name, part]) => {
    const kept = recorded(part, name);
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return parts.length === 0 ? undefined : Object.fromEntries(parts);
}

/** Paths at which `now` lacks or changes what `before` holds, with both values; what `now` adds is no difference. */
export function differences(before: Recorded, now: Recorded | undefined, path = ''): string[] {
  if (typeof before !== 'object' || before === null) {
    return Object.is(before, now) ? [] : [`${path}: ${String(before)} → ${JSON.stringify(now)}`];
  }
  if (typeof now !== 'object' || now === null) return [`${path}: gone`];
  const parts = now as Record<string, Recorded>;
  const found = Object.entries(before).flatMap(([key, part]) =>
    differences(part, parts[key], `${path}/${key}`),
  );
  if (Array.isArray(before) && Array.isArray(now) && before.length !== now.length) {
    found.push(`${path}: ${before.length} entries → ${now.length}`);
  }
  return found;
}
