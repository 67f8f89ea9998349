import { editComponents, isMugi } from './edit.ts';
import type { Quirk } from './quirk.ts';

export const maxTreeWidth = {
  name: 'max-tree-width',
  published: 'a node of the exponent max/min tree costs a quarter of its synthesis report',
  repaired: 'the whole cell, four bits wide',
  design: (design) =>
    isMugi(design)
      ? editComponents(design, (part) => (part.name === 'max_tree' ? { ...part, attributes: {} } : part))
      : design,
} as const satisfies Quirk;
