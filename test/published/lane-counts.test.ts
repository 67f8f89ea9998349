import { expect, it } from 'vitest';
import { changes } from './support.ts';

it('repaired, parts of a lane are counted once a lane', () => {
  expect(changes('carat-128', 'lane-counts')).toEqual(['events.temporal coder.sign_fifo: 2 → 256']);
  expect(changes('sa-16', 'lane-counts')).toEqual([
    'events.vector activation.register_vector: 88 → 704',
    'events.vector softmax.register_vector: 88 → 704',
    'events.vector.register_vector: 2 → 16',
  ]);
  expect(changes('sa-16-pwl', 'lane-counts').filter((line) => line.includes('softmax'))).toEqual([
    'events.vector softmax.pipeline_register: 22 → 352',
    'events.vector softmax.pwl_comparator: 21 → 336',
    'events.vector softmax.pwl_register: 22 → 352',
    'events.vector softmax.register_vector: 10 → 80',
  ]);
  for (const name of ['mugi-256', 'sd-16', 'tensor']) expect(changes(name, 'lane-counts')).toEqual([]);
});
