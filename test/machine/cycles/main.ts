import { parseArgs } from 'node:util';
import { designNamed, designNames } from '../../../src/design/index.ts';
import { differences, shapesOf } from './check.ts';

/*
 * `npm run check:cycles`: definition = cycle model = closed form on random shapes of every built-in design and of some
 * rectangles. Prints a line a design and every difference; ends with 1 where there is one.
 */

const RECTANGLES = ['sa-8x32', 'sa-32x8', 'sa-12x20-db', 'sa-8x32-os', 'sa-5x70-os', 'sa-f-8x32-os'].concat([
  'sa-f-12x40',
  'sa-f-6x9-db',
  'sd-8x32',
  'sd-24x10',
  'sd-f-16x48',
  'pick-8x32',
  'pick-16x5',
]);

const { values } = parseArgs({
  options: {
    shapes: { type: 'string', default: '2000' },
    work: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    designs: { type: 'string' },
  },
});

const names = values.designs?.split(',') ?? [...designNames(), ...RECTANGLES];
let failed = 0;
let all = 0;
for (const name of names) {
  const began = performance.now();
  const design = designNamed(name);
  let [shapes, found] = [0, 0];
  for (const shape of shapesOf(design, Number(values.shapes), Number(values.seed), Number(values.work))) {
    const list = differences(design, shape, Number(values.seed) + shapes);
    shapes += 1;
    found += list.length;
    for (const { event, model, closed } of list)
      process.stdout.write(
        `${name} ${JSON.stringify(shape)} ${event}: model ${model}, closed form ${closed}\n`,
      );
  }
  failed += found;
  all += shapes;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(`${name.padEnd(16)} ${shapes} shapes, ${found} differences, ${seconds} s\n`);
}
process.stdout.write(`${names.length} designs, ${all} shapes, ${failed} differences\n`);
if (failed > 0) process.exitCode = 1;
