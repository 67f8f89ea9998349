import { closeSync, readSync } from 'node:fs';
import { MugiError } from '../../errors.ts';
import { kindAt, openForReading } from '../../files/read.ts';
import { type GgufHeader, parseGguf } from './gguf-parse.ts';

/** Metadata and tensor list of a GGUF file. */
export function readGgufHeader(path: string): GgufHeader {
  const { fd, size } = openForReading(path, {
    what: 'GGUF file',
    limit: Infinity,
    expected: 'a whole GGUF file',
  });
  try {
    return parseGguf({ size, read: (begin, count) => bytesAt(fd, begin, count) }, path);
  } finally {
    closeSync(fd);
  }
}

/** No model is split into more. */
const MAX_PARTS = 1000;

/**
 * The headers of a file, or of all parts that it was split into (llama.cpp's gguf-split): metadata of the first, tensors of
 * each.
 * @throws MugiError for a part that is missing, and a tensor that stands in two
 */
export function readGgufParts(path: string): (GgufHeader & { path: string })[] {
  const header = readGgufHeader(path);
  const count = Number(header.metadata.get('split.count') ?? 1);
  if (count <= 1) return [{ ...header, path }];
  const named = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/.exec(path);
  if (named === null || Number(named[3]) !== count || count > MAX_PARTS) {
    throw new MugiError({
      code: 'missing-file',
      message: `the file is one of ${count} parts (split.count), and its name does not say which`,
      path,
      expected: `a name that ends in -00001-of-${String(count).padStart(5, '0')}.gguf, and the other parts beside it`,
    });
  }
  const names = new Set<string>();
  return Array.from({ length: count }, (_, i) => {
    const file = `${named[1]}-${String(i + 1).padStart(5, '0')}-of-${named[3]}.gguf`;
    if (kindAt(file) === 'nothing') {
      throw new MugiError({
        code: 'missing-file',
        message: `part ${i + 1} of ${count} is missing`,
        path: file,
      });
    }
    const part = { ...readGgufHeader(file), path: file };
    for (const { name } of part.tensors) {
      if (!names.has(name)) names.add(name);
      else
        throw new MugiError({
          code: 'invalid-file',
          message: `tensor ${name} stands in two parts`,
          path: file,
        });
    }
    return part;
  });
}

function bytesAt(fd: number, begin: number, count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count);
  let done = 0;
  while (done < count) {
    const got = readSync(fd, bytes, done, count - done, begin + done);
    if (got === 0) break;
    done += got;
  }
  return bytes.subarray(0, done);
}
