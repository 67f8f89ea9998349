import { join } from 'node:path';
import { readText } from './read.ts';
import type { FolderFile } from './write-folder.ts';

/** How `files.f` of ours begins; behind it stands every file that was written with it and that it does not list. */
const NOTE = '// written by mugi rtl, with: ';

/** The file list with a comment, which its readers skip, of the other files that are written into the folder. */
export function withNote(list: string, files: readonly FolderFile[]): string {
  const listed = new Set(list.split('\n'));
  const others = files.map(({ name }) => name).filter((name) => !listed.has(name));
  return `${NOTE}${others.join(' ')}\n${list}`;
}

/** The files that an earlier `mugi rtl` wrote into a folder; none where its `files.f` is not ours. */
export function listedFiles(folder: string): ReadonlySet<string> {
  let text: string;
  try {
    text = readText(join(folder, 'files.f'), { what: 'file list', limit: 2 ** 20 });
  } catch {
    return new Set();
  }
  if (!text.startsWith(NOTE)) return new Set();
  const [note, ...listed] = text.split('\n');
  return new Set(['files.f', ...note.slice(NOTE.length).split(' '), ...listed]);
}
