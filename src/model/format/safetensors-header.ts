import { z } from 'zod';
import { MugiError } from '../../errors.ts';
import { parseJson } from '../../json.ts';
import { shown } from '../../shown.ts';
import type { TensorInfo } from '../checkpoint.ts';
import { truncated } from '../truncated.ts';
import { duplicateKey } from './duplicate-key.ts';
import type { RawTensor } from './packed-weights.ts';

/** More than any real header (a 405B model's is about 200 kB); guards against a foreign file's first bytes. */
export const MAX_HEADER = 100 * 2 ** 20;

/** Bits of an element by type (`Dtype` of the safetensors crate). Only floats of 16 and 32 bits are run. */
const ELEMENT_BITS: ReadonlyMap<string, number> = new Map([
  ...['BOOL', 'U8', 'I8', 'F8_E5M2', 'F8_E4M3', 'F8_E8M0'].map((type) => [type, 8] as const),
  ...['I16', 'U16', 'F16', 'BF16'].map((type) => [type, 16] as const),
  ...['I32', 'U32', 'F32'].map((type) => [type, 32] as const),
  ...['I64', 'U64', 'F64', 'C64'].map((type) => [type, 64] as const),
  ['F4', 4],
  ['F6_E2M3', 6],
  ['F6_E3M2', 6],
]);

const Entry = z.object({
  dtype: z.string(),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});

/** Tensors of one file, and by name those that are no floats of 16 or 32 bits. */
export interface SafetensorsHeader {
  tensors: Map<string, TensorInfo>;
  unread: Map<string, RawTensor>;
}

/**
 * Checks what the format demands (safetensors' README, "Format"): a JSON object from the first byte on, no key twice,
 * tensors that follow one another from the header to the end of the file, without overlap, hole or rest.
 */
export function parseHeader(file: string, text: string, base: number, size: number): SafetensorsHeader {
  if (!text.startsWith('{')) throw invalidHeader(file, 'the header does not begin with {');
  const header = parseJson(text, file, 'a safetensors file');
  if (typeof header !== 'object' || header === null) throw invalidHeader(file, 'the header is not an object');
  const twice = duplicateKey(text);
  if (twice !== undefined) throw invalidHeader(file, `the header has the key ${shown(twice)} twice`);
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, raw]) => tensorEntry(file, name, raw));
  const tensors = new Map<string, TensorInfo>();
  const unread = new Map<string, RawTensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    if (size < base + end) throw truncated(file, base + end, size, `tensor ${name}`);
    // Integers and booleans are mask buffers and position ids, which no family needs.
    if (dtype !== 'F32' && dtype !== 'F16' && dtype !== 'BF16')
      unread.set(name, { type: dtype, shape, file, offset: base + begin, bytes: end - begin });
    else tensors.set(name, { name, type: dtype, shape, file, offset: base + begin, bytes: end - begin });
  }
  let behind = 0;
  for (const { name, begin, end } of entries.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin < behind) throw invalidHeader(file, `tensor ${name} shares bytes with another one`);
    if (begin > behind)
      throw invalidHeader(file, `${begin - behind} bytes before tensor ${name} are no tensor's`);
    behind = end;
  }
  if (base + behind !== size) {
    throw invalidHeader(file, `${size - base - behind} bytes behind the last tensor are no tensor's`);
  }
  return { tensors, unread };
}

interface TensorEntry {
  name: string;
  dtype: string;
  shape: number[];
  /** Bytes behind the header. */
  begin: number;
  end: number;
}

function tensorEntry(file: string, name: string, raw: unknown): TensorEntry {
  const parsed = Entry.safeParse(raw);
  if (!parsed.success) throw invalidHeader(file, `the entry of tensor ${name} is malformed`);
  const { dtype, shape, data_offsets: offsets } = parsed.data;
  const [begin, end] = offsets;
  if (end < begin) throw invalidHeader(file, `tensor ${name} ends before it begins`);
  const bits = ELEMENT_BITS.get(dtype);
  const expected =
    bits === undefined ? end - begin : Math.ceil((bits * shape.reduce((a, b) => a * b, 1)) / 8);
  if (end - begin !== expected) {
    throw invalidHeader(
      file,
      `tensor ${name} occupies ${end - begin} bytes, its shape and type need ${expected}`,
    );
  }
  return { name, dtype, shape, begin, end };
}

export function invalidHeader(file: string, message: string): MugiError {
  return new MugiError({ code: 'invalid-file', message, path: file, expected: 'a safetensors file' });
}
