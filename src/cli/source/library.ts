import { gunzipSync } from 'node:zlib';
import { MugiError } from '../../errors.ts';
import { type FileKind, readBytes } from '../../files/read.ts';
import type { Library } from '../../hardware/liberty/library.ts';
import { open45Liberty } from '../../hardware/liberty/open-45.ts';
import { joinLibraries, readLiberty } from '../../hardware/liberty/read.ts';
import { requireParts, withoutCells } from '../../hardware/synthesis/usable-cells.ts';

/** The cells that a design is mapped to. */
export interface SynthLibrary {
  /** Liberty text of each file, as yosys reads it. */
  readonly texts: readonly string[];
  readonly library: Library;
}

/** Packed or unpacked. Files of public libraries have up to some 50 MB. */
const LIBERTY: FileKind = {
  what: 'cell library',
  limit: 400 * 2 ** 20,
  expected: 'a Liberty file (.lib, .lib.gz)',
};

/** The libraries of `--liberty`, joined, without the cells of `--dont-use`; mugi's own where none is named. */
export function synthLibrary(paths: readonly string[] = [], dontUse: readonly string[] = []): SynthLibrary {
  const sources =
    paths.length === 0
      ? [{ path: 'open-45', text: open45Liberty() }]
      : paths.map((path) => ({ path, text: libertyText(path) }));
  const libraries = sources.map(({ path, text }) => readLiberty(text, path));
  const joined = joinLibraries(
    libraries,
    sources.map(({ path }) => path),
  );
  const library = withoutCells(joined, dontUse, 'dontUse');
  requireParts(library, sources.map(({ path }) => path).join(', '));
  return { texts: sources.map(({ text }) => text), library };
}

/** The text of a library, unpacked where gzip packed it, whatever its name. Comments may be of any encoding. */
export function libertyText(path: string, kind: FileKind = LIBERTY): string {
  const bytes = readBytes(path, kind);
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return new TextDecoder('utf-8').decode(packed ? unpacked(bytes, path, kind) : bytes);
}

function unpacked(bytes: Uint8Array, path: string, { what, limit, expected }: FileKind): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: limit });
  } catch (error) {
    const large = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new MugiError({
      code: 'invalid-file',
      message: large
        ? `the file unpacks to more than ${limit} bytes, which no ${what} is`
        : 'the file begins like one of gzip and cannot be unpacked',
      path,
      expected,
    });
  }
}
