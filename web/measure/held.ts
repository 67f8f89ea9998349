/** Files that the worker has fetched, by their paths; a folder is what lies before a slash. */
const files = new Map<string, Uint8Array<ArrayBuffer>>();

/** Where the package's assets lie for the code that runs here. */
export const ASSETS = '/assets/';

export const hold = (path: string, bytes: Uint8Array<ArrayBuffer>): void => void files.set(path, bytes);

export const held = (path: string): Uint8Array<ArrayBuffer> | undefined => files.get(path);

export const isFolder = (path: string): boolean =>
  [...files.keys()].some((name) => name.startsWith(`${path}/`));

export const namesUnder = (path: string): string[] =>
  [...files.keys()].filter((name) => name.startsWith(`${path}/`)).map((name) => name.slice(path.length + 1));
