import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { MugiError } from '../../errors.ts';
import { Checkpoint, type TensorInfo, truncated } from '../checkpoint.ts';
import { storedBytes } from './stored-type.ts';

/** More than any real header (a 405B model's is about 200 kB); guards against a foreign file's first bytes. */
const MAX_HEADER = 100 * 2 ** 20;

const Entry = z.object({
  dtype: z.string(),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});

const Index = z.object({ weight_map: z.record(z.string(), z.string()) });

/**
 * Opens `model.safetensors`, or the shards that `model.safetensors.index.json` names, of a Hugging Face folder.
 * Only headers are read. Format: u64 little-endian header length, JSON header, data.
 */
export function openSafetensors(folder: string): Checkpoint {
  const single = join(folder, 'model.safetensors');
  if (existsSync(single)) {
    const { tensors, unread } = readHeader(single);
    return new Checkpoint(single, tensors.values(), unread);
  }
  const index = join(folder, 'model.safetensors.index.json');
  if (!existsSync(index)) {
    throw new MugiError({
      code: 'missing-file',
      message: 'no weights: neither model.safetensors nor model.safetensors.index.json',
      path: folder,
      expected: 'model.safetensors',
    });
  }
  const parsed = Index.safeParse(parseJson(readFileSync(index, 'utf8'), index));
  if (!parsed.success) throw invalidHeader(index, 'weight_map is missing or malformed');
  const map = Object.entries(parsed.data.weight_map);
  if (map.length === 0) throw invalidHeader(index, 'weight_map is empty: the index names no tensor');
  const shards = new Map(
    [...new Set(map.map(([, shard]) => shard))].sort().map((shard) => [shard, open(shard)]),
  );
  function open(shard: string): Header {
    const path = join(folder, shard);
    if (existsSync(path)) return readHeader(path);
    throw new MugiError({
      code: 'missing-file',
      message: `shard ${shard} named in the index is missing`,
      path,
    });
  }
  const tensors: TensorInfo[] = [];
  const unread = new Map<string, string>();
  // A tensor is taken from the shard that the index names; a stale copy in another shard is no substitute.
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

/** Tensors of one file, and by name the types of those in a type that is not read. */
interface Header {
  tensors: Map<string, TensorInfo>;
  unread: Map<string, string>;
}

function readHeader(file: string): Header {
  const size = statSync(file).size;
  const fd = openSync(file, 'r');
  try {
    if (size < 8) throw truncated(file, 8, size, 'the header length');
    const lengthBytes = new DataView(new ArrayBuffer(8));
    readSync(fd, lengthBytes, 0, 8, 0);
    const length = Number(lengthBytes.getBigUint64(0, true));
    if (length > MAX_HEADER)
      throw invalidHeader(file, `a header of ${length} bytes is no safetensors header`);
    if (size < 8 + length) throw truncated(file, 8 + length, size, 'the header');
    const text = Buffer.alloc(length);
    readSync(fd, text, 0, length, 8);
    const header = parseJson(text.toString('utf8'), file);
    if (typeof header !== 'object' || header === null) throw invalidHeader(file, 'the header is no object');
    const tensors = new Map<string, TensorInfo>();
    const unread = new Map<string, string>();
    for (const [name, entry] of Object.entries(header)) {
      if (name === '__metadata__') continue;
      const found = tensorInfo(file, name, entry, 8 + length, size);
      if (typeof found === 'string') unread.set(name, found);
      else tensors.set(name, found);
    }
    return { tensors, unread };
  } finally {
    closeSync(fd);
  }
}

/** The tensor, or the name of its type if that is not read. */
function tensorInfo(
  file: string,
  name: string,
  raw: unknown,
  base: number,
  size: number,
): TensorInfo | string {
  const parsed = Entry.safeParse(raw);
  if (!parsed.success) throw invalidHeader(file, `the entry of tensor ${name} is malformed`);
  const { dtype, shape, data_offsets: offsets } = parsed.data;
  const bytes = offsets[1] - offsets[0];
  if (size < base + offsets[1]) throw truncated(file, base + offsets[1], size, `tensor ${name}`);
  // Integers and booleans are mask buffers and position ids, which no family needs.
  if (dtype !== 'F32' && dtype !== 'F16' && dtype !== 'BF16') return dtype;
  const expected = storedBytes(
    dtype,
    shape.reduce((a, b) => a * b, 1),
  );
  if (bytes !== expected) {
    throw invalidHeader(file, `tensor ${name} occupies ${bytes} bytes, its shape and type need ${expected}`);
  }
  return { name, type: dtype, shape, file, offset: base + offsets[0], bytes };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidHeader(file, `not valid JSON (${(error as Error).message})`);
  }
}

function invalidHeader(file: string, message: string): MugiError {
  return new MugiError({ code: 'invalid-file', message, path: file, expected: 'a safetensors file' });
}
