import { nodeCount } from '../design/design.ts';
import type { Quirk } from './quirk.ts';

export const mesh = {
  name: 'mesh',
  published: 'the work of an operator is divided by the nodes of a mesh, whatever its shape',
  repaired:
    'each side of the mesh cuts batch, M, N or K of an operator, the best of 16 ways; the busiest node sets the time, copies and partial sums cross links, whose wires are priced, too',
  design: (design) => (nodeCount(design) === 1 ? design : { ...design, divided: true }),
} as const satisfies Quirk;
