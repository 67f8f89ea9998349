import { afterEach, describe, expect, it, vi } from 'vitest';
import { SEPARATE } from '../../src/accuracy/score/accuracy-parts.ts';
import { FULL_PRECISION, precisionOf } from '../../src/accuracy/score/precision.ts';
import { REPAIRED_ARITHMETIC } from '../../src/vlp/arithmetic.ts';
import { METHODS } from '../../src/accuracy/study/methods.ts';
import { MEASURE_FLAGS, type MeasureFlags } from '../../src/cli/options/measure-flags.ts';
import { keyOf } from '../../src/cli/options/flag.ts';
import { methodPasses } from '../../src/cli/source/estimate.ts';
import { extentOf } from '../../src/cli/source/extent.ts';
import { openModel } from '../../src/model/load.ts';

afterEach(() => void vi.restoreAllMocks());

const opened = await openModel('mugi-tiny');
/** Its matrices as large as those of a model of seven billion weights together. */
const large = {
  ...opened,
  checkpoint: Object.assign(Object.create(opened.checkpoint) as typeof opened.checkpoint, {
    tensors: new Map(
      [...opened.checkpoint.tensors].map(([name, info]) => [
        name,
        { ...info, shape: info.shape.map((size) => 64 * size) },
      ]),
    ),
  }),
};
const ids = new Int32Array(1024);
const blocks = [{ document: '', ids, targets: ids, scored: 1024 }];

/** The flags of `mugi accuracy` as they are when nothing is said, and these. */
const flags = (own: Partial<MeasureFlags> = {}): MeasureFlags => ({
  ...(Object.fromEntries(
    MEASURE_FLAGS.map(({ name, default: usual }) => [keyOf(name), usual]),
  ) as unknown as MeasureFlags),
  ...own,
});

function said(): string[] {
  const lines: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
  return lines;
}

describe('what mugi accuracy measures', () => {
  it('is everything, where a pass is short', () => {
    const lines = said();
    expect(extentOf(flags(), opened, blocks)).toEqual({ methods: METHODS, parts: SEPARATE, long: false });
    expect(lines).toEqual([]);
  });

  it('is VLP beside exact functions, where a pass takes minutes, and says what is left and how to ask for it', () => {
    const lines = said();
    expect(extentOf(flags(), large, blocks)).toEqual({ methods: ['vlp'], parts: [], long: true });
    expect(lines.join('')).toMatch(
      /not measured.* methods other than vlp \(--method\) and .* \(--parts\)\n$/,
    );
  });

  it('is what the flags say, of any size', () => {
    const lines = said();
    const asked = flags({ method: ['pwl'], parts: ['sums', 'functions'] });
    expect(extentOf(asked, large, blocks)).toMatchObject({ methods: ['pwl'], parts: ['functions', 'sums'] });
    expect(extentOf(flags({ method: ['pwl'], parts: ['all'] }), large, blocks).parts).toEqual(SEPARATE);
    expect(lines).toEqual([]);
    expect(() => extentOf(flags({ parts: ['kv'], reference: 'none' }), opened, blocks)).toThrow(
      'parts other than sums',
    );
    expect(() => extentOf(flags({ parts: ['none', 'kv'] }), opened, blocks)).toThrow(
      'parts names none and others',
    );
  });

  it('takes a pass each of the stored model, exact functions, other methods and parts but the output matrix', () => {
    const node = precisionOf(REPAIRED_ARITHMETIC);
    const runs = (
      methods: Parameters<typeof methodPasses>[0],
      options: Parameters<typeof methodPasses>[4] = {},
      precision = node,
    ) =>
      Object.fromEntries(
        methodPasses(methods, blocks, precision, undefined, options).map(({ kind, runs }) => [kind, runs]),
      );
    expect(runs(['vlp'], { parts: [] })).toEqual({ stored: 1, design: 2 });
    expect(runs(['vlp', 'exact'], { parts: ['head', 'kv'] })).toEqual({ stored: 2, design: 2 });
    // Functions, keys and values, activations; weights alone have exact sums, as has everything with them.
    expect(runs(['vlp'])).toEqual({ stored: 4, design: 2, int4: 2 });
    expect(SEPARATE).toHaveLength(6);
    expect(runs(['vlp'], { reference: 'none' })).toEqual({ design: 2, int4: 1 });
    expect(runs(['vlp', 'pwl'], { parts: [] }, FULL_PRECISION)).toEqual({ stored: 3 });
  });
});
