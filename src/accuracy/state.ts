import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../report/write.ts';

/** Folder for work that may be interrupted: `MUGI_CACHE`, or `mugi` in the user's cache folder. */
export function cacheFolder(): string {
  return (
    process.env['MUGI_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'mugi')
  );
}

/** Stable name of a piece of work: a hash of everything that its result depends on. */
export function keyOf(description: unknown): string {
  return createHash('sha256').update(JSON.stringify(description)).digest('hex').slice(0, 24);
}

const File = z.object({ key: z.string(), units: z.record(z.string(), z.unknown()) });

/**
 * Finished units of a long piece of work, kept in one file that is replaced whole after every unit, so that Ctrl-C
 * or a kill at any moment loses the unit in progress at most.
 */
export class WorkState<T> {
  readonly path: string;
  readonly #key: string;
  readonly #units: Record<string, T>;
  /** Units that an earlier run had finished. */
  readonly resumed: number;

  constructor(key: string, fresh = false, folder = cacheFolder()) {
    this.#key = key;
    this.path = join(folder, `${key}.json`);
    if (fresh) this.remove();
    this.#units = this.#read();
    this.resumed = Object.keys(this.#units).length;
  }

  get(unit: string): T | undefined {
    return this.#units[unit];
  }

  set(unit: string, value: T): void {
    this.#units[unit] = value;
    writeFileAtomic(this.path, JSON.stringify({ key: this.#key, units: this.#units }));
  }

  /** Called when the whole work is done: the next run of the same command computes anew. */
  remove(): void {
    rmSync(this.path, { force: true });
  }

  #read(): Record<string, T> {
    if (!existsSync(this.path)) return {};
    try {
      const file = File.parse(JSON.parse(readFileSync(this.path, 'utf8')));
      return file.key === this.#key ? (file.units as Record<string, T>) : {};
    } catch {
      // A damaged state file holds nothing that cannot be computed again.
      return {};
    }
  }
}
