import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { writeFileAtomic } from '../report/write.ts';

/** Hash of everything that a synthesis depends on. */
export function synthesisKey(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}\n${part}`);
  return hash.digest('hex');
}

/** A mapped netlist of an earlier run, or undefined. A file that cannot be read counts as absent. */
export function cachedNetlist(key: string): string | undefined {
  const path = cachePath(key);
  if (!existsSync(path)) return undefined;
  try {
    return gunzipSync(readFileSync(path)).toString();
  } catch {
    return undefined;
  }
}

/** Keeps a mapped netlist for later runs. */
export function keepNetlist(key: string, json: string): void {
  writeFileAtomic(cachePath(key), gzipSync(json));
}

function cachePath(key: string): string {
  const base = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return join(base, 'mugi', 'synthesis', `${key}.json.gz`);
}
