import { MAX_ROWS, MIN_ROWS } from '../../machine/mugi/configuration.ts';
import { COLUMNS } from '../../vlp/array.ts';
import { flag, text } from './flag.ts';

/** Every height that the node can have. */
function nodes(): string[] {
  const names: string[] = [];
  for (let rows = MIN_ROWS; rows <= MAX_ROWS; rows *= 2) names.push(`mugi-${rows}`);
  return names;
}

/** The node's design, of the commands that run, write or synthesise it. */
export const NODE_FLAG = flag(
  '--design',
  text('<name>', { words: nodes }),
  `mugi-H: H rows, a power of two from ${MIN_ROWS} to ${MAX_ROWS}, and ${COLUMNS} columns`,
  { default: 'mugi-8' },
);
