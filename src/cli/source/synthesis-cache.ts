import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { MugiError } from '../../errors.ts';
import { cacheFolder } from '../../files/cache.ts';
import { readBytes } from '../../files/read.ts';
import { writeFileAtomic } from '../../files/write.ts';
import { remark } from '../options/output.ts';
import { flattenNetlist, type Netlist, type YosysJson } from '../../hardware/synthesis/netlist.ts';

const KEPT = { what: 'kept netlist', limit: 2 ** 29 - 2 ** 20 };

/** Hash of everything that a synthesis depends on. */
export function synthesisKey(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}\n${part}`);
  return hash.digest('hex');
}

/** The mapped netlist of `top` of an earlier run. A file that is not whole or not a netlist counts as absent. */
export function cachedNetlist(key: string, top: string): Netlist | undefined {
  try {
    const text = gunzipSync(readBytes(cachePath(key), KEPT), { maxOutputLength: KEPT.limit }).toString();
    const json = text.slice(text.indexOf('\n') + 1);
    if (text !== withDigest(json)) return undefined;
    return flattenNetlist(JSON.parse(json) as YosysJson, top);
  } catch {
    return undefined;
  }
}

/** Keeps a mapped netlist, as yosys writes it, for later runs. One that cannot be kept costs only time: a note. */
export function keepNetlist(key: string, json: string): void {
  try {
    writeFileAtomic(cachePath(key), gzipSync(withDigest(json)));
  } catch (error) {
    if (!(error instanceof MugiError)) throw error;
    const { path, message } = error.details;
    remark(`mugi: the synthesis is not kept for later runs: ${path}: ${message}`);
  }
}

/** gzip's own check is against damage by chance; this one is against whatever else lies there. */
function withDigest(json: string): string {
  return `${createHash('sha256').update(json).digest('hex')}\n${json}`;
}

const cachePath = (key: string): string => join(cacheFolder(), 'synthesis', `${key}.json.gz`);
