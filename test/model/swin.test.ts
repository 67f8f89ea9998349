import { expect, it } from 'vitest';
import { openModel } from '../../src/model/load.ts';
import { placesOf } from '../../src/model/config/places.ts';
import * as doubles from './doubles.ts';
import { modelFromConfig } from '../../src/workload/hf-config.ts';
import { exact, int4 } from './arithmetic.ts';
import { SWIN, swinShapes } from './swin-model.ts';
import { randomTensor, writeFolder } from './write-checkpoint.ts';

const t = doubles.generated(swinShapes());
// Beyond the largest factor, 100.
t['swinv2.encoder.layers.2.blocks.0.attention.self.logit_scale'].values.fill(6);
type Grid = number[][][];

const gridOf = (x: number[][], side: number): Grid =>
  Array.from({ length: side }, (_, y) => x.slice(y * side, (y + 1) * side));

/** Bias of a score by its offset in the window (Liu et al., 2022, equations 3 and 4). */
function biasOf(self: string, window: number, trained: number) {
  const largest = (trained || window) - 1;
  const first = doubles.rowsOf(t, `${self}.continuous_position_bias_mlp.0.weight`);
  const offsets = t[`${self}.continuous_position_bias_mlp.0.bias`].values;
  const second = doubles.rowsOf(t, `${self}.continuous_position_bias_mlp.2.weight`);
  const log = (d: number) => {
    const wide = (8 * d) / (largest || 1);
    return (Math.sign(wide) * Math.log(1 + Math.abs(wide))) / Math.log(8);
  };
  return (head: number, dy: number, dx: number): number => {
    const middle = first.map(([a, b], i) => Math.max(0, a * log(dy) + b * log(dx) + offsets[i]));
    const answer = second[head].reduce((sum, w, i) => sum + w * middle[i], 0);
    return 16 / (1 + Math.exp(-answer));
  };
}

/** One block on a grid of tokens: token by token, each looking through the whole shifted square for its window. */
function block(at: string, grid: Grid, heads: number, window: number, shift: number, trained: number): Grid {
  const side = grid.length;
  const width = grid[0][0].length;
  const padded = Math.ceil(side / window) * window;
  const self = `${at}.attention.self`;
  const bias = biasOf(self, window, trained);
  const factor = [...t[`${self}.logit_scale`].values].map((s) => Math.exp(Math.min(s, Math.log(100))));
  // What lies at (y, x) of the shifted square, where it came from, and the part of the square that it is in.
  const part = (at: number) => (at < padded - window ? 'a' : at < padded - shift ? 'b' : 'c');
  const places = Array.from({ length: padded * padded }, (_, i) => {
    const [y, x] = [Math.floor(i / padded), i % padded];
    const [fromY, fromX] = [(y + shift) % padded, (x + shift) % padded];
    const inside = fromY < side && fromX < side;
    return {
      y,
      x,
      fromY,
      fromX,
      inside,
      window: `${Math.floor(y / window)} ${Math.floor(x / window)}`,
      region: shift === 0 ? '' : part(y) + part(x),
      token: inside ? grid[fromY][fromX] : Array.from({ length: width }, () => 0),
    };
  });
  const tokens = places.map(({ token }) => token);
  const d = width / heads;
  const unit = (rows: number[][]) =>
    rows.map((row) =>
      row.map((v, i) => {
        const from = Math.floor(i / d) * d;
        const length = Math.sqrt(row.slice(from, from + d).reduce((s, u) => s + u * u, 0));
        return v / Math.max(length, 1e-12);
      }),
    );
  const q = unit(doubles.dense(t, `${self}.query`, tokens));
  const k = unit(doubles.dense(t, `${self}.key`, tokens));
  const v = doubles.dense(t, `${self}.value`, tokens);
  const mixed = doubles.attended(q, k, v, heads, (dot, head, query, key) => {
    const [a, b] = [places[query], places[key]];
    if (a.window !== b.window) return -Infinity;
    // transformers adds −100 twice.
    const mask = a.region === b.region ? 0 : -200;
    return dot * factor[head] + bias(head, a.y - b.y, a.x - b.x) + mask;
  });
  const out = doubles.layerNormed(
    t,
    `${at}.layernorm_before`,
    doubles.dense(t, `${at}.attention.output.dense`, mixed),
    SWIN.layer_norm_eps,
  );
  const next = grid.map((row) => row.map((token) => [...token]));
  for (const [i, { fromY, fromX, inside }] of places.entries()) {
    if (inside) next[fromY][fromX] = next[fromY][fromX].map((x, c) => x + out[i][c]);
  }
  const flat = next.flat();
  const up = doubles.dense(t, `${at}.intermediate.dense`, flat).map((row) => row.map(doubles.gelu));
  const down = doubles.dense(t, `${at}.output.dense`, up);
  const normed = doubles.layerNormed(t, `${at}.layernorm_after`, down, SWIN.layer_norm_eps);
  return gridOf(doubles.sum(flat, normed), side);
}

