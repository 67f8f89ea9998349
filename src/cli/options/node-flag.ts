import { flag, text } from './flag.ts';

/** The node's design, of the commands that run, write or synthesise it. */
export const NODE_FLAG = flag(
  '--design',
  text('<name>'),
  'mugi-H: H rows, a power of two from 8 to 256, and 8 columns',
  { default: 'mugi-8' },
);
