import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fingerprint } from '../../src/accuracy/score/fingerprint.ts';
import { exactNonlinear } from '../../src/model/layer/nonlinear.ts';
import { EXACT_SUMS } from '../../src/vlp/gemm.ts';
import { openModel } from '../../src/model/load.ts';
import { SMALL_LLAMA, smallLlama, writeFolder } from './write-checkpoint.ts';

const PLACE = 'model.layers.1.mlp.down_proj.weight';

it('weights are known by what they are, not by size and time of a file', async () => {
  const time = new Date(1_700_000_000_000);
  const folders = [0, 0, 1e-3].map((change) => {
    const tensors = smallLlama();
    tensors[PLACE].values[1000] += change;
    const folder = writeFolder(SMALL_LLAMA, tensors);
    utimesSync(join(folder, 'model.safetensors'), time, time);
    return folder;
  });
  const [one, same, other] = await Promise.all(
    folders.map(async (folder) => JSON.stringify(fingerprint(await openModel(folder)))),
  );
  expect(same).toBe(one);
  expect(other).not.toBe(one);
});

it('a model whose numbers leave their range gives an error, not a result', async () => {
  const tensors = smallLlama();
  tensors[PLACE].values.fill(1e38);
  const folder = writeFolder(SMALL_LLAMA, tensors);
  const model = (await openModel(folder)).load();
  const ids = Int32Array.of(1, 2, 3);
  const arithmetic = {
    activations: 'fp32',
    weights: { type: 'stored' },
    kv: 'fp32',
    nonlinear: exactNonlinear,
    products: EXACT_SUMS,
  } as const;
  expect(() => model.forward({ kind: 'tokens', ids, sequences: [{ rows: 3 }] }, arithmetic)).toThrow(
    /the model gives hidden states that are not finite/,
  );
});
