import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MugiError } from '../../src/errors.ts';
import { escapeHtml } from '../../src/present/html.ts';
import { toAddress } from '../../src/question/address.ts';
import { wordsOf } from '../../src/question/shell.ts';
import { experimentOf } from '../state/pasted.ts';
import { rendered, type Section } from './markdown.js';
import { reference } from './reference.ts';
import { withFiles } from '../../scripts/with-files.ts';

/** In which order a newcomer reads; other documents follow by their names. */
const ORDER = [
  'start',
  'how-vlp-works',
  'glossary',
  'honest',
  'studio',
  'designs',
  'models',
  'explore',
  'accuracy',
  'node',
  'rtl',
  'library',
  'reference',
];

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'";

interface Page {
  name: string;
  title: string;
  html: string;
  sections: Section[];
}

/** The documents as pages that any host can serve, by their paths beside the studio, with the text that is searched. */
export function docsSite(root: string): Map<string, string | Uint8Array> {
  const folder = join(root, 'docs');
  const sources = new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.md'))
      .map((file) => [file.replace(/\.md$/, ''), readFileSync(join(folder, file), 'utf8')]),
  );
  sources.set('reference', reference(root));
  const example = (line: string): string | undefined => {
    const address = opened(line, root);
    return address === undefined ? undefined : `../index.html${address}`;
  };
  const names = [...sources.keys()].toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const pages = names.map((name) => pageOf(name, sources.get(name) ?? '', names, example));
  const files = new Map<string, string | Uint8Array>();
  for (const page of pages) files.set(`docs/${page.name}.html`, framed(page, pages));
  files.set('docs/index.html', framed(pages[0], pages));
  files.set(
    'docs/search.json',
    JSON.stringify(
      pages.flatMap(({ name, title, sections }) =>
        sections.map(({ id, heading, text }) => ({ page: name, title, id, heading, text: text.trim() })),
      ),
    ),
  );
  for (const picture of readdirSync(join(folder, 'pictures')))
    files.set(`docs/pictures/${picture}`, readFileSync(join(folder, 'pictures', picture)));
  const style = (path: string): string => readFileSync(join(root, 'web', path), 'utf8');
  files.set('docs/docs.css', style('style/tokens.css') + style('docs/docs.css'));
  files.set('docs/search.js', style('docs/search.js'));
  return files;
}

const rank = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);

function pageOf(
  name: string,
  source: string,
  names: readonly string[],
  example: (line: string) => string | undefined,
): Page {
  const [, title = name] = /^# (.+)$/m.exec(source) ?? [];
  const link = (target: string): string | undefined => {
    if (/^(https?:|#|pictures\/)/.test(target)) return target;
    const [, page = '', anchor = ''] = /^([\w-]+)\.md(#.*)?$/.exec(target) ?? [];
    return names.includes(page) ? `${page}.html${anchor}` : undefined;
  };
  return { name, title: title.replaceAll('`', ''), ...rendered(source, { link, example }) };
}

/**
 * Where a command of a document opens in the studio; nothing for commands that no view shows.
 * @param root of the repository, whose examples commands name
 */
export function opened(line: string, root: string): string | undefined {
  const command = line.replace(/\s+#.*$/, '').trim();
  if (!/^(npx )?mugi /.test(command)) return undefined;
  try {
    const words = wordsOf(command);
    const at = words.indexOf('>');
    const asked = at < 0 ? words : words.slice(0, at);
    return toAddress({ asked: {}, ...experimentOf(withFiles(asked, root)) });
  } catch (error) {
    if (error instanceof MugiError) return undefined;
    throw error;
  }
}

function framed({ name, title, html }: Page, pages: readonly Page[]): string {
  const list = pages
    .map(
      (page) =>
        `<li><a href="${page.name}.html"${page.name === name ? ' aria-current="page"' : ''}>${escapeHtml(page.title)}</a></li>`,
    )
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="../icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="docs.css">
<script src="search.js" defer></script>
<title>${escapeHtml(title)} · mugi</title>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><a class="brand" href="index.html">mugi <span>docs</span></a>
<form role="search"><input type="search" aria-label="Search the documents" placeholder="Search" autocomplete="off"></form>
<a class="studio" href="../index.html">Studio</a></header>
<div class="split">
<nav aria-label="Documents"><ul>
${list}
</ul></nav>
<main id="content" tabindex="-1">
<div id="found" role="status"></div>
<article>
${html}
</article>
</main>
</div>
</body>
</html>
`;
}
