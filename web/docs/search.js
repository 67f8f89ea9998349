// Searches the documents in the page: every word must stand in a section, or begin a word of it; headings count more.
const input = document.querySelector('input[type=search]');
const found = document.getElementById('found');
const MOST = 20;
const AROUND = 80;

try {
  const theme = localStorage.getItem('mugi-theme');
  if (theme) document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be refused; the theme is then the system's.
}

/** Loaded when somebody searches for the first time. */
let sections;
const load = () => {
  sections ??= fetch('search.json').then((response) => response.json());
  return sections;
};

const wordsOf = (text) => text.toLowerCase().match(/[\p{L}\p{N}_-]+/gu) ?? [];

function score(words, { title, heading, text }) {
  const head = ` ${wordsOf(`${title} ${heading}`).join(' ')}`;
  const body = ` ${wordsOf(text).join(' ')}`;
  let sum = 0;
  for (const word of words) {
    const [inHead, inBody] = [head.includes(` ${word}`), body.split(` ${word}`).length - 1];
    if (!inHead && inBody === 0) return 0;
    sum += (inHead ? 10 : 0) + Math.min(inBody, 5);
  }
  return sum;
}

/** The text about the first word that is found. */
function excerpt(text, word) {
  const at = Math.max(0, text.toLowerCase().indexOf(word));
  const from = Math.max(0, at - AROUND);
  return `${from > 0 ? '…' : ''}${text.slice(from, at + AROUND)}…`;
}

async function search() {
  const words = wordsOf(input.value);
  const all = words.length === 0 ? [] : await load();
  const hits = all
    .map((section) => ({ section, points: score(words, section) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .slice(0, MOST);
  document.querySelector('article').hidden = words.length > 0;
  found.replaceChildren();
  if (words.length === 0) return;
  const heading = document.createElement('h1');
  heading.textContent = hits.length === 0 ? 'Nothing found' : `${hits.length} sections`;
  found.append(heading);
  for (const { section } of hits) {
    const link = document.createElement('a');
    link.href = `${section.page}.html${section.id === '' ? '' : `#${section.id}`}`;
    link.textContent = section.heading === '' ? section.title : `${section.title}: ${section.heading}`;
    const text = document.createElement('p');
    text.textContent = excerpt(section.text, words[0]);
    const hit = document.createElement('div');
    hit.className = 'hit';
    hit.append(link, text);
    hit.addEventListener('click', () => {
      input.value = '';
      void search();
    });
    found.append(hit);
  }
}

input.addEventListener('input', () => void search());
input.form.addEventListener('submit', (event) => event.preventDefault());
