/** Text as HTML text. */
export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** A table; the first column is a row header, the rest are right-aligned figures. Cells are HTML. */
export function htmlTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  marked = -1,
): string {
  const head = header.map((cell) => `<th scope="col">${cell}</th>`).join('');
  const body = rows
    .map((row, i) => {
      const [first = '', ...rest] = row;
      const cells = rest.map((cell) => `<td>${cell}</td>`).join('');
      return `<tr${i === marked ? ' class="baseline"' : ''}><th scope="row">${first}</th>${cells}</tr>`;
    })
    .join('\n');
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div>`;
}

const STYLE = `
:root { color-scheme: light; --ink: #1d2330; --soft: #5c6675; --rule: #e3e6eb; --better: #0072b2; --worse: #b34700; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 66rem; padding: 2rem 1.25rem 4rem; font: 16px/1.55 system-ui, "DejaVu Sans", sans-serif; color: var(--ink); background: #fff; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .3rem; }
h2 { font-size: 1.15rem; margin: 2.6rem 0 .4rem; }
p { margin: .4rem 0; max-width: 48rem; }
.lead, figcaption, .soft { color: var(--soft); }
.cards { display: flex; flex-wrap: wrap; gap: .8rem; margin: 1.4rem 0; }
.card { flex: 1 1 13rem; border: 1px solid var(--rule); border-radius: .6rem; padding: .8rem 1rem; }
.card b { display: block; font-size: 1.55rem; font-variant-numeric: tabular-nums; }
.card span { font-size: .85rem; color: var(--soft); }
figure { margin: .6rem 0 0; } figure svg { max-width: 100%; height: auto; } figcaption { font-size: .85rem; max-width: 48rem; }
.better, .card.better b { color: var(--better); } .worse, .card.worse b { color: var(--worse); }
td small.better { color: var(--better); } td small.worse { color: var(--worse); }
.scroll { overflow-x: auto; }
@media (max-width: 40rem) { .card { flex-basis: 9rem; } .scroll svg { min-width: 40rem; } }
table { border-collapse: collapse; width: 100%; font-size: .88rem; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .6rem; text-align: right; border-bottom: 1px solid var(--rule); white-space: nowrap; }
thead th { color: var(--soft); font-weight: 600; } th[scope=row], thead th:first-child { text-align: left; }
abbr { text-decoration: none; } td small { color: var(--soft); } tr.baseline { background: #f5f7fa; }
code { background: #f3f4f6; padding: .1rem .3rem; border-radius: .25rem; font-size: .85em; }
ul { padding-left: 1.2rem; max-width: 48rem; }
`;

/** What makes a page live: parts of its head, and what stands behind its body. Both are HTML. */
export interface Live {
  head: string;
  foot: string;
  /** The one word under which the policy in `head` lets scripts and styles stand in the page. */
  nonce: string;
}

/**
 * A whole page that needs no network: style and pictures are in it. `body` is HTML.
 * @param live takes the place of the body once it has started
 */
export function htmlPage(title: string, body: string, live?: Live): string {
  const mark = live === undefined ? '' : ` nonce="${live.nonce}" data-static`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">${live === undefined ? '' : `\n${live.head}`}
<title>${escapeHtml(title)}</title>
<style${mark}>${STYLE}</style>
</head>
<body>
${live === undefined ? body : `<div id="studio">\n${body}\n</div>\n${live.foot}`}
</body>
</html>
`;
}