function reference(pixels: Float32Array): number[][] {
  const { image_size: image, patch_size: patch, num_channels: channels, depths, num_heads } = SWIN;
  const kernel = t['swinv2.embeddings.patch_embeddings.projection.weight'].values;
  const bias = doubles.vectorOf(t, 'swinv2.embeddings.patch_embeddings.projection.bias');
  const side = image / patch;
  const patches = Array.from({ length: side * side }, (_, p) =>
    bias.map((b, o) => {
      let sum = b;
      for (let c = 0; c < channels; c++)
        for (let y = 0; y < patch; y++)
          for (let x = 0; x < patch; x++) {
            const [row, column] = [Math.floor(p / side) * patch + y, (p % side) * patch + x];
            sum +=
              kernel[((o * channels + c) * patch + y) * patch + x] *
              pixels[(c * image + row) * image + column];
          }
      return sum;
    }),
  );
  let grid = gridOf(doubles.layerNormed(t, 'swinv2.embeddings.norm', patches, 1e-5), side);
  for (const [n, depth] of depths.entries()) {
    const at = `swinv2.encoder.layers.${n}`;
    const resolution = Math.floor(side / 2 ** n);
    const window = Math.min(SWIN.window_size, resolution);
    for (let b = 0; b < depth; b++) {
      const shift = b % 2 === 0 || resolution <= window ? 0 : Math.floor(SWIN.window_size / 2);
      const trained = SWIN.pretrained_window_sizes[n];
      grid = block(`${at}.blocks.${b}`, grid, num_heads[n], window, shift, trained);
    }
    if (n === depths.length - 1) continue;
    const half = Math.ceil(grid.length / 2);
    const none = Array.from({ length: grid[0][0].length }, () => 0);
    const get = (y: number, x: number) => grid[y]?.[x] ?? none;
    const merged = Array.from({ length: half * half }, (_, i) => {
      const [y, x] = [2 * Math.floor(i / half), 2 * (i % half)];
      return [get(y, x), get(y + 1, x), get(y, x + 1), get(y + 1, x + 1)].flat();
    });
    const reduced = doubles.dense(t, `${at}.downsample.reduction`, merged);
    grid = gridOf(doubles.layerNormed(t, `${at}.downsample.norm`, reduced, 1e-5), half);
  }
  const last = doubles.layerNormed(t, 'swinv2.layernorm', grid.flat(), SWIN.layer_norm_eps);
  const pooled = last[0].map((_, c) => last.reduce((sum, row) => sum + row[c], 0) / last.length);
  return doubles.dense(t, 'classifier', [pooled]);
}

it('equals an encoder written apart from it, in doubles', async () => {
  const opened = await openModel(writeFolder(SWIN, t));
  expect(placesOf(opened.config)).toEqual({ softmax: [2, 2, 4, 4, 4], activation: 5 });
  const model = opened.load();
  const size = 3 * 20 * 20;
  const pixels = randomTensor([2, size], 9, 1).values;
  const hidden = model.forward({ kind: 'images', pixels, count: 2 }, exact);
  const expected = [0, 1].flatMap((i) => reference(pixels.subarray(i * size, (i + 1) * size)));
  expect(doubles.relativeError(model.logits(hidden, 0, 2), expected)).toBeLessThan(1e-4);
});

it('runs in INT4 with BF16 activations, near the stored model', async () => {
  const model = (await openModel(writeFolder(SWIN, t))).load();
  const pixels = randomTensor([1, 3 * 20 * 20], 9, 1).values;
  const batch = { kind: 'images' as const, pixels, count: 1 };
  const stored = model.forward(batch, exact);
  const ratio = doubles.relativePower(model.forward(batch, int4), stored);
  expect(ratio).toBeGreaterThan(0);
  expect(ratio).toBeLessThan(0.2);
});

it('refuses absolute embeddings, which transformers cannot add, and passes over its buffers', async () => {
  await expect(openModel(writeFolder({ ...SWIN, use_absolute_embeddings: true }, t))).rejects.toThrow(
    /use_absolute_embeddings = true/,
  );
  const buffers = {
    ...t,
    'swinv2.embeddings.mask_token': randomTensor([1, 1, 8], 1),
    'swinv2.encoder.layers.0.blocks.0.attention.self.relative_coords_table': randomTensor([1, 7, 7, 2], 1),
  };
  expect((await openModel(writeFolder(SWIN, buffers))).load().outputs).toBe(3);
});

it('computes the windows that a workload counts, also where a side is odd', async () => {
  const { config } = await openModel(writeFolder(SWIN, t));
  const [stack] = modelFromConfig(SWIN, 'config.json', 'swin').stacks;
  const counted = stack.kind === 'encoder' ? stack.layers : [];
  const run = config.family === 'swinv2' ? config.stages : [];
  expect(run.map(({ side, window }) => [side, window])).toEqual([
    [10, 4],
    [5, 4],
    [3, 2],
  ]);
  expect(counted.map(({ sequence, windows }) => [sequence, windows])).toEqual(
    run.map(({ side, window }) => [window ** 2, Math.ceil(side / window) ** 2]),
  );
});
