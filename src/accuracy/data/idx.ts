import { basename, dirname, join } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { MugiError } from '../../errors.ts';
import { type FileKind, kindAt, readBytes } from '../../files/read.ts';
import type { Vision } from '../../model/config/config.ts';
import { checkLabel, checkSize, type RawImage } from './raw-image.ts';

/** EMNIST's largest file has 550 MB. */
const KIND: FileKind = { what: 'IDX file', limit: 2 ** 30 };

/** Compressed bytes from which the header is read before anything else is made of a file. */
const BEGINNING = 512;

/**
 * IDX (LeCun): big-endian magic 0x0803, count, rows, columns, bytes; labels 0x0801, count, bytes.
 * @throws MugiError for files that are truncated or not IDX files of bytes
 */
export function readIdx(path: string, config: Vision): RawImage[] {
  const labelsPath = join(dirname(path), basename(path).replace('images-idx3', 'labels-idx1'));
  if (labelsPath === path || kindAt(labelsPath) === 'nothing') {
    throw new MugiError({
      code: 'missing-file',
      message: 'the labels of the images are missing',
      path: labelsPath,
    });
  }
  const { count, rows, columns, data } = idxFile(path, 3, (rows, columns) =>
    checkSize(path, columns, rows, 1, config),
  );
  const labels = idxFile(labelsPath, 1);
  if (labels.count !== count) {
    throw new MugiError({
      code: 'invalid-file',
      message: `there are ${count} images and ${labels.count} labels`,
      path: labelsPath,
    });
  }
  return Array.from({ length: count }, (_, i) => ({
    name: `${basename(path)}[${i}]`,
    label: checkLabel(labels.data[i], config, labelsPath),
    bytes: data.subarray(i * rows * columns, (i + 1) * rows * columns),
  }));
}

interface IdxFile {
  count: number;
  rows: number;
  columns: number;
  data: Uint8Array;
}

/**
 * An IDX file of unsigned bytes. What it announces is read and checked before the rest is unpacked, and the rest is
 * exactly what it announces.
 * @param check refuses a size of images
 */
function idxFile(
  path: string,
  dimensions: 1 | 3,
  check: (rows: number, columns: number) => void = () => {},
): IdxFile {
  const stored = readBytes(path, KIND);
  const packed = stored[0] === 0x1f && stored[1] === 0x8b;
  const header = 4 + 4 * dimensions;
  const magic = 0x0800 + dimensions;
  const begin = packed
    ? unpack(path, stored.subarray(0, BEGINNING), { finishFlush: constants.Z_SYNC_FLUSH })
    : stored;
  const view = new DataView(begin.buffer, begin.byteOffset, begin.byteLength);
  if (begin.length < header || view.getUint32(0) !== magic) {
    throw new MugiError({
      code: 'invalid-file',
      message: 'not an IDX file of unsigned bytes',
      path,
      expected: `magic number 0x${magic.toString(16).padStart(8, '0')}`,
    });
  }
  const count = view.getUint32(4);
  const [rows, columns] = dimensions === 3 ? [view.getUint32(8), view.getUint32(12)] : [1, 1];
  check(rows, columns);
  const size = header + count * rows * columns;
  if (size > KIND.limit) {
    throw new MugiError({
      code: 'invalid-file',
      message: `the file announces ${count} images, more than are read`,
      path,
      expected: `at most ${KIND.limit} bytes`,
      received: `${size} bytes`,
    });
  }
  const bytes = packed ? unpack(path, stored, { maxOutputLength: size + 1 }) : stored;
  if (bytes.length === size) return { count, rows, columns, data: bytes.subarray(header) };
  throw new MugiError({
    code: 'invalid-file',
    message: `${bytes.length < size ? 'the file is truncated' : 'bytes follow the last one'}: ${count} images or labels are announced`,
    path,
    expected: `${size} bytes`,
    received: bytes.length < size ? `${bytes.length} bytes` : 'more',
  });
}

function unpack(path: string, packed: Uint8Array, options: Parameters<typeof gunzipSync>[1]): Uint8Array {
  try {
    return gunzipSync(packed, options);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new MugiError({
      code: 'invalid-file',
      message:
        code === 'ERR_BUFFER_TOO_LARGE'
          ? 'bytes follow the last one that the file announces'
          : `not a whole gzip file (${message})`,
      path,
    });
  }
}
