import { totalmem } from 'node:os';
import { MugiError } from '../../errors.ts';

/** Bytes that this process may have: the machine's, or fewer where it is held to fewer (a container). */
export function memoryOf(): number {
  const held = process.constrainedMemory();
  return held > 0 ? Math.min(held, totalmem()) : totalmem();
}

export const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toPrecision(3)} GiB`;

/**
 * Refuses weights that cannot be held, before any is read: the system would end the process without a word after minutes.
 * @param bytes of the weights as they are held; what is made of them comes on top
 */
export function refuseUnfit(bytes: number, path: string): void {
  const most = memoryOf();
  if (bytes <= most) return;
  throw new MugiError({
    code: 'unsupported',
    message: `the weights take ${gibibytes(bytes)} as they are held, and the memory is ${gibibytes(most)}`,
    path,
    expected:
      'a machine with more memory, or the model in fewer bits (GGUF Q8_0 and Q4_0 are held as stored)',
    received: gibibytes(bytes),
  });
}
