import { MugiError } from '../../errors.ts';
import { E4M3, E5M2, fromBits } from '../../number/fp8.ts';
import { packedOf, type PackedRows, type Size } from './packed-integers.ts';

/** A tensor in a type that is no float of 16 or 32 bits. */
export interface RawTensor {
  type: string;
  shape: readonly number[];
  file: string;
  offset: number;
  bytes: number;
}

/** What stored weights are unpacked from. */
export interface PackedReader {
  path: string;
  raw(name: string): { type: string; shape: readonly number[]; bytes: Uint8Array } | undefined;
  /** A tensor of floats, of whatever shape. */
  floats(name: string): { shape: readonly number[]; values: Float32Array } | undefined;
}

/** Order of AWQ's eight columns in a word (AutoAWQ, `pack_intweight`). */
const AWQ_ORDER = [0, 4, 1, 5, 2, 6, 3, 7];

/**
 * Rows of a matrix [outputs × inputs] that a folder stores packed: FP8 and INT8 with scales, GPTQ, AWQ, and
 * compressed-tensors. A value is an integer (or FP8) times a scale, in double precision, rounded once to FP32.
 * @returns undefined where no packed tensor of this name is there
 * @throws MugiError for packed tensors whose shapes do not fit together
 */
export function packedRows(
  reader: PackedReader,
  name: string,
  shape: readonly number[],
): PackedRows | undefined {
  if (shape.length !== 2 || !name.endsWith('.weight')) return undefined;
  const base = name.slice(0, -'.weight'.length);
  const size = { name, path: reader.path, outputs: shape[0], inputs: shape[1] };
  const plain = reader.raw(name);
  if (plain !== undefined) return bytesRows(reader, base, size, plain);
  const words = reader.raw(`${base}.qweight`);
  if (words !== undefined) return columnRows(reader, base, size, int32(words, size));
  const packed = reader.raw(`${base}.weight_packed`);
  return packed && compressedRows(reader, base, size, int32(packed, size));
}

/**
 * The packed weights among `tensors`: how many a tensor holds, at most where words do not say it, and the bytes that they are
 * unpacked to, as FP32, or those of MXFP4 as BF16.
 */
export const packedWeights = (
  tensors: ReadonlyMap<string, RawTensor>,
): { name: string; weights: number; bytes: number }[] =>
  [...tensors].flatMap(([name, info]) => {
    const weights = weightsIn(name, info, tensors);
    return weights === 0 ? [] : [{ name, weights, bytes: (name.endsWith('_blocks') ? 2 : 4) * weights }];
  });

/** Whether some matrix is stored as integers in words, which may be INT4 (of GPTQ, AWQ or compressed-tensors). */
export const hasPackedIntegers = (tensors: ReadonlyMap<string, RawTensor>): boolean =>
  [...tensors.keys()].some((name) => name.endsWith('.qweight') || name.endsWith('.weight_packed'));

function weightsIn(
  name: string,
  { shape, bytes }: RawTensor,
  tensors: ReadonlyMap<string, RawTensor>,
): number {
  if (name.endsWith('.weight')) return bytes;
  // Two MXFP4 weights a byte, as of compressed tensors.
  if (name.endsWith('_blocks') || name.endsWith('.weight_packed')) return 2 * bytes;
  if (!name.endsWith('.qweight')) return 0;
  // GPTQ has 2 bits at the least, and where it names the group of every input, all weights are known.
  const groups = tensors.get(name.replace(/qweight$/, 'g_idx'));
  return Math.min(4 * bytes, groups === undefined ? Infinity : groups.shape[0] * shape[1]);
}

interface Words {
  shape: readonly number[];
  values: Int32Array;
}

function int32(
  { type, shape, bytes }: { type: string; shape: readonly number[]; bytes: Uint8Array },
  size: Size,
): Words {
  if (type !== 'I32') throw misfit(size, `packed as ${type}`, 'I32');
  // A view of four bytes each has to begin at a multiple of four.
  const own = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return { shape, values: new Int32Array(own.buffer, own.byteOffset, own.length / 4) };
}

