import { totalmem } from 'node:os';

/** Bytes that this process may have: the machine's, or fewer where it is held to fewer (a container). */
export function machineMemory(): number {
  const held = process.constrainedMemory();
  return held > 0 ? Math.min(held, totalmem()) : totalmem();
}
