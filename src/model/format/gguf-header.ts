import { closeSync, readSync } from 'node:fs';
import { openForReading } from '../../files/read.ts';
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
