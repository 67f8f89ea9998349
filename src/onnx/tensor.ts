import { halfValues } from '../number/half.ts';
import { MOST_ELEMENTS, type Tensor } from './graph.ts';
import { floats, inside, message, text, whole } from '../protobuf.ts';

/** Tensors with as many elements may be sizes, axes or settings: their numbers are kept. */
export const MOST_DATA = 1024;

/** Reads a TensorProto: type and sizes, and the numbers of a small one that lies in the file. */
export function readTensor(bytes: Uint8Array): Tensor {
  const tensor: Tensor = { name: '', dims: [], type: 0 };
  let raw: Uint8Array | undefined;
  const data: number[] = [];
  const keep = (value: number): void => {
    if (data.length <= MOST_DATA) data.push(value);
  };
  let external = false;
  message(bytes, {
    1: whole((size) => tensor.dims.push(size)),
    2: whole((type) => (tensor.type = type)),
    4: floats(keep),
    5: whole(keep),
    7: whole(keep),
    8: text((name) => (tensor.name = name)),
    9: inside((value) => (raw = value)),
    14: whole((location) => (external = location === 1)),
  });
  const elements = tensor.dims.reduce((product, size) => product * size, 1);
  if (tensor.dims.some((size) => size < 0) || !(elements <= MOST_ELEMENTS)) {
    throw new Error(`tensor "${tensor.name}" has sizes ${tensor.dims.slice(0, 8).join(' × ')}`);
  }
  if (external || elements > MOST_DATA) return tensor;
  const numbers = raw === undefined ? data : decoded(raw, tensor.type);
  if (numbers !== undefined && numbers.length === elements) tensor.data = numbers;
  return tensor;
}

/** Little-endian numbers of the types that sizes and settings have. */
function decoded(raw: Uint8Array, type: number): number[] | undefined {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const each = (width: number, read: (at: number) => number): number[] =>
    Array.from({ length: Math.min(MOST_DATA + 1, Math.floor(raw.length / width)) }, (_, i) =>
      read(i * width),
    );
  switch (type) {
    case 1:
      return each(4, (at) => view.getFloat32(at, true));
    case 2:
    case 9:
      return each(1, (at) => view.getUint8(at));
    case 3:
      return each(1, (at) => view.getInt8(at));
    case 6:
      return each(4, (at) => view.getInt32(at, true));
    case 7:
      return each(8, (at) => Number(view.getBigInt64(at, true)));
    case 10:
      return each(2, (at) => halfValues()[view.getUint16(at, true)]);
    case 11:
      return each(8, (at) => view.getFloat64(at, true));
    default:
      return undefined;
  }
}
