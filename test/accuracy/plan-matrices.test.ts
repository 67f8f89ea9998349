import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { checkMatrices, layerOfMatrix } from '../../src/accuracy/plan/planned-precision.ts';
import { ArithmeticLosses } from '../../src/accuracy/study/arithmetic-losses.ts';
import { MugiError } from '../../src/errors.ts';
import { openModel } from '../../src/model/load.ts';
import { caseFolder } from '../model/case-folder.ts';
import { CASES } from '../model/family-cases.ts';
import { planWriter } from './plan-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-plan-'));
process.env.MUGI_CACHE = join(folder, 'cache');
const { plan } = planWriter(folder);

it.each(CASES.map((one) => [one.type, one] as const))(
  'knows every matrix of %s by the names of its tensors, before weights are read',
  async (_, one) => {
    const own = await openModel(caseFolder(one));
    const names = own.matrices();
    expect(own.checkpoint.used.size).toBeLessThan(own.checkpoint.tensors.size);
    expect(names).toEqual([...own.load().linears.keys()]);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const layer = layerOfMatrix(name, own.config);
      const entries = { matrices: [{ matrix: name, bits: 4, ...(layer === undefined ? {} : { layer }) }] };
      checkMatrices(plan(entries), own, 'plan.json');
    }
    const misspelt = plan({ matrices: [{ bits: 4 }, { matrix: `${names[0]!}x`, bits: 4 }] });
    expect(() => checkMatrices(misspelt, own, 'plan.json')).toThrow('unknown matrix');
  },
);

it.each([
  [{ matrix: 'model.layers.77.self_attn.q_proj.weight' }, 'model.layers.3.self_attn.q_proj'],
  [{ matrix: 'layers.4.mlp.up_proj' }, 'layers.3.mlp.up_proj'],
  [{ matrix: 'model.layers.1.self_attn.q_proj.weight' }, 'model.layers.1.self_attn.q_proj'],
  [{ matrix: 'q_prj' }, 'q_proj'],
  [{ matrix: 'Q_PROJ' }, 'q_proj'],
  [{ matrix: 'layers.3.mlp.down' }, 'layers.3.mlp.down_proj'],
  [{ matrix: 'self_atn' }, 'self_attn'],
  [{ matrix: 'model.layr.2' }, 'model.layers.2'],
  [{ matrix: 'model.layers.1.mlp.down_proj', layer: 2 }, 'model.layers.2.mlp.down_proj'],
  [{ matrix: 'embed_tokens' }, undefined],
  [{ matrix: 'model.norm' }, undefined],
])('refuses %j before a weight is read, and names the nearest', async (entry, nearest) => {
  const own = await openModel('mugi-tiny');
  let read = 0;
  own.checkpoint.onRead = (bytes) => (read += bytes);
  const refused = () =>
    checkMatrices(plan({ matrices: [{ bits: 4 }, { bits: 4, ...entry }] }), own, 'plan.json');
  expect(refused).toThrow(MugiError);
  try {
    refused();
  } catch (error) {
    const { details } = error as MugiError;
    expect(details).toMatchObject({ path: 'plan.json: matrices[1].matrix', received: entry.matrix });
    expect(details.expected).toMatch(/^a matrix of the layers: one of self_attn\.q_proj, /);
    expect(details.nearest).toBe(nearest);
  }
  expect(read).toBe(0);
});

it('a plan is checked before a comparison reads weights', async () => {
  const misspelt = plan({ matrices: [{ bits: 4, matrix: 'embed_tokens' }] });
  const opened = await openModel('mugi-tiny');
  const { load } = opened;
  const own = { ...opened, load: vi.fn<typeof load>(load) };
  await expect(
    ArithmeticLosses.open(own, { tokens: 1, plan: { plan: misspelt, path: 'plan.json' } }),
  ).rejects.toThrow('unknown matrix');
  expect(own.load).not.toHaveBeenCalled();
});
