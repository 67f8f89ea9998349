import { expect, it } from 'vitest';
import { designNamed } from '../../src/design/index.ts';
import { mapNonlinear } from '../../src/design/mapping/nonlinear.ts';
import { type Design, runOf } from '../../src/design/design.ts';
import { runVector } from '../../src/machine/array/vector-run.ts';
import { encode } from '../../src/number/bf16.ts';
import { random } from '../../src/number/random.ts';
import { vectorFunctions, type VectorJob } from '../../src/simulate/vector.ts';
import type { NonlinearOperator } from '../../src/workload/operator.ts';

const DESIGNS = [
  'sa-4',
  'sa-8-pwl',
  'sa-16-taylor',
  'sa-8x32-os',
  'sa-f-16',
  'sd-8',
  'sd-f-24x10',
  'tensor',
  'carat-8',
  'carat-64',
];

/** What every evaluation charges the vector array for a tensor. */
function closedForm(design: Design, { function: fn, height, width }: VectorJob): number {
  const softmax = fn === 'softmax';
  const op: NonlinearOperator = {
    kind: 'nonlinear',
    name: fn,
    group: 'nonlinear',
    phase: 'decode',
    repeat: 1,
    layers: 1,
    function: fn,
    rows: softmax ? height : width,
    columns: softmax ? width : height,
  };
  const { counts } = mapNonlinear(design, op);
  return Math.max(...runOf(design, fn).rules.map(({ time, cycles }) => counts[time] * cycles));
}

it.each(DESIGNS)('vector array of %s: results of the arithmetic, cycles of the closed form', (name) => {
  const design = designNamed(name);
  const vector = vectorFunctions(design)!;
  const next = random(name.length);
  for (let i = 0; i < 40; i++) {
    const [height, width] = [1 + Math.floor(next() * 40), 1 + Math.floor(next() * 90)];
    const fn = (['softmax', 'silu', 'gelu'] as const)[i % 3]!;
    const values = Float32Array.from({ length: height * width }, () =>
      next() < 0.02 ? -Infinity : (next() + next() - 1) * 2 ** Math.floor(next() * 6),
    );
    if (fn !== 'softmax') values.forEach((x, at) => x === -Infinity && (values[at] = 0));
    const lengths =
      i % 2 === 0 ? undefined : Int32Array.from({ length: height }, () => Math.floor(next() * (width + 1)));
    const job = { function: fn, values, height, width, ...(fn === 'softmax' ? { lengths } : {}) };
    const run = vector.run(job);
    expect(encode(run.output)).toEqual(encode(vector.definition(job)));
    expect([fn, height, width, run.cycles]).toEqual([fn, height, width, closedForm(design, job)]);
    expect(run.activity.elements).toBe(height * width);
  }
});

it.each(['sa-8', 'sa-8-pwl', 'sa-8-taylor'])('a row of FP32 minima is none of NaN on %s', (name) => {
  const vector = vectorFunctions(designNamed(name))!;
  const values = new Float32Array(4).fill(-3.4028234663852886e38);
  const job = { function: 'softmax', values, height: 1, width: 4 } as const;
  const { output } = vector.run(job);
  expect(output).toEqual(vector.definition(job));
  expect(output.some(Number.isNaN)).toBe(false);
});

it('finds a pass that is left out', () => {
  const design = designNamed('sa-8');
  const job = { function: 'softmax', values: new Float32Array(60).fill(1), height: 6, width: 10 } as const;
  const passes = [
    { name: 'maximum', cycles: 1 },
    { name: 'evaluate', cycles: 45 },
  ] as const;
  const { cycles } = runVector({ lanes: 8, passes }, job, () => {});
  expect(closedForm(design, job) - cycles).toBe(10);
});
