import { expect, it } from 'vitest';
import { changes } from './support.ts';

it('repaired, a node of the tree has its four bits', () => {
  for (const name of ['mugi-128', 'mugi-l-256'])
    expect(changes(name, 'max-tree-width')).toEqual(['components.max_tree.attributes.width: none → 4']);
  expect(changes('carat-128', 'max-tree-width')).toEqual([]);
});
