import { expect, it } from 'vitest';
import { readConfig } from '../../src/model/config/read-config.ts';
import { openModel } from '../../src/model/load.ts';
import { modelFromConfig } from '../../src/workload/hf-config.ts';
import * as doubles from './doubles.ts';
import { exact } from './arithmetic.ts';
import { randomTensor, writeFolder } from './write-checkpoint.ts';
import { VIVIT, vivitShapes } from './vision-shapes.ts';

const t = doubles.generated(vivitShapes());

/** One clip [frames][channels][height][width], written apart from the library. */
function reference(pixels: Float32Array): number[][] {
  const { num_frames: frames, image_size: side, num_channels: channels, tubelet_size: tubelet } = VIVIT;
  const kernel = t['vivit.embeddings.patch_embeddings.projection.weight'].values;
  const bias = doubles.vectorOf(t, 'vivit.embeddings.patch_embeddings.projection.bias');
  const [ft, fh, fw] = tubelet;
  const tokens: number[][] = [doubles.vectorOf(t, 'vivit.embeddings.cls_token')];
  for (let f = 0; f < frames; f += ft) {
    for (let y = 0; y < side; y += fh) {
      for (let x = 0; x < side; x += fw) {
        tokens.push(
          bias.map((b, o) => {
            let total = b;
            for (let c = 0; c < channels; c++)
              for (let df = 0; df < ft; df++)
                for (let dy = 0; dy < fh; dy++)
                  for (let dx = 0; dx < fw; dx++) {
                    const pixel = pixels[(((f + df) * channels + c) * side + y + dy) * side + x + dx];
                    total += pixel * kernel[(((o * channels + c) * ft + df) * fh + dy) * fw + dx];
                  }
            return total;
          }),
        );
      }
    }
  }
  let x = doubles.sum(tokens, doubles.rowsOf(t, 'vivit.embeddings.position_embeddings'));
  for (let n = 0; n < VIVIT.num_hidden_layers; n++) {
    const at = `vivit.encoder.layer.${n}`;
    const before = doubles.layerNormed(t, `${at}.layernorm_before`, x, VIVIT.layer_norm_eps);
    const [q, k, v] = ['query', 'key', 'value'].map((name) =>
      doubles.dense(t, `${at}.attention.attention.${name}`, before),
    );
    const heads = VIVIT.num_attention_heads;
    const scale = Math.sqrt(VIVIT.hidden_size / heads);
    const mixed = doubles.attended(q, k, v, heads, (dot) => dot / scale);
    x = doubles.sum(x, doubles.dense(t, `${at}.attention.output.dense`, mixed));
    const after = doubles.layerNormed(t, `${at}.layernorm_after`, x, VIVIT.layer_norm_eps);
    const up = doubles.dense(t, `${at}.intermediate.dense`, after).map((row) => row.map(doubles.geluTanh));
    x = doubles.sum(x, doubles.dense(t, `${at}.output.dense`, up));
  }
  return doubles.dense(t, 'classifier', [
    doubles.layerNormed(t, 'vivit.layernorm', x, VIVIT.layer_norm_eps)[0],
  ]);
}

it('ViViT equals an encoder written apart from it, in doubles', async () => {
  const opened = await openModel(writeFolder(VIVIT, t));
  expect(opened.config).toMatchObject({ modelType: 'vivit', context: 13, frames: 4, layers: 2 });
  const model = opened.load();
  const size = 4 * 2 * 6 * 6;
  const pixels = randomTensor([2, size], 5, 1).values;
  const hidden = model.forward({ kind: 'images', pixels, count: 2 }, exact);
  const expected = [0, 1].flatMap((i) => reference(pixels.subarray(i * size, (i + 1) * size)));
  expect(doubles.relativeError(model.logits(hidden, 0, 2), expected)).toBeLessThan(1e-4);
});

it('refuses tubelets that do not divide the clip, and text', async () => {
  await expect(openModel(writeFolder({ ...VIVIT, tubelet_size: [3, 3, 2] }, t))).rejects.toThrow(
    /tubelet_size/,
  );
  const model = (await openModel(writeFolder(VIVIT, t))).load();
  const text = { kind: 'tokens' as const, ids: Int32Array.of(1), sequences: [{ rows: 1 }] };
  expect(() => model.forward(text, exact)).toThrow(/vivit model reads images/);
});

it('has three colours where the file does not say, for a workload as for a run', () => {
  const { num_channels: _, ...rest } = VIVIT;
  expect(readConfig(rest, 'config.json')).toMatchObject({ channels: 3 });
  const [stack] = modelFromConfig(rest, 'config.json', 'vivit').stacks;
  expect(stack).toMatchObject({ extra: [{ name: 'patch-embedding', k: 2 * 3 * 2 * 3 }, {}] });
});