const misfit = ({ name, path }: Size, received: string, expected: string): MugiError =>
  new MugiError({
    code: 'unsupported',
    message: `tensor ${name} is stored in a way that is not supported: ${received}`,
    path,
    expected,
    received,
  });

const listed = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

/** One byte a weight: FP8, or INT8, times the scale of the tensor, of the row, of a group, or of a block of 128². */
function bytesRows(
  reader: PackedReader,
  base: string,
  size: Size,
  { type, shape, bytes }: { type: string; shape: readonly number[]; bytes: Uint8Array },
): PackedRows | undefined {
  const { outputs, inputs } = size;
  const formats: Readonly<Record<string, (byte: number) => number>> = {
    F8_E4M3: (byte) => fromBits(byte, E4M3),
    F8_E5M2: (byte) => fromBits(byte, E5M2),
    I8: (byte) => (byte << 24) >> 24,
  };
  if (!Object.hasOwn(formats, type)) return undefined;
  if (shape[0] !== outputs || shape[1] !== inputs)
    throw misfit(size, listed(shape), listed([outputs, inputs]));
  if (reader.raw(`${base}.weight_zero_point`) !== undefined)
    throw misfit(size, 'zero points', 'symmetric weights');
  const scale = reader.floats(`${base}.weight_scale`) ?? reader.floats(`${base}.weight_scale_inv`);
  if (scale === undefined) throw misfit(size, `${type} without weight_scale`, `${base}.weight_scale`);
  const at = scalePlace(size, scale.shape);
  const values = Float64Array.from({ length: 256 }, (_, byte) => formats[type](byte));
  const rows: PackedRows['rows'] = (first, count, out) => {
    for (let i = 0; i < count * inputs; i++) {
      const row = first + Math.floor(i / inputs);
      const value = values[bytes[first * inputs + i]] * scale.values[at(row, i % inputs)];
      if (!Number.isFinite(value)) throw misfit(size, 'NaN or infinity', 'finite weights');
      out[i] = value;
    }
  };
  return { rows };
}

/** Which scale a weight has, by the shape of the scales. */
function scalePlace(size: Size, shape: readonly number[]): (row: number, column: number) => number {
  const { outputs, inputs } = size;
  const count = shape.reduce((a, b) => a * b, 1);
  if (count === 1) return () => 0;
  const [rows, columns = 1] = shape;
  if (shape.length <= 2 && rows === outputs && inputs % columns === 0) {
    return (row, column) => row * columns + Math.floor(column / (inputs / columns));
  }
  if (shape.length === 2 && rows === Math.ceil(outputs / 128) && columns === Math.ceil(inputs / 128)) {
    return (row, column) => (row >> 7) * columns + (column >> 7);
  }
  throw misfit(
    size,
    `scales ${listed(shape)}`,
    'one scale, one a row, one a group, or one for 128 × 128 weights',
  );
}

