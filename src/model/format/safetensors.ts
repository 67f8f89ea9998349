import { closeSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { MugiError } from '../../errors.ts';
import { type FileKind, kindAt, namesIn, openForReading, readJson } from '../../files/read.ts';
import { shown } from '../../shown.ts';
import { Checkpoint, type TensorInfo } from '../checkpoint.ts';
import { truncated } from '../truncated.ts';
import type { RawTensor } from './packed-weights.ts';
import { invalidHeader, MAX_HEADER, parseHeader, type SafetensorsHeader } from './safetensors-header.ts';

const FILE: FileKind = { what: 'safetensors file', limit: Infinity };
const INDEX: FileKind = { what: 'safetensors index', limit: 64 * 2 ** 20 };

const Index = z.object({ weight_map: z.record(z.string(), z.string()) });

/**
 * Opens `model.safetensors`, or the shards that `model.safetensors.index.json` names, of a Hugging Face folder.
 * Only headers are read. Format: u64 little-endian header length, JSON header, data.
 * @throws MugiError for missing weights or shards, and headers that are not valid
 */
export function openSafetensors(folder: string): Checkpoint {
  const single = join(folder, 'model.safetensors');
  if (kindAt(single) !== 'nothing') {
    const { tensors, unread } = safetensorsHeader(single);
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
  function open(shard: string): SafetensorsHeader {
    // A name with a separator could lead out of the folder.
    if (basename(shard) !== shard || /[/\\]/.test(shard) || ['', '.', '..'].includes(shard)) {
      throw invalidHeader(index, `the shard name ${shown(shard)} is no plain file name`);
    }
    const path = join(folder, shard);
    if (kindAt(path) !== 'nothing') return safetensorsHeader(path);
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

/**
 * The header of one file, checked, and its text, which has the metadata too.
 * @throws MugiError for a file that is none
 */
export function safetensorsHeader(file: string): SafetensorsHeader & { text: string } {
  const { fd, size } = openForReading(file, FILE);
  try {
    if (size < 8) throw truncated(file, 8, size, 'the header length');
    const length = Number(new DataView(bytesAt(fd, 0, 8).buffer).getBigUint64(0, true));
    if (length > MAX_HEADER)
      throw invalidHeader(file, `a header of ${length} bytes is not a safetensors header`);
    if (size < 8 + length) throw truncated(file, 8 + length, size, 'the header');
    const text = new TextDecoder().decode(bytesAt(fd, 8, length));
    return { text, ...parseHeader(file, text, 8 + length, size) };
  } finally {
    closeSync(fd);
  }
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
