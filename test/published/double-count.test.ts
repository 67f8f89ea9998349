import { expect, it } from 'vitest';
import { componentUse } from '../../src/evaluate/components.ts';
import { fig13 } from '../../src/paper/fig13.ts';
import { point } from '../../src/paper/quantities.ts';

const GROUPS = ['accumulator', 'fifo', 'pe', 'nonlinear', 'vector', 'tc', 'value_reuse'];

it.each([
  ['as-published', 1],
  ['corrected', 0],
] as const)('%s, the cells’ accumulators count %i times too often in Fig. 13', async (preset, extra) => {
  const uses = componentUse(point('sa-f-16', 'llama-2-7b', preset), []);
  const area = (wanted: (use: (typeof uses)[number]) => boolean): number =>
    uses.filter(wanted).reduce((sum, use) => sum + use.area_mm2, 0);
  const all = area(({ group }) => GROUPS.includes(group));
  const accumulators = area(({ name }) => name === 'accumulator');
  const { rows } = await fig13.run({});
  const shown = rows
    .filter((row) => row.level === 'node' && row.design === 'sa-f-16' && row.metric === 'area_mm2')
    .filter((row) => GROUPS.includes(String(row.group)))
    .reduce((sum, row) => sum + Number(row[preset === 'corrected' ? 'corrected' : 'as_published']), 0);
  expect(shown / (all + extra * accumulators)).toBeCloseTo(1, 12);
});
