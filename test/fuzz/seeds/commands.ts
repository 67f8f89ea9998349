import { open45Liberty } from '../../../src/hardware/liberty/open-45.ts';
import { file } from './folder.ts';
import { CONFIGS } from './workloads.ts';

/** The first cells of our library: every construct of it, in a size that is read in milliseconds. */
export function liberty(): string {
  const whole = open45Liberty();
  const cells = [...whole.matchAll(/\n {2}cell\b/g)].map(({ index }) => index);
  return cells.length > 6 ? `${whole.slice(0, cells[6])}\n}\n` : whole;
}

export const SPACES: readonly string[] = [
  file('examples/spaces/edge.yaml'),
  'designs: [mugi-256, sa-16-os]\nvary:\n  rows: [64, 128]\n  batch: 1..4\nwhere: [batch < 4]\nobjectives: [tokens_per_s]\n',
];

/** Questions from another program. */
export const LINES: readonly string[] = [
  JSON.stringify({ id: 1, designs: ['mugi-256'], model: 'llama-2-7b', batch: 8, context: 512 }),
  JSON.stringify({
    id: 'a',
    designs: ['mugi-128', 'sa-16'],
    baseline: 'sa-16',
    model: JSON.parse(CONFIGS[3]),
    context: 64,
    preset: 'as-published',
    without: ['bandwidth'],
  }),
];

export const INPUT = JSON.stringify({
  input: [
    [0.5, -1.25, 3, -0.01, 2, 1, -4, 0],
    [1, 2, 3, 4, -5, 6, -7, 8],
    [-0.5, 0.25, 0.125, 8, -8, 0, 1, 1],
  ],
});
