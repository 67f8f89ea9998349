import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname } from 'node:path';
import { customDesign } from '../../design/custom.ts';
import { parseDesignFile } from '../../design/design-file.ts';
import { parseMesh } from '../../design/index.ts';
import { MugiError, nearest } from '../../errors.ts';
import { pricedDesign } from '../../evaluate/point.ts';
import { type PricedDesign, priceDesign } from '../../evaluate/price.ts';
import type { Preset } from '../../preset.ts';
import type { Technology } from '../../technology/technology.ts';

const EXTENSIONS = ['.yaml', '.yml', '.json'];
/** A design file has a few hundred lines; this is no design, and would be slow to refuse otherwise. */
const MAX_BYTES = 1 << 20;

/** The priced design that a user names: a built-in one, or a file; `@4x4` behind either sets the mesh. */
export function loadDesign(name: string, preset: Preset, technology: Technology): PricedDesign {
  const file = /^(.*\.(?:ya?ml|json))(?:@([^@/]*))?$/i.exec(name.trim());
  if (file === null && !/[/\\]/.test(name)) return pricedDesign(name, preset, technology);
  const [, path = name, mesh] = file ?? [];
  const parsed = parseDesignFile(path, readDesignFile(path));
  const design = customDesign(parsed.value, {
    repairs: preset.repairs,
    technology,
    locate: parsed.locate,
    fallbackName: basename(path, extname(path)),
    ...(mesh === undefined ? {} : { nodes: parseMesh(name, mesh) }),
  });
  return priceDesign(design, technology);
}

function readDesignFile(path: string): string {
  const refuse = (message: string, received?: string): MugiError =>
    new MugiError({
      code: 'invalid-file',
      message,
      path,
      expected: `a design in YAML or JSON, a file that ends in ${EXTENSIONS.join(', ')}`,
      ...(received === undefined ? {} : { received }),
    });
  let bytes: Uint8Array;
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) throw refuse('this is a folder, not a design file', 'a folder');
    if (stat.size > MAX_BYTES)
      throw refuse(`the file is larger than ${MAX_BYTES} bytes, which no design is`, `${stat.size} bytes`);
    if (!EXTENSIONS.includes(extname(path).toLowerCase()))
      throw refuse('the name does not say what is in the file', extname(path) || 'no extension');
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof MugiError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw refuse(`cannot read the file (${code})`);
    throw new MugiError({
      code: 'missing-file',
      message: 'there is no such design file',
      path,
      received: path,
      ...similar(path),
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refuse('the file is not text in UTF-8');
  }
}

/** The design file beside the missing one whose name is nearest. */
function similar(path: string): { nearest?: string } {
  const folder = dirname(path);
  let names: string[] = [];
  try {
    names = readdirSync(folder).filter((name) => EXTENSIONS.includes(extname(name).toLowerCase()));
  } catch {
    // Without its folder there is nothing to suggest.
  }
  const name = nearest(basename(path), names);
  if (name === undefined) return {};
  return { nearest: path.slice(0, path.length - basename(path).length) + name };
}
