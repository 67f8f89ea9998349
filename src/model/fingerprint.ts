import { createHash, type Hash } from 'node:crypto';
import { closeSync, readSync } from 'node:fs';
import { openForReading } from '../files/read.ts';
import type { Checkpoint, TensorInfo } from './checkpoint.ts';

/** Files of up to so many bytes are read whole. */
const WHOLE = 256 * 2 ** 20;
/** Of each tensor of larger ones: so many bytes at its beginning, middle and end. */
const SAMPLE = 4096;

/**
 * What a checkpoint holds, as a digest: its tensors' names, types, shapes and places, and of files of up to 256 MiB
 * all bytes of tensors. Larger checkpoints take longer to read than to ask about, so that 12 KiB of each tensor stand
 * for it: training changes nearly every weight of a tensor.
 */
export function weightsDigest(checkpoint: Checkpoint): string {
  const hash = createHash('sha256');
  const tensors = [...checkpoint.tensors.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const total = tensors.reduce((sum, { bytes }) => sum + bytes, 0);
  const files = new Map<string, number>();
  try {
    for (const info of tensors) {
      const { name, type, shape, file, bytes } = info;
      hash.update(JSON.stringify([name, type, shape]));
      const fd = files.get(file) ?? openForReading(file, { what: 'checkpoint', limit: Infinity }).fd;
      files.set(file, fd);
      if (total <= WHOLE || bytes <= 3 * SAMPLE) add(hash, fd, info, 0, bytes);
      else
        for (const from of [0, Math.floor((bytes - SAMPLE) / 2), bytes - SAMPLE])
          add(hash, fd, info, from, SAMPLE);
    }
  } finally {
    for (const fd of files.values()) closeSync(fd);
  }
  return hash.digest('hex');
}

function add(hash: Hash, fd: number, { offset }: TensorInfo, from: number, length: number): void {
  const chunk = new Uint8Array(Math.min(length, 2 ** 20));
  for (let done = 0; done < length; ) {
    const got = readSync(fd, chunk, 0, Math.min(chunk.length, length - done), offset + from + done);
    // A file that became shorter is refused when its weights are read.
    if (got === 0) return;
    hash.update(chunk.subarray(0, got));
    done += got;
  }
}
