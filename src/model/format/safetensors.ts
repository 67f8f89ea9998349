import { closeSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { MugiError } from '../../errors.ts';
import { parseJson } from '../../json.ts';
import { type FileKind, kindAt, namesIn, openForReading, readJson } from '../../files/read.ts';
import { shown } from '../../shown.ts';
import { Checkpoint, type TensorInfo } from '../checkpoint.ts';
import { truncated } from '../truncated.ts';
import type { RawTensor } from './packed-weights.ts';
import { duplicateKey } from './duplicate-key.ts';

/** More than any real header (a 405B model's is about 200 kB); guards against a foreign file's first bytes. */
const MAX_HEADER = 100 * 2 ** 20;

const FILE: FileKind = { what: 'safetensors file', limit: Infinity };
const INDEX: FileKind = { what: 'safetensors index', limit: 64 * 2 ** 20 };

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

const Index = z.object({ weight_map: z.record(z.string(), z.string()) });

/**
 * Opens `model.safetensors`, or the shards that `model.safetensors.index.json` names, of a Hugging Face folder.
 * Only headers are read. Format: u64 little-endian header length, JSON header, data.
 * @throws MugiError for missing weights or shards, and headers that are not valid
 */
export function openSafetensors(folder: string): Checkpoint {
  const single = join(folder, 'model.safetensors');
  if (kindAt(single) !== 'nothing') {
    const { tensors, unread } = readHeader(single);
    return new Checkpoint(single, tensors.values(), unread);
  }
  const index = join(folder, 'model.safetensors.index.json');
  if (kindAt(index) === 'nothing') {
    const others = namesIn(folder, 'model folder').files.filter((name) =>
      /\.(safetensors|bin|pth?|ckpt|h5|msgpack|gguf|onnx|index\.json)$/.test(name),
    );
    throw new MugiError({
      code: 'missing-file',
      message: 'no weights: neither model.safetensors nor model.safetensors.index.json',
      path: folder,
      expected: 'model.safetensors',
      ...(others.length === 0
        ? {}
        : {
            received: `${others.slice(0, 4).map(shown).join(', ')}${others.length > 4 ? ', …' : ''}, not read from here`,
          }),
    });
  }
  const parsed = Index.safeParse(readJson(index, INDEX));
  if (!parsed.success) throw invalidHeader(index, 'weight_map is missing or malformed');
  const map = Object.entries(parsed.data.weight_map);
  if (map.length === 0) throw invalidHeader(index, 'weight_map is empty: the index names no tensor');
  const shards = new Map(
    [...new Set(map.map(([, shard]) => shard))].sort().map((shard) => [shard, open(shard)]),
  );
  function open(shard: string): Header {
    // A name with a separator could lead out of the folder.
    if (basename(shard) !== shard || /[/\\]/.test(shard) || ['', '.', '..'].includes(shard)) {
      throw invalidHeader(index, `the shard name ${shown(shard)} is no plain file name`);
    }
    const path = join(folder, shard);
    if (kindAt(path) !== 'nothing') return readHeader(path);
    throw new MugiError({
      code: 'missing-file',
      message: `shard ${shard} named in the index is missing`,
      path,
    });
  }
  const tensors: TensorInfo[] = [];
  const unread = new Map<string, RawTensor>();
  // A tensor comes from the shard that the index names; a stale copy in another shard does not count.
  for (const [name, shard] of map) {
    const header = shards.get(shard)!;
    const info = header.tensors.get(name);
    const type = header.unread.get(name);
    if (info !== undefined) tensors.push(info);
    else if (type !== undefined) unread.set(name, type);
    else {
      throw invalidHeader(join(folder, shard), `tensor ${name} is not in ${shard}, where the index has it`);
    }
  }
  return new Checkpoint(index, tensors, unread);
}

/** Tensors of one file, and by name those that are no floats of 16 or 32 bits. */
interface Header {
  tensors: Map<string, TensorInfo>;
  unread: Map<string, RawTensor>;
}

function readHeader(file: string): Header {
  const { fd, size } = openForReading(file, FILE);
  try {
    if (size < 8) throw truncated(file, 8, size, 'the header length');
    const length = Number(new DataView(bytesAt(fd, 0, 8).buffer).getBigUint64(0, true));
    if (length > MAX_HEADER)
      throw invalidHeader(file, `a header of ${length} bytes is not a safetensors header`);
    if (size < 8 + length) throw truncated(file, 8 + length, size, 'the header');
    return parseHeader(file, new TextDecoder().decode(bytesAt(fd, 8, length)), 8 + length, size);
  } finally {
    closeSync(fd);
  }
}

/**
 * Checks what the format demands (safetensors' README, "Format"): a JSON object from the first byte on, no key twice,
 * tensors that follow one another from the header to the end of the file, without overlap, hole or rest.
 */
function parseHeader(file: string, text: string, base: number, size: number): Header {
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

function bytesAt(fd: number, offset: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const got = readSync(fd, bytes, done, length - done, offset + done);
    // The file became shorter since its size was asked for; what is missing is zero, and refused as such.
    if (got === 0) break;
    done += got;
  }
  return bytes;
}

function invalidHeader(file: string, message: string): MugiError {
  return new MugiError({ code: 'invalid-file', message, path: file, expected: 'a safetensors file' });
}
