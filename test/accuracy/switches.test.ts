import { describe, expect, it } from 'vitest';
import { otherFunctions, refuseIdleSwitches } from '../../src/accuracy/study/other-functions.ts';
import { arithmeticFor, FULL_PRECISION } from '../../src/accuracy/score/precision.ts';
import { DEFAULT_SETTINGS, methodUnit } from '../../src/accuracy/study/methods.ts';
import { exactNonlinear } from '../../src/model/layer/nonlinear.ts';
import { normalised } from '../../src/model/layer/norm.ts';
import { openModel } from '../../src/model/load.ts';
import { fromBits, toBits } from '../../src/number/bf16.ts';
import { inverseSqrtTable } from '../../src/vlp/reciprocal.ts';
import { PLAIN_SWITCHES, type VlpSwitches } from '../../src/vlp/switches.ts';
import { vlp } from '../../src/vlp/vlp.ts';
import { CASES } from '../model/family-cases.ts';
import { caseFolder } from '../model/case-folder.ts';
import { randomTensor } from '../model/write-checkpoint.ts';

const tiny = await openModel('mugi-tiny');
const model = tiny.load();
const IDS = Int32Array.from([0, 5, 9, 200, 31, 77, 5, 400, 12, 8]);
const settings = (functions: Partial<VlpSwitches>) => ({
  ...DEFAULT_SETTINGS,
  functions: { ...PLAIN_SWITCHES, ...functions },
});
const hidden = (functions: Partial<VlpSwitches>) =>
  model.forward(
    { kind: 'tokens', ids: IDS, sequences: [{ rows: IDS.length }] },
    arithmeticFor(FULL_PRECISION, methodUnit('vlp', tiny.config, settings(functions)).unit),
  );
const distance = (a: Float32Array, b: Float32Array): number =>
  Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]) ** 2, 0) / b.reduce((sum, x) => sum + x ** 2, 0));

describe('norms by VLP', () => {
  const x = randomTensor([4, 32], 3, 2, 0.5).values;
  const weight = randomTensor([32], 4).values;
  const own = otherFunctions(tiny.config, settings({ norms: 'vlp' })).inverseSqrt!;

  it('take 1/√x of BF16 from the table that approximate knows', () => {
    const table = inverseSqrtTable({ entries: 'point' });
    for (const v of [1e-5, 0.3, 1, 2, 3.7, 900]) expect(own(v)).toBe(fromBits(table[toBits(v)]));
    const refined = otherFunctions(tiny.config, settings({ norms: 'vlp-newton' })).inverseSqrt!;
    for (const v of [0.3, 1.9, 77]) expect(Math.abs(refined(v) * Math.sqrt(v) - 1)).toBeLessThan(0.02);
  });

  it('scale each row by one factor, and leave mean, weight and bias exact', () => {
    for (const norm of [{ weight }, { weight, bias: weight.map(() => 0) }]) {
      const [exact, by] = [normalised(x, 4, norm, 1e-5), normalised(x, 4, norm, 1e-5, own)];
      for (let r = 0; r < 4; r++) {
        const factors = Array.from({ length: 32 }, (_, i) => by[r * 32 + i] / exact[r * 32 + i]);
        expect(Math.max(...factors) / Math.min(...factors) - 1).toBeLessThan(1e-5);
        expect(Math.abs(factors[0] - 1)).toBeLessThan(0.08);
      }
    }
  });
});

describe('switches of a model by VLP', () => {
  const plain = hidden({});
  it.each<Partial<VlpSwitches>>([
    { norms: 'vlp' },
    { norms: 'vlp-newton' },
    { rope: 'vlp' },
    { normalise: 'vlp' },
    { normalise: 'vlp-newton' },
    { range: 'reduced' },
    { entries: 'mean' },
    { below: 'linear' },
  ])('%o changes what is computed, a little, and the same each time', (functions) => {
    const changed = hidden(functions);
    expect(distance(changed, plain)).toBeGreaterThan(1e-6);
    expect(distance(changed, plain)).toBeLessThan(0.3);
    expect(hidden(functions)).toEqual(changed);
  });

  it('hold under a plan, too', () => {
    const planned = { ...settings({ norms: 'vlp' }), plan: [] };
    const { unit } = methodUnit('vlp', tiny.config, planned);
    expect(unit.inverseSqrt).toBeDefined();
    expect(methodUnit('pwl', tiny.config, planned).unit.inverseSqrt).toBeUndefined();
  });

  it('that nothing in the model feels are refused', () => {
    expect(() => refuseIdleSwitches({ router: 'vlp' }, tiny.config)).toThrow('no router');
    expect(() => refuseIdleSwitches({ rope: 'vlp', norms: 'vlp' }, tiny.config)).not.toThrow();
    expect(otherFunctions(tiny.config, settings({ router: 'vlp' })).router).toBeUndefined();
  });
});

it('routes experts by the softmax of VLP, which chooses the same experts', async () => {
  const folder = caseFolder(CASES.find(({ type }) => type === 'mixtral')!);
  const opened = await openModel(folder);
  const { router } = otherFunctions(opened.config, settings({}));
  const scores = Float32Array.from([0.5, -1, 2, 0.25]);
  const expected = new Float32Array(4);
  vlp.softmax({}).apply({ scores, out: expected, rows: 1, cols: 4 });
  expect(router!(scores)).toEqual(expected);
  expect(otherFunctions(opened.config, settings({ router: 'exact' })).router).toBeUndefined();
  const loaded = opened.load();
  const run = (unit: typeof exactNonlinear) =>
    loaded.forward(
      { kind: 'tokens', ids: Int32Array.from([3, 1, 4, 1, 5]), sequences: [{ rows: 5 }] },
      arithmeticFor(FULL_PRECISION, unit),
    );
  const exact = run(exactNonlinear);
  const routed = run({ ...exactNonlinear, router: router! });
  expect(distance(routed, exact)).toBeGreaterThan(1e-6);
  expect(distance(routed, exact)).toBeLessThan(0.1);
});
