import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { studioFolder } from '../../files/studio-folder.ts';
import type { Live } from '../../present/html.ts';
import { remark } from '../options/output.ts';

/** How a chunk names another, and a worker, in what Vite writes. */
const CHUNK = /(["'`])\.\/([\w.-]+\.js)\1/g;
const WORKER =
  /new URL\((?:new URL\()?[`"'](?:assets\/)?(worker-[\w-]+\.js)[`"'],\s*import\.meta\.url\)(?:\.href,``\+import\.meta\.url\))?,\{type:[`"']module[`"']\}/g;

/**
 * The studio for the inside of one file: its chunks, packed, under names that an import map gives them when the page starts.
 * No script of the page comes from elsewhere, and none stands in it without the policy's word.
 * @param address of the view that the file opens with; none for what the studio does not show
 */
export function livePage(address: string | undefined, folder = studioFolder()): Live | undefined {
  if (address === undefined) return undefined;
  if (folder === undefined) {
    remark('the page is a still one: the studio is not built in this clone ("npm run build:studio")');
    return undefined;
  }
  const assets = new Map(readdirSync(join(folder, 'assets')).map((name) => read(folder, name)));
  const [, main = ''] =
    /src="\.\/assets\/([^"]+\.js)"/.exec(readFileSync(join(folder, 'index.html'), 'utf8')) ?? [];
  const icon = readFileSync(join(folder, 'icon.svg')).toString('base64');
  const style = [...assets].filter(([name]) => name.endsWith('.css')).map(([, text]) => text);
  const scripts = [...assets].filter(([name]) => name.endsWith('.js'));
  const packed = Object.fromEntries(
    scripts.map(([name, text]) => [name, gzipSync(inside(text, icon)).toString('base64')]),
  );
  const nonce = createHash('sha256')
    .update(JSON.stringify([address, packed]))
    .digest('base64url')
    .slice(0, 22);
  // No angle bracket leaves the block of data, whatever an address holds.
  const data = JSON.stringify({ main, address, packed, style: style.join('\n') }).replaceAll('<', '\\u003c');
  return {
    nonce,
    head: `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}' blob:; style-src 'nonce-${nonce}'; img-src data: blob:; worker-src blob:; base-uri 'none'; form-action 'none'">`,
    foot: `<script type="application/json" id="mugi">${data}</script>\n<script nonce="${nonce}">${START}</script>`,
  };
}

/** A file of the built studio by its name, whether it lies there packed or not. */
function read(folder: string, name: string): [string, string] {
  const bytes = readFileSync(join(folder, 'assets', name));
  return name.endsWith('.gz')
    ? [name.slice(0, -'.gz'.length), gunzipSync(bytes).toString()]
    : [name, bytes.toString()];
}

/** A chunk whose neighbours have names instead of places. */
const inside = (text: string, icon: string): string =>
  text
    // A page of a disk may start workers of scripts, and none of modules.
    .replaceAll(WORKER, (_, name: string) => `globalThis.mugi[${JSON.stringify(name)}]`)
    .replaceAll(CHUNK, (_, mark: string, name: string) => `${mark}mugi/${name}${mark}`)
    .replaceAll('./icon.svg', `data:image/svg+xml;base64,${icon}`);

/** Runs in the page: unpacks the chunks, gives them their names, and lets the studio take the place of the still page. */
const START = `(async () => {
  const own = document.currentScript;
  const { main, address, packed, style } = JSON.parse(document.getElementById('mugi').textContent);
  const files = {};
  for (const [name, base64] of Object.entries(packed)) {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    files[name] = URL.createObjectURL(new Blob([await new Response(stream).arrayBuffer()], { type: 'text/javascript' }));
  }
  globalThis.mugi = files;
  if (location.hash === '') location.replace(address);
  const add = (tag, more) => document.head.append(Object.assign(document.createElement(tag), { nonce: own.nonce, ...more }));
  add('script', {
    type: 'importmap',
    textContent: JSON.stringify({ imports: Object.fromEntries(Object.entries(files).map(([name, url]) => ['mugi/' + name, url])) }),
  });
  document.querySelector('style[data-static]').remove();
  add('style', { textContent: style });
  add('script', { type: 'module', textContent: 'import ' + JSON.stringify('mugi/' + main) + ';' });
})();`;
