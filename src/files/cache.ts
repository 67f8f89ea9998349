import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Folder for what later runs take up: `MUGI_CACHE`, or `mugi` in the user's cache folder. An empty variable counts as
 * none.
 */
export function cacheFolder(): string {
  const { MUGI_CACHE, XDG_CACHE_HOME } = process.env;
  return MUGI_CACHE || join(XDG_CACHE_HOME || join(homedir() || tmpdir(), '.cache'), 'mugi');
}
