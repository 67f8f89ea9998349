import { designNames } from '../../design/index.ts';
import { HEIGHTS, MAX_ROWS, MIN_ROWS } from '../../machine/mugi/configuration.ts';
import { MACHINE_NAMES } from '../../machine/whole/machines.ts';
import { COLUMNS } from '../../vlp/array.ts';
import { flag, text } from './flag.ts';

/** A node of every height. */
const nodes = (): string[] => HEIGHTS.map((rows) => `mugi-${rows}`);

const RIVALS = ['sa-16', 'sa-8x32-os', 'sd-16', 'sa-f-16', 'sd-f-16', 'carat-256', 'pick-8x32'];

const NODE = `mugi-H: H rows, a power of two from ${MIN_ROWS} to ${MAX_ROWS}, and ${COLUMNS} columns`;

/** The node's design, of the commands that run or write it. */
export const NODE_FLAG = flag('--design', text('<name>', { words: nodes }), NODE, { default: 'mugi-8' });

/** The designs that run cycle by cycle: the node, and the arrays of compared designs. */
export const SIMULATED_FLAG = flag(
  '--design',
  text('<name>', { words: designNames }),
  `${NODE}; for gemm every built-in design, for softmax, silu and gelu all but mugi-l-H`,
  { default: 'mugi-8' },
);

/** The designs that can be put on gates: the node, and rivals of any sides, of which a few are offered. */
export const GATES_FLAG = flag(
  '--design',
  text('<name>', { words: () => [...nodes(), ...RIVALS] }),
  `mugi-H, or a rival: ${MACHINE_NAMES.map((name) => name.replace('{size}', 'S')).join(', ')} with a side S, or sides as 8x32 (activations x weights)`,
  { default: 'mugi-8' },
);
