/**
 * The house as its imports show it: rooms (the folders and files of `src`), arrows between them, and exports that nobody
 * imports. `test/house.test.ts` holds the table in CONTRIBUTING.md to it; run as a program, this draws the table's diagram.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const page = join(root, 'CONTRIBUTING.md');

/** A TypeScript file with what it imports from other files of the repository. */
export interface SourceFile {
  /** From the root of the repository: `src/vlp/lut.ts`. */
  path: string;
  text: string;
  lines: number;
  imports: Import[];
}

/** One statement: what is taken from `path`. A namespace has no names; `all` is one that is handed on. */
export interface Import {
  path: string;
  names: readonly string[] | undefined;
  all: boolean;
}

const STATEMENT =
  /(?:^|\n)(import|export)\s(?:type\s)?(?:(\{[^}]*\})|[^;'{}]*?)\s*from '(\.[^']+)'|import\(\s*'(\.[^']+)'/g;

/** The TypeScript files of a folder; kernels in AssemblyScript apart, which only their own compiler reads. */
export function sourceFiles(folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => /\.tsx?$/.test(path) && !path.includes('kernel/assembly/'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      const imports = [...text.matchAll(STATEMENT)].map(([, word, named, from, dynamic]): Import => {
        const target = relative(root, join(root, dirname(path), from ?? dynamic));
        const names = named?.match(/[^{},\s]+(?=\s*(?:as\s|,|\}|$))/g)?.filter((name) => name !== 'type');
        const all = word === 'export' && named === undefined;
        return { path: target, names: named === undefined ? undefined : (names ?? []), all };
      });
      return { path, text, lines: text.split('\n').length - 1, imports };
    });
}

/** The room of a file: `web`, or of `src` its folder, or itself without the ending. */
export const roomOf = (path: string): string =>
  path.startsWith('web/') ? 'web' : path.split('/')[1].replace(/\.ts$/, '');

/** Arrows between rooms, `from → to`, each with the files that draw it. */
export function arrows(files: readonly SourceFile[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { path, imports } of files) {
    for (const { path: target } of imports) {
      if (!/^(src|web)\//.test(target) || roomOf(target) === roomOf(path)) continue;
      const arrow = `${roomOf(path)} → ${roomOf(target)}`;
      found.set(arrow, [...(found.get(arrow) ?? []), path]);
    }
  }
  return found;
}

/** A row of the table: a room, and the rooms that it may import. */
export interface Room {
  name: string;
  imports: string[];
}

/** The table of CONTRIBUTING.md. */
export function plan(): Room[] {
  const rows = [...readFileSync(page, 'utf8').matchAll(/^\| `([\w-]+)` \| [^|]+ \| ([^|]*) \|$/gm)];
  return rows.map(([, name, imports], i) => ({
    name,
    imports:
      imports === 'everything above'
        ? rows.slice(0, i).map(([, room]) => room)
        : [...imports.matchAll(/`([\w-]+)`/g)].map(([, room]) => room),
  }));
}

const DIAGRAM = /```mermaid\n[\s\S]*?```/;

/** The diagram as CONTRIBUTING.md shows it. */
export const drawn = (): string => DIAGRAM.exec(readFileSync(page, 'utf8'))?.[0] ?? '';

/** The diagram of a table: every room, and the arrows that do not follow from others. */
export function diagram(rooms: readonly Room[]): string {
  const above = new Map<string, Set<string>>();
  for (const { name, imports } of rooms) {
    above.set(name, new Set(imports.flatMap((to) => [to, ...(above.get(to) ?? [])])));
  }
  const lines = rooms.flatMap(({ name, imports }) =>
    imports
      .filter((to) => !imports.some((other) => other !== to && above.get(other)!.has(to)))
      .map((to) => `  ${name} --> ${to}`),
  );
  return ['```mermaid', 'flowchart TD', ...lines, '```'].join('\n');
}

/** An exported function, class or constant. */
export interface Export {
  path: string;
  name: string;
}

const DECLARATION = /^export (?:async )?(?:function\*?|const|class) ([\w$]+)/gm;

/**
 * Functions, classes and constants that are exported in vain: nobody imports them; or only tests do, and their own file
 * does not use them either.
 */
export function unusedExports(files: readonly SourceFile[], tests: readonly SourceFile[]): Export[] {
  const used = usedNames(files);
  const tested = usedNames(tests);
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(DECLARATION)]
      .map(([, name]) => ({ path, name }))
      .filter(({ name }) => {
        if (used.has(`${path} ${name}`) || used.has(`${path} *`)) return false;
        const mentions =
          text.split(new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`)).length - 1;
        return !tested.has(`${path} ${name}`) || mentions < 2;
      }),
  );
}

/** `path name` of everything that the files import; of a namespace, all names that follow a dot or stand in braces. */
function usedNames(files: readonly SourceFile[]): Set<string> {
  const used = new Set<string>();
  for (const { path, text, imports } of files) {
    for (const { path: target, names, all } of imports) {
      if (target === path) continue;
      if (all) used.add(`${target} *`);
      const taken = names ?? [...text.matchAll(/[.{,]\s*([\w$]+)/g)].map(([, name]) => name);
      for (const name of taken) used.add(`${target} ${name}`);
    }
  }
  return used;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = readFileSync(page, 'utf8');
  writeFileSync(page, text.replace(DIAGRAM, diagram(plan())));
}
