import { basename, extname } from 'node:path';
import { customDesign } from '../design/custom.ts';
import { parseDesignFile } from '../design/design-file.ts';
import { parseMesh } from '../design/index.ts';
import { MugiError } from '../errors.ts';
import { type FileKind, kindAt, readText } from '../files/read.ts';
import { pricedDesign } from '../question/point.ts';
import { type PricedDesign } from '../evaluate/price.ts';
import { priceDesign } from '../evaluate/whole-machines.ts';
import { designUnder, type Preset } from '../published/preset.ts';
import type { Technology } from '../technology/technology.ts';

const EXTENSIONS = ['.yaml', '.yml', '.json'];
/** A design has a few hundred lines; what is larger is none, and could keep a YAML reader busy for seconds. */
const DESIGN_FILE: FileKind = {
  what: 'design file',
  limit: 64 * 2 ** 10,
  expected: `a design in YAML or JSON, a file that ends in ${EXTENSIONS.join(', ')}`,
};

/** The priced design that a user names: a built-in one, or a file; `@4x4` behind either sets the mesh. */
export function loadDesign(name: string, preset: Preset, technology: Technology): PricedDesign {
  const path = designFile(name);
  if (path === undefined) return pricedDesign(name, preset, technology);
  const [, , mesh] = WITH_MESH.exec(name.trim()) ?? [];
  const parsed = parseDesignFile(path, readDesignFile(path));
  const design = customDesign(parsed.value, {
    technology,
    change: (built) => designUnder(built, preset, technology),
    locate: parsed.locate,
    fallbackName: basename(path, extname(path)),
    ...(mesh === undefined ? {} : { nodes: parseMesh(name, mesh) }),
  });
  return priceDesign(design, technology);
}

/** A path, and the mesh behind it. */
const WITH_MESH = /^(.*\.(?:ya?ml|json))(?:@([^@/]*))?$/i;

/** The file that a user names as a design; none for a built-in one. */
export function designFile(name: string): string | undefined {
  const [, path = name] = WITH_MESH.exec(name.trim()) ?? [];
  return path !== name || /[/\\]/.test(name) || WITH_MESH.test(name.trim()) ? path : undefined;
}

/** The text of a design file. */
export function readDesignFile(path: string): string {
  const ending = extname(path).toLowerCase();
  if (EXTENSIONS.includes(ending) || kindAt(path) !== 'file') return readText(path, DESIGN_FILE);
  throw new MugiError({
    code: 'invalid-file',
    message: 'the name does not say what is in the file',
    path,
    expected: DESIGN_FILE.expected,
    received: ending || 'no extension',
  });
}
