import { describe, expect, it } from 'vitest';
import { customDesign } from '../../src/design/custom.ts';
import { runOf } from '../../src/design/design.ts';
import { lookUpsOf } from '../../src/design/look-ups.ts';
import { evaluateOperator } from '../../src/evaluate/execute/operator.ts';
import { eventCounts, LOAD } from '../../src/evaluate/execute/execution.ts';
import { priceDesign } from '../../src/evaluate/whole-machines.ts';
import { runNonlinear } from '../../src/machine/mugi/program/nonlinear.ts';
import { answer } from '../../src/question/point.ts';
import { question } from '../../src/question/question.ts';
import { FILES } from '../../src/source/index.ts';
import { TECHNOLOGIES } from '../../src/technology/index.ts';
import { why } from '../../src/evaluate/why.ts';
import { metrics } from '../../src/evaluate/metrics.ts';
import {
  type ElementwiseOperator,
  type NonlinearOperator,
  ROUTER_SOFTMAX,
} from '../../src/workload/operator.ts';
import { expFunction, patterns, random } from '../machine/mugi/reference.ts';

const [technology] = TECHNOLOGIES;
const mugi = (own: object = {}) => customDesign({ base: 'mugi-16', ...own }, { technology });
const system = { dramBitsPerCycle: 1e9, linkBits: 1024 };
const at = { group: 'other', phase: 'prefill', repeat: 1, layers: 1 } as const;
const norm = (rows: number): ElementwiseOperator => ({
  ...at,
  kind: 'elementwise',
  name: 'norm',
  function: 'rmsnorm',
  elements: rows * 64,
  multiplies: rows * 64 * 3,
  adds: rows * 64,
  divides: rows,
  angles: 0,
});
const rope: ElementwiseOperator = {
  ...norm(0),
  function: 'rope',
  elements: 640,
  multiplies: 1280,
  adds: 640,
  angles: 32,
};
const execute = (own: object, op: Parameters<typeof evaluateOperator>[1]) =>
  evaluateOperator(priceDesign(mugi(own), technology), op, system).work;

describe('functions that the array looks up', () => {
  it.each([1, 16, 17, 100])('take the cycles of a function of one sign on the node, of %i rows', (rows) => {
    const next = random(rows);
    const run = runNonlinear({
      rows: 16,
      softmax: false,
      function: expFunction(),
      input: patterns(next, rows),
      height: 1,
      width: rows,
    });
    const ups = lookUpsOf(mugi({ norms: 'vlp' }), norm(rows))!;
    expect(ups.counts.arrayCycles).toBe(run.cycles);
    expect(ups.counts.steps).toBe(run.activity.mappings);
    expect(execute({ norms: 'vlp' }, norm(rows)).load[LOAD.array]).toBe(run.cycles);
  });

  it('take the divisions from the vector unit, and give it a Newton step where one is asked for', () => {
    const exact = execute({}, norm(40));
    const vlp = execute({ norms: 'vlp' }, norm(40));
    const refined = execute({ norms: 'vlp-newton' }, norm(40));
    expect(exact.multiplies - vlp.multiplies).toBe(40 * 14);
    expect(refined.multiplies - vlp.multiplies).toBe(40 * 3);
    expect(refined.adds - vlp.adds).toBe(40);
    expect(eventCounts(exact).get('LUT row load')).toBeUndefined();
    expect(eventCounts(vlp).get('LUT row load')).toBe(3);
  });

  it('are sine and cosine of an angle, which all heads of a token share', () => {
    const vlp = execute({ rope: 'vlp' }, rope);
    expect(eventCounts(vlp).get('LUT row load')).toBe(2 * 2);
    expect(vlp.multiplies).toBe(rope.multiplies + 5 * rope.angles);
    expect(execute({ norms: 'vlp' }, rope).multiplies).toBe(rope.multiplies);
  });
});

describe('softmax with switches', () => {
  const softmax = (name: string): NonlinearOperator => ({
    ...at,
    group: 'nonlinear',
    kind: 'nonlinear',
    name,
    function: 'softmax',
    rows: 40,
    columns: 32,
  });

  it('charges a reciprocal by VLP once a tile of rows, and its Newton step', () => {
    const sequence = (own: object) => runOf(mugi(own), 'softmax').sequence!;
    const plain = sequence({});
    // Eight turns of a frame each, or one frame and the latency of a function.
    expect(plain.perTile - sequence({ normalise: 'vlp' }).perTile).toBe(8 * 8 - (8 + 33));
    expect(sequence({ normalise: 'vlp-newton' }).perTile - sequence({ normalise: 'vlp' }).perTile).toBe(17);
    expect(sequence({ range: 'reduced' }).step - plain.step).toBe(16);
    expect(sequence({ normalise: 'divide' }).step - plain.step).toBe(13 * 8);
    const events = eventCounts(execute({ normalise: 'vlp' }, softmax('softmax')));
    expect(
      events.get('LUT row load')! - eventCounts(execute({}, softmax('softmax'))).get('LUT row load')!,
    ).toBe(3);
  });

  it('moves a router to the vector unit, and no other softmax', () => {
    const exact = execute({ router: 'exact' }, softmax(ROUTER_SOFTMAX));
    expect(exact.multiplies).toBe(40 * 32 * 44);
    expect(exact.load[LOAD.array]).toBe(0);
    const own = { router: 'exact' };
    expect(execute(own, softmax('softmax'))).toEqual(execute({}, softmax('softmax')));
    expect(execute({}, softmax(ROUTER_SOFTMAX)).load[LOAD.array]).toBeGreaterThan(0);
  });
});

describe('a design with switches', () => {
  const evaluated = (own: object) =>
    answer(
      question({ designs: [{ base: 'mugi-64', ...own }], model: 'qwen3-30b-a3b', context: 256, prefill: 64 }),
      FILES,
    )[0];

  it('is evaluated under the conservation laws, and explains its cycles', () => {
    const all = { norms: 'vlp', rope: 'vlp', router: 'exact', normalise: 'vlp-newton', range: 'reduced' };
    const one = evaluated(all);
    const [plain, switched] = [metrics(evaluated({ norms: 'exact' })), metrics(one)];
    expect(switched.time_s).not.toBe(plain.time_s);
    expect(switched.energy_J).not.toBe(plain.energy_J);
    expect(why(one, 'time_s').quantity.value).toBe(switched.time_s);
  });

  it.each([
    ['sa-16', 'norms', 'vector array'],
    ['mugi-l-64', 'rope', 'registers'],
    ['carat-64', 'normalise', 'vector array'],
  ])('is refused where its array computes no functions: %s', (base, key, because) => {
    expect(() => customDesign({ base, [key]: 'vlp' }, { technology })).toThrow(because);
    expect(() => customDesign({ base: 'mugi-64', lut: true, norms: 'vlp' }, { technology })).toThrow(
      'registers',
    );
  });

  it('is refused under the published cycles, which know none of them', () => {
    expect(() =>
      answer(question({ designs: [{ base: 'mugi-64', norms: 'vlp' }], preset: 'as-published' }), FILES),
    ).toThrow('published cycles');
  });
});
