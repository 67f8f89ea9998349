import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fails, mugi } from './simulated.ts';

describe('mugi simulate gemm on compared designs', () => {
  it.each(['sa-8', 'sa-8x32-os', 'sa-f-8-db', 'sd-8', 'carat-8', 'tensor', 'mugi-l-8'])(
    '%s equals its arithmetic in every bit',
    (design) => {
      const shape = ['--design', design, '--m', '5', '--k', '40', '--n', '12'];
      const run = JSON.parse(mugi('gemm', ...shape, '--json'));
      expect(run).toMatchObject({ design, equals_arithmetic: true });
      expect(run.activity.mac ?? 5 * 40 * 12).toBeGreaterThanOrEqual(5 * 40 * 12);
      expect(mugi('gemm', ...shape)).toContain('equals the arithmetic  yes, every bit');
    },
  );

  it('draws lanes, and refuses what an array cannot do', () => {
    expect(mugi('gemm', '--design', 'sa-8-os', '--ascii')).toMatch(/^ {3}0 [·#o]{32}$/m);
    expect(fails('exp', '--design', 'sd-16')).toContain('no operator of a model is exp alone');
    expect(fails('softmax', '--design', 'sd-16', '--window', '-4..3')).toContain('has no look-up table');
    expect(fails('silu', '--design', 'sd-16', '--entries', 'mean')).toContain('--entries: sd-16 has no look');
    expect(fails('silu', '--design', 'sd-16', '--ascii')).toContain('nothing to draw');
    expect(fails('gemm', '--design', 'sa-8', '--preset', 'as-published')).toContain(
      'no fill, drain or loads',
    );
    expect(fails('gemm', '--design', 'sa-8', '--k', '600', '--group', '100')).toContain(
      'after 256 inner indices',
    );
    expect(fails('gemm', '--design', 'sa-8', '--svg', join(tmpdir(), 'x.svg'))).toContain('drawn as text');
  });
});
