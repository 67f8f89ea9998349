import { join } from 'node:path';
import { MugiError } from '../errors.ts';
import { type Chunk, type Range, rangesOf } from '../explore/chunk.ts';
import { encode, headOf, rowsOf } from '../explore/parquet.ts';
import type { Plan } from '../explore/space/plan.ts';
import type { Space } from '../explore/space/space.ts';
import type { Tally } from '../explore/tally.ts';
import { Walker } from '../explore/walk.ts';
import { kindAt, readBytes } from '../files/read.ts';
import { keyOf } from '../files/state.ts';
import { makeFolder, writeFileAtomic } from '../files/write.ts';
import { TECHNOLOGIES } from '../technology/index.ts';
import { version } from '../version.ts';

/** No chunk comes near it. */
const KIND = { what: 'file of points', limit: 2 ** 30, expected: 'a Parquet file that mugi explore wrote' };

/** Name of a space: of everything that its numbers depend on, this version and the tables of prices included. */
export function digestOf({ loss, ...plan }: Plan): string {
  // What is found of each point does not depend on how losses are measured.
  return keyOf(['explore', loss === undefined ? plan : { ...plan, loss: true }, TECHNOLOGIES]);
}

/** Names of the metrics that are kept of every point of a space. */
export const metricsOfSpace = (space: Space): string[] => new Walker(space).metrics.map(({ name }) => name);

/**
 * Finished chunks of a space, one Parquet file each, named by the digest of the space and the range of points. A file is
 * there whole or not at all, so that what is missing is what is left to do: no list of it is kept that could be wrong.
 */
export class Store {
  readonly folder: string;
  readonly digest: string;
  readonly #space: Space;
  readonly #metrics: readonly string[];

  constructor(folder: string, space: Space, metrics: readonly string[]) {
    this.folder = folder;
    this.digest = digestOf(space.plan);
    this.#space = space;
    this.#metrics = metrics;
    makeFolder(folder);
  }

  pathOf({ from, to }: Range): string {
    return join(this.folder, `${this.digest}-${from}-${to}.parquet`);
  }

  has(range: Range): boolean {
    return kindAt(this.pathOf(range)) === 'file';
  }

  missing(): Range[] {
    return rangesOf(this.#space.size).filter((range) => !this.has(range));
  }

  write(range: Range, { rows, tally }: Chunk): void {
    const { plan } = this.#space;
    writeFileAtomic(
      this.pathOf(range),
      encode(this.#space, this.#metrics, { rows }, { mugi: version, digest: this.digest, plan, tally }),
    );
  }

  tally(range: Range): Tally {
    const path = this.pathOf(range);
    const { digest, tally } = headOf(readBytes(path, KIND), path);
    if (digest === this.digest) return tally;
    throw new MugiError({ code: 'invalid-file', message: 'the file holds points of another space', path });
  }

  rows(range: Range): Promise<Record<string, unknown>[]> {
    return rowsOf(readBytes(this.pathOf(range), KIND));
  }
}
