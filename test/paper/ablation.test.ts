import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { layerStimulus } from '../../src/cli/source/layer-stimulus.ts';
import { open45Liberty } from '../../src/hardware/liberty/open-45.ts';
import { POLICY } from '../../src/hardware/synthesis/policy.ts';
import { ablationRow, CHECKED } from '../../src/machine/reuse/ablation.ts';
import { rowName } from '../../src/machine/reuse/reuse-machine.ts';
import { ROW_KINDS } from '../../src/machine/reuse/shape.ts';
import { ABLATION_TABLE, ablation } from '../../src/paper/ablation.ts';

const liberty = open45Liberty();

describe('the measurement of the ablation', () => {
  it('was made with the present library and the policy that all designs share, and has every kind of row', () => {
    expect(ABLATION_TABLE.library_sha256).toBe(createHash('sha256').update(liberty).digest('hex'));
    expect(ABLATION_TABLE.policy).toEqual(POLICY);
    expect(ABLATION_TABLE.rows.map(({ machine }) => machine)).toEqual(
      ROW_KINDS.map((kind) => rowName(kind, ABLATION_TABLE.rows[0].macs)),
    );
  });

  it('comes out the same again, on a small machine', { timeout: 300_000 }, async () => {
    const row = await ablationRow(CHECKED.kind, CHECKED.macs, liberty, await layerStimulus());
    expect(JSON.parse(JSON.stringify(row))).toEqual(ABLATION_TABLE.checked);
  });
});

describe('mugi paper ablation', () => {
  it('has a row a kind, with energies, area, clock and losses', async () => {
    const { rows, notes, plots } = await ablation.run({});
    expect(rows).toHaveLength(ROW_KINDS.length);
    for (const row of rows) {
      const [zero, timed, all] = [row.zero_delay_pJ, row.timed_pJ, row.with_estimates_pJ] as number[];
      expect(timed).toBeGreaterThan(zero);
      expect(all).toBeGreaterThan(timed);
      for (const key of ['area_mm2', 'MHz', 'loss_mugi_tiny', 'loss_mugi_tiny_gelu'])
        expect(row[key], `${key} of ${Object.values(row).join(' ')}`).toBeTypeOf('number');
    }
    expect(notes[0]).toMatch(/^multiplier → picked in time \(VLP\): [−0-9]+ % of energy at zero delay/);
    expect(plots).toHaveLength(1);
  });

  it('gives arithmetics that compute the same the same loss, whatever picks', async () => {
    const { rows } = await ablation.run({});
    const of = (sums: string) =>
      new Set(rows.filter((row) => row.sums === sums).map((row) => row.loss_mugi_tiny));
    expect(of('integer').size).toBe(1);
    expect(of('bf16').size).toBe(2);
  });
});
