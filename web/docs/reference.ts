import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The doors of the package, each a file that hands on what others define. */
const DOORS = [
  ['mugi', 'src/index.ts'],
  ['mugi/vlp', 'src/doors/vlp.ts'],
  ['mugi/hardware', 'src/doors/hardware.ts'],
  ['mugi/models', 'src/doors/models.ts'],
  ['mugi/kernels', 'src/kernel/node.ts'],
] as const;

const HANDED_ON = /export (?:type )?\{([^}]*)\} from '([^']+)';|export \* as (\w+) from '([^']+)';/g;
const OWN = /^export (?:async )?(?:function|const|interface|type|class) (\w+)/gm;

/**
 * The reference of the library as Markdown: what each door gives, with its signature and the comment before its definition.
 * Made of the sources, so that it cannot say anything else.
 */
export function reference(root: string): string {
  const doors = DOORS.map(([door, file]) => {
    const source = readFileSync(join(root, file), 'utf8');
    const read = (path: string): string => readFileSync(join(root, path), 'utf8');
    const entries = namesOf(source, file).map(({ name, path, as }) =>
      entry(as ?? name, as === undefined ? defined(read, path, name) : whole(read(path))),
    );
    return `## ${door}\n\n${commentOf(source)}\n\n${entries.join('\n\n')}`;
  });
  return `# Reference of the library\n\nWhat each door of the package gives, from the sources. [The library](library.md) says how to begin.\n\n${doors.join('\n\n')}\n`;
}

interface Named {
  name: string;
  path: string;
  /** A file as a whole under a name. */
  as?: string;
}

function namesOf(source: string, file: string): Named[] {
  const at = (from: string): string => join(dirname(file), from);
  const handed = [...source.matchAll(HANDED_ON)].flatMap(([, list, from, as, whole]): Named[] =>
    as === undefined
      ? list
          .split(',')
          .map((name) => name.replace(/\btype\b/, '').trim())
          .filter((name) => name !== '')
          .map((name) => ({ name: name.split(' as ')[0], path: at(from) }))
      : [{ name: as, as, path: at(whole) }],
  );
  const own = [...source.matchAll(OWN)].map(([, name]) => ({ name, path: file }));
  return [...handed, ...own].toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
}

interface Definition {
  signature: string;
  comment: string;
}

const entry = (name: string, { signature, comment }: Definition): string =>
  `### ${name}\n\n${signature === '' ? '' : `\`\`\`ts\n${signature}\n\`\`\`\n\n`}${comment}`;

/** How far the signature of a definition goes, by its kind. */
const SIGNATURES: Readonly<Record<string, string>> = {
  function: '[^]*?\\)[^\\n]*?(?= \\{\\n)',
  interface: '[^]*?\\n\\}|[^\\n]*\\{\\}',
  type: '[^]*?(?=;\\n)',
  const: '[^]*?(?= =>| = [\\[{]| = new |;\\n| =\\n)',
  class: '[^\\n]*(?= \\{)',
};

/** A definition where it stands, through files that hand it on. */
function defined(read: (path: string) => string, path: string, name: string): Definition {
  const text = read(path);
  const here = definition(text, name);
  if (here !== undefined) return here;
  for (const [, list, from] of text.matchAll(/^(?:import|export) (?:type )?\{([^}]*)\} from '([^']+)';/gm))
    if (new RegExp(`\\b${name}\\b`).test(list)) return defined(read, join(dirname(path), from), name);
  return { signature: '', comment: '' };
}

/** The signature of a definition, and the comment that stands directly before it. */
function definition(text: string, name: string): Definition | undefined {
  for (const [kind, rest] of Object.entries(SIGNATURES)) {
    const found = new RegExp(`^export ((?:async )?${kind} ${name}\\b(?:${rest}))`, 'm').exec(text);
    if (found === null) continue;
    const [, comment = ''] = /\/\*\*((?:(?!\*\/)[^])*)\*\/\s*$/.exec(text.slice(0, found.index)) ?? [];
    return { signature: found[1], comment: plain(comment) };
  }
  return undefined;
}

/** What a file that is handed on as a whole holds. */
const whole = (text: string): Definition => ({
  signature: [...text.matchAll(OWN)].map(([, name]) => name).join(', '),
  comment: commentOf(text),
});

/** The comment at the beginning of a file. */
const commentOf = (text: string): string => plain(/^\/\*\*([^]*?)\*\//.exec(text)?.[1] ?? '');

/** A comment without its frame; tags as a list. */
const plain = (comment: string): string =>
  comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .replaceAll(/^@(\w+) ?/gm, '- $1: ')
    .replace(/^- /m, '\n- ')
    .trim();