/** GPTQ, packed along the inputs, and AWQ, packed along the outputs: (q − zero) · scale of the group. */
function columnRows(reader: PackedReader, base: string, size: Size, { shape, values }: Words): PackedRows {
  const { outputs, inputs } = size;
  const scales = reader.floats(`${base}.scales`);
  const zeros = reader.raw(`${base}.qzeros`);
  if (scales === undefined || zeros === undefined)
    throw misfit(size, 'qweight alone', 'scales and qzeros beside it');
  const zero = int32(zeros, size);
  const [groups, width] = scales.shape;
  const alongInputs = shape[1] === outputs;
  const bits = alongInputs ? (shape[0] * 32) / inputs : (shape[1] * 32) / outputs;
  const each = 32 / bits;
  const fits = alongInputs ? [2, 4, 8].includes(bits) : bits === 4 && shape[0] === inputs;
  if (!fits || width !== outputs || zero.shape[0] !== groups || zero.shape[1] * each !== outputs) {
    throw misfit(
      size,
      `qweight ${listed(shape)}, scales ${listed(scales.shape)}, qzeros ${listed(zero.shape)}`,
      'GPTQ or AWQ of 4 bits, or GPTQ of 2 or 8',
    );
  }
  const named = reader.raw(`${base}.g_idx`);
  const groupOf = named === undefined ? undefined : int32(named, size).values;
  const step = Math.ceil(inputs / groups);
  const mask = 2 ** bits - 1;
  const bad = groupOf?.find((group) => group < 0 || group >= groups);
  if (bad !== undefined || (groupOf !== undefined && groupOf.length !== inputs))
    throw misfit(size, 'g_idx out of range', `groups below ${groups}`);
  return packedOf(size, {
    bits,
    groups,
    groupOf: (i) => groupOf?.[i] ?? Math.floor(i / step),
    integer(o, i, group) {
      const place = alongInputs ? o % each : AWQ_ORDER[o % each];
      const word = alongInputs
        ? values[Math.floor(i / each) * outputs + o] >>> (bits * (i % each))
        : values[i * shape[1] + Math.floor(o / each)] >>> (bits * place);
      const z = (zero.values[group * zero.shape[1] + Math.floor(o / each)] >>> (bits * place)) & mask;
      // AutoGPTQ stores zero points less one.
      return (word & mask) - (alongInputs ? (z + 1) & mask : z);
    },
    scale: (o, group) => scales.values[group * outputs + o],
  });
}

/** compressed-tensors: rows of words, integers with half their range added; zero points packed along the outputs. */
function compressedRows(
  reader: PackedReader,
  base: string,
  size: Size,
  { shape, values }: Words,
): PackedRows {
  const { outputs, inputs } = size;
  const scales = reader.floats(`${base}.weight_scale`);
  const bits = [4, 8].find((one) => shape[1] === Math.ceil((inputs * one) / 32));
  if (scales === undefined || bits === undefined || shape[0] !== outputs || scales.shape[0] !== outputs) {
    throw misfit(
      size,
      `weight_packed ${listed(shape)}`,
      '4 or 8 bits, and weight_scale with a row for each output',
    );
  }
  const each = 32 / bits;
  const [middle, mask] = [2 ** (bits - 1), 2 ** bits - 1];
  const groups = scales.shape[1] ?? 1;
  const step = inputs / groups;
  if (scales.shape.length > 2 || !Number.isInteger(step))
    throw misfit(
      size,
      `weight_scale ${listed(scales.shape)}`,
      `one scale a row, or groups of equal size in its ${inputs} inputs`,
    );
  const rawZero = reader.raw(`${base}.weight_zero_point`);
  const zero = rawZero && int32(rawZero, size);
  const zeros = [Math.ceil(outputs / each), groups];
  if (zero !== undefined && listed(zero.shape) !== listed(zeros))
    throw misfit(size, `weight_zero_point ${listed(zero.shape)}`, listed(zeros));
  const named = reader.raw(`${base}.weight_g_idx`);
  const groupOf = named === undefined ? undefined : int32(named, size).values;
  if (groupOf !== undefined && groupOf.length !== inputs)
    throw misfit(size, `weight_g_idx of ${groupOf.length}`, `a group for each of ${inputs} inputs`);
  if (groupOf?.some((group) => group >= groups) === true)
    throw misfit(size, 'weight_g_idx out of range', `groups below ${groups}`);
  return packedOf(size, {
    bits,
    groups,
    groupOf(i) {
      const own = groupOf?.[i] ?? -1;
      return own < 0 ? Math.floor(i / step) : own;
    },
    integer(o, i, group) {
      const q = ((values[o * shape[1] + Math.floor(i / each)] >>> (bits * (i % each))) & mask) - middle;
      const z =
        zero === undefined
          ? 0
          : ((zero.values[Math.floor(o / each) * groups + group] >>> (bits * (o % each))) & mask) - middle;
      return q - z;
    },
    scale: (o, group) => scales.values[o * groups + group],
  });
}
