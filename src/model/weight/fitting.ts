import { MugiError } from '../../errors.ts';
import { machineMemory } from '../../files/memory.ts';

export const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toPrecision(3)} GiB`;

/**
 * Refuses weights that cannot be held, before any is read: the system would end the process without a word after minutes.
 * @param bytes of the weights as they are held; what is made of them comes on top
 */
export function refuseUnfit(bytes: number, path: string): void {
  const most = machineMemory();
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
