import { nodeCount } from '../design/design.ts';
import { editEvent, isMugi } from './edit.ts';
import type { Quirk } from './quirk.ts';

export const nocCounts = {
  name: 'noc-counts',
  published:
    'in a mesh, counter registers of Mugi are as many as a row of nodes has, and one OR gate stands for all',
  repaired: 'counter registers and OR gates count as they are in a node',
  design(design) {
    if (!isMugi(design) || nodeCount(design) === 1) return design;
    const { columns } = design.nodes;
    const counters = editEvent(design, 'counter', ['counter_register'], (count) => count * columns);
    return editEvent(counters, 'array second spike', ['or_gate'], () => 1);
  },
} as const satisfies Quirk;
