import { MugiError } from '../../errors.ts';
import { type FileKind, readBytes } from '../../files/read.ts';
import { shown } from '../../shown.ts';

/** A clip of 32 frames of 224 × 224 in three colours has 5 MB. */
const KIND: FileKind = { what: 'array file', limit: 2 ** 30 };

/** NumPy's format (numpy.lib.format): magic, version, length of the header, the header as a Python literal. */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const MAX_HEADER = 65_536;

/**
 * The bytes of an array file of `uint8` in C order.
 * @param shape what it must hold
 * @throws MugiError for files that are truncated, of another type or order, or of another shape
 */
export function readArray(path: string, shape: readonly number[]): Uint8Array {
  const bytes = readBytes(path, KIND);
  const { header, start } = headerOf(bytes, path);
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const turned = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (type === undefined || turned === undefined || sizes === undefined) {
    throw malformed(path, `the header says no type, order or shape: ${shown(header.slice(0, 80))}`);
  }
  if (type !== '|u1' || turned !== 'False') {
    throw new MugiError({
      code: 'unsupported',
      message: `an array of type ${shown(type)}${turned === 'True' ? ' in Fortran order' : ''} is not read`,
      path,
      expected: 'uint8 (|u1) in C order',
      received: type,
    });
  }
  const found = sizes
    .split(',')
    .map((size) => size.trim())
    .filter((size) => size !== '')
    .map(Number);
  if (found.length !== shape.length || found.some((size, i) => size !== shape[i])) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'the array does not have the shape that the model reads',
      path,
      expected: `[${shape.join(', ')}]`,
      received: `[${found.join(', ')}]`,
    });
  }
  const size = shape.reduce((a, b) => a * b, 1);
  if (bytes.length - start === size) return bytes.subarray(start);
  throw new MugiError({
    code: 'invalid-file',
    message: bytes.length - start < size ? 'the file is truncated' : 'bytes follow the last element',
    path,
    expected: `${start + size} bytes`,
    received: `${bytes.length} bytes`,
  });
}

function headerOf(bytes: Uint8Array, path: string): { header: string; start: number } {
  if (bytes.length < 10 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw malformed(path, 'the file does not begin as an array of NumPy');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6] >= 2;
  const length = wide && bytes.length >= 12 ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = (wide ? 12 : 10) + length;
  if (length > MAX_HEADER || start > bytes.length) throw malformed(path, 'the file ends inside its header');
  return { header: new TextDecoder().decode(bytes.subarray(wide ? 12 : 10, start)), start };
}

const malformed = (path: string, why: string): MugiError =>
  new MugiError({
    code: 'invalid-file',
    message: `not an array file: ${why}`,
    path,
    expected: 'a .npy file',
  });
