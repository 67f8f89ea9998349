import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { MugiError } from '../errors.ts';
import { version } from '../version.ts';
import { cacheFolder } from './cache.ts';
import { exactJson, parseExactJson } from './exact-json.ts';
import { announceOnInterrupt, silentOnInterrupt } from './interrupt.ts';
import { type FileKind, kindAt, readText } from './read.ts';
import { writeFileAtomic } from './write.ts';

/** Raised when the same work would give other results than before, so that nothing older is taken up again. */
const REVISION = 4;

/** Stable name of a piece of work: a hash of everything that its result depends on, this program included. */
export function keyOf(description: unknown): string {
  return sha256(exactJson([version, REVISION, description])).slice(0, 24);
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** No state comes near it; what does is something else. */
const KIND: FileKind = { what: 'state file', limit: 400 * 2 ** 20 };

/** Files of finished work, removed when the process has ended well: its results are out by then. */
const finished = new Set<string>();

function removeFinished(status: number): void {
  if (status === 0) for (const path of finished) removeQuietly(path);
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // A folder that holds no files (MUGI_CACHE names a device, say) holds none to remove.
  }
}

/** Told how much of some work is done, and of that what an earlier run had done, so that it took this one no time. */
export type OnProgress = (done: number, total: number, kept?: number) => void;

/** Units longer than this must stay interruptible: a signal handler only runs between two of them. */
const LONG_UNIT_MS = 5000;

let warned = false;

/**
 * Finished units of a long piece of work, kept in one file that is replaced whole after every unit, so that Ctrl-C
 * or a kill at any moment loses the unit in progress at most.
 */
export class WorkState<T> {
  readonly path: string;
  readonly #key: string;
  #units: Record<string, T>;
  /** Units that an earlier run had finished. */
  readonly resumed: number;
  #last = performance.now();

  constructor(key: string, fresh = false, folder = cacheFolder()) {
    this.#key = key;
    this.path = join(folder, `${key}.json`);
    if (fresh) removeQuietly(this.path);
    this.#units = this.#read();
    this.resumed = Object.keys(this.#units).length;
  }

  get(unit: string): T | undefined {
    return this.#units[unit];
  }

  /** Keeps a unit; `instead` names one that it makes superfluous. */
  set(unit: string, value: T, instead?: string): void {
    this.#units[unit] = value;
    if (instead !== undefined) {
      const { [instead]: _, ...rest } = this.#units;
      this.#units = rest;
    }
    this.#write();
    const now = performance.now();
    if (now - this.#last < LONG_UNIT_MS) announceOnInterrupt();
    else silentOnInterrupt();
    this.#last = now;
  }

  /** The unit's value: of an earlier run, or computed now and kept. */
  async once(unit: string, compute: () => T | Promise<T>): Promise<T> {
    const known = this.#units[unit];
    if (known !== undefined) return known;
    const value = await compute();
    this.set(unit, value);
    return value;
  }

  /**
   * The whole work is done: the file goes when the process ends well, and the next run of the same command computes
   * anew. Should results not get out (a full disk), the file stays and the next run has them at once.
   */
  finish(): void {
    silentOnInterrupt();
    if (finished.size === 0) process.on('exit', removeFinished);
    finished.add(this.path);
  }

  #write(): void {
    try {
      const units = exactJson(this.#units);
      writeFileAtomic(this.path, `${heading(this.#key, units)}${units}}`);
    } catch (error) {
      if (!(error instanceof MugiError)) throw error;
      // Results do not depend on it: the work goes on, but an interruption would lose it.
      if (!warned) {
        process.stderr.write(
          `note: finished work cannot be kept (${error.details.path}: ${error.message}); MUGI_CACHE names another folder\n`,
        );
      }
      warned = true;
    }
  }

  /** A file that is not whole, or not what this program wrote, holds nothing that cannot be computed again. */
  #read(): Record<string, T> {
    if (kindAt(this.path) === 'nothing') return {};
    try {
      const text = readText(this.path, KIND);
      const units = text.slice(heading(this.#key, '').length, -1);
      if (text !== `${heading(this.#key, units)}${units}}`) return {};
      return parseExactJson(units) as Record<string, T>;
    } catch {
      return {};
    }
  }
}

/** How a state file begins: whose it is, and the digest of the units that follow. */
const heading = (key: string, units: string): string =>
  `{"key":${JSON.stringify(key)},"digest":"${sha256(units)}","units":`;
