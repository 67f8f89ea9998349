import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { wordsOf } from '../../src/question/shell.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** README and every page of docs, by path from the root. */
export const PAGES: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(`${root}docs`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

export const textOf = (page: string): string => readFileSync(root + page, 'utf8');

/** A command that a page shows. */
export interface Example {
  page: string;
  /** The command as it stands there, on one line. */
  command: string;
  /** Its words behind `mugi`. */
  args: string[];
  /** What the page says that it prints: lines, of which `…` stands for any number. */
  shown?: string[];
}

const PREFIX = /^(?:\$ )?(?:npx |\.\/)?(?:node bin\/)?mugi(?:\.js)? /;

/** Shell commands of a page that run mugi, in order; a text block right behind a shell block is what its last command prints. */
export function examplesOf(page: string): Example[] {
  const blocks = [...textOf(page).matchAll(/^```(\w*)\n([^]*?)^```$/gm)];
  return blocks.flatMap(({ 0: whole, 1: language, 2: body = '', index }, i) => {
    if (language !== 'sh') return [];
    const examples = body
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .filter((line) => PREFIX.test(line))
      .map((line): Example => {
        const command = line.replace(/\s+#\s.*$/, '');
        return { page, command, args: wordsOf(command.replace(PREFIX, '')) };
      });
    const next = blocks[i + 1];
    const last = examples.at(-1);
    const between = next && textOf(page).slice(index + whole.length, next.index);
    if (last !== undefined && next?.[1] === 'text' && between?.trim() === '')
      last.shown = next[2]!.replace(/\n$/, '').split('\n');
    return examples;
  });
}

/** Commands in running text, `mugi lut exp`; those with `…`, alternatives or placeholders are forms and not commands. */
export const inlineCommands = (page: string): string[] =>
  [...textOf(page).matchAll(/`((?:npx )?mugi [a-z][^`\n]*)`/g)]
    .map(([, command = '']) => command)
    .filter((command) => !/[…|<>]|\b[A-Z]{3,}\b/.test(command));

/** Whether what was printed is what is shown: line by line, `…` alone on a line standing for any lines. */
export function difference(printed: string, shown: readonly string[]): string | undefined {
  const lines = printed.split('\n').map((line) => line.trimEnd());
  let at = 0;
  let free = false;
  for (const raw of shown) {
    const line = raw.trimEnd();
    if (line === '…') {
      free = true;
      continue;
    }
    const found = free ? lines.indexOf(line, at) : lines[at] === line ? at : -1;
    if (found < 0)
      return `the page shows\n${line}\nand the command prints there\n${lines[at] ?? '(nothing)'}`;
    at = found + 1;
    free = false;
  }
  const rest = free ? '' : lines.slice(at).join('\n').trim();
  return rest === '' ? undefined : `the command goes on to print\n${rest}`;
}

/** Cells of the first table of a page whose head has these words, without its head and rule. */
export function tableOf(page: string, words: string): string[][] {
  const table = textOf(page)
    .split('\n\n')
    .find((part) => part.startsWith('|') && part.split('\n')[0]!.includes(words));
  if (table === undefined) throw new Error(`${page} has no table of ${words}`);
  const rows = table.trimEnd().split('\n').slice(2);
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
