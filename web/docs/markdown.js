import MarkdownIt from 'markdown-it';

const markdown = new MarkdownIt({ html: false, linkify: false });

/** Characters of a cell that stands on one line. */
const SHORT = 14;

/** The place of a heading in a page, by GitHub's rule: links of the documents are written for it. */
function slug(text, taken) {
  const own = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
  const before = taken.get(own) ?? 0;
  taken.set(own, before + 1);
  return before === 0 ? own : `${own}-${before}`;
}

const textOf = (token) =>
  token.children === null ? token.content : token.children.map(textOf).filter(Boolean).join('');

/**
 * A document as HTML, with the text of each of its sections.
 * @param {string} source
 * @param {{ link(target: string): string | undefined, example(line: string): string | undefined }} site
 *   where a link leads, or undefined for what is not on the site; the address that a command opens, if any
 */
export function rendered(source, { link, example }) {
  const tokens = markdown.parse(source, {});
  const sections = [{ id: '', heading: '', text: '' }];
  const taken = new Map();
  for (const [i, token] of tokens.entries()) {
    if (token.type === 'heading_open') {
      const heading = textOf(tokens[i + 1]);
      const id = slug(heading, taken);
      token.attrSet('id', id);
      sections.push({ id, heading, text: '' });
    } else if (token.type === 'inline') {
      if (tokens[i - 1]?.type !== 'heading_open') sections.at(-1).text += ` ${textOf(token)}`;
      linkInside(token.children ?? [], link);
    } else if (token.type === 'th_open' || token.type === 'td_open') {
      // The policy of the page lets no style stand in an element.
      const names = [
        ...(token.attrGet('style') === 'text-align:right' ? ['right'] : []),
        // Numbers with an exponent are not to break at its sign.
        ...(tokens[i + 1].content.length <= SHORT ? ['short'] : []),
      ];
      token.attrs = names.length > 0 ? [['class', names.join(' ')]] : null;
      // A header that says nothing is none.
      if (token.type === 'th_open' && tokens[i + 1].content === '')
        for (const one of [token, tokens[i + 2]]) one.tag = 'td';
    } else if (token.type === 'fence') sections.at(-1).text += ` ${token.content}`;
  }
  return { html: withExamples(tokens, example), sections: sections.filter(({ text }) => text !== '') };
}

function linkInside(tokens, link) {
  const open = [];
  for (const token of tokens) {
    if (token.type === 'image') token.attrSet('src', link(token.attrGet('src')) ?? '');
    if (token.type === 'link_open') {
      const target = link(token.attrGet('href'));
      if (target === undefined) Object.assign(token, { tag: 'span', attrs: [] });
      else token.attrSet('href', target);
      open.push(token.tag);
    } else if (token.type === 'link_close') token.tag = open.pop();
  }
}

/** Behind a block of commands, what opens in the studio. */
function withExamples(tokens, example) {
  const { fence } = markdown.renderer.rules;
  let tables = 0;
  const renderer = Object.create(markdown.renderer);
  renderer.rules = {
    ...markdown.renderer.rules,
    fence(all, at, ...rest) {
      const block = fence(all, at, ...rest).replace('<pre>', '<pre tabindex="0">');
      const lines = all[at].content.replaceAll(/\\\n\s*/g, ' ').split('\n');
      const opened = lines.flatMap((line) => {
        const address = example(line);
        return address === undefined ? [] : [[line.replace(/\s+#.*$/, '').trim(), address]];
      });
      const links = opened.map(
        ([line, address]) =>
          `<a class="open" href="${markdown.utils.escapeHtml(address)}">Open in the studio: ${markdown.utils.escapeHtml(line.replace(/^npx /, ''))}</a>`,
      );
      return links.length === 0 ? block : `${block}<p class="examples">${links.join(' ')}</p>\n`;
    },
    table_open: () =>
      `<div class="scroll" tabindex="0" role="region" aria-label="Table ${++tables}"><table>\n`,
    table_close: () => '</table></div>\n',
  };
  return renderer.render(tokens, markdown.options, {});
}
