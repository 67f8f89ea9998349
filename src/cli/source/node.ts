import { MugiError } from '../../errors.ts';
import { checkedRows } from '../../machine/mugi/configuration.ts';

/** Rows of a design name; the width of the node is fixed. */
export function rowsOf(design: string): number {
  const match = /^mugi-(\d+)(?:x(\d+))?$/.exec(design);
  if (match === null) {
    throw new MugiError({
      code: 'unknown-name',
      message: `the cycle model knows the Mugi node only, not "${design}"`,
      path: 'design',
      expected: 'mugi-H with H a power of two from 8 to 256',
      received: design,
      nearest: 'mugi-8',
    });
  }
  if (match[2] !== undefined && match[2] !== '8') {
    throw new MugiError({
      code: 'invalid-value',
      message: 'the node has eight columns, one per slot of the 3-bit temporal code',
      path: 'design',
      expected: 'a width of 8',
      received: match[2],
      nearest: `mugi-${match[1]}`,
    });
  }
  return checkedRows(Number(match[1]), 'design');
}
