import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { layerStimulus } from '../../src/cli/source/layer-stimulus.ts';
import { open45Liberty } from '../../src/hardware/liberty/open-45.ts';
import { POLICY } from '../../src/hardware/synthesis/policy.ts';
import { ABLATION_MACS, ablationRow, CHECKED } from '../../src/machine/reuse/ablation.ts';
import { rowName } from '../../src/machine/reuse/reuse-machine.ts';
import { ROW_KINDS } from '../../src/machine/reuse/shape.ts';
import { pickShape } from '../../src/machine/reuse/pick-array.ts';
import { ablation, ablationBest } from '../../src/paper/ablation.ts';
import table from '../../src/paper/ablation.json' with { type: 'json' };

const liberty = open45Liberty();

describe('the measurement of the ablation', () => {
  it('was made with the present library and the policy that all designs share, of every kind', () => {
    expect(table.library_sha256).toBe(createHash('sha256').update(liberty).digest('hex'));
    expect(table.policy).toEqual(POLICY);
    expect(table.rows.map(({ machine }) => machine)).toEqual(
      ROW_KINDS.map((kind) => rowName(kind, ABLATION_MACS)),
    );
  });

  it('comes out the same again, on a small machine', { timeout: 300_000 }, async () => {
    const row = await ablationRow(CHECKED.kind, CHECKED.macs, liberty, await layerStimulus());
    expect(JSON.parse(JSON.stringify(row))).toEqual(table.checked);
  });
});

describe('mugi paper ablation', () => {
  it('has its best row as the design `pick-N`', () => {
    const { pick, flow, sums } = ablationBest();
    expect(pickShape({ columns: 8, rows: 8 })).toMatchObject({ pick, flow, sums });
  });

  it('has a row a kind, and says what the choices are worth', async () => {
    const { rows, notes, plots } = await ablation.run({});
    expect(rows).toHaveLength(ROW_KINDS.length);
    for (const row of rows) {
      const [zero, timed, all] = [row.zero_delay_pJ, row.timed_pJ, row.with_estimates_pJ] as number[];
      expect(timed).toBeGreaterThan(zero);
      expect(all).toBeGreaterThan(timed);
    }
    expect(notes.join()).toMatch(/multiplier → picked in space: [−0-9]+ % of energy at zero delay/);
    expect(plots).toHaveLength(1);
  });
});
