import { expect, it } from 'vitest';
import { openModel } from '../../src/model/load.ts';
import { exact } from './arithmetic.ts';
import { attended, dense, gelu, layerNormed, type Matrix, rowsOf, sum, vectorOf } from './doubles.ts';
import { randomTensor, type TestTensors, writeFolder } from './write-checkpoint.ts';

const quick = (x: number) => x / (1 + Math.exp(-1.702 * x));
const attend = (q: Matrix, k: Matrix, v: Matrix, heads: number): Matrix =>
  attended(q, k, v, heads, (dot) => dot / Math.sqrt(q[0].length / heads));

function tensors(spec: Record<string, number[]>): TestTensors {
  return Object.fromEntries(
    Object.entries(spec).map(([name, shape], i) => {
      const scale = /norm.*weight/i.test(name);
      return [name, randomTensor(shape, 100 + i, 0.3, scale ? 1 : 0)];
    }),
  );
}

function expectClose(actual: Float32Array, expected: Matrix): void {
  const flat = expected.flat();
  expect(actual).toHaveLength(flat.length);
  expect(actual.reduce((max, x, i) => Math.max(max, Math.abs(x - flat[i])), 0)).toBeLessThan(1e-4);
}

it.each([
  {
    type: 'bert',
    first: 0,
    act: gelu,
    names: ['cls.predictions.transform.dense', 'cls.predictions.transform.LayerNorm', 'cls.predictions.bias'],
  },
  // Positions count from the row behind the padding token's; the head has the error function's GELU.
  { type: 'roberta', first: 3, act: quick, names: ['lm_head.dense', 'lm_head.layer_norm', 'lm_head.bias'] },
])(
  '$type equals an encoder written apart from it, in doubles',
  async ({ type: family, first, act, names: [headDense, headNorm, headBias] }) => {
    const spec: Record<string, number[]> = {
      [`${family}.embeddings.word_embeddings.weight`]: [20, 16],
      [`${family}.embeddings.position_embeddings.weight`]: [first + 12, 16],
      [`${family}.embeddings.token_type_embeddings.weight`]: [2, 16],
      [`${family}.embeddings.LayerNorm.weight`]: [16],
      [`${family}.embeddings.LayerNorm.bias`]: [16],
      [headBias]: [20],
      [`${headDense}.weight`]: [16, 16],
      [`${headDense}.bias`]: [16],
      [`${headNorm}.weight`]: [16],
      [`${headNorm}.bias`]: [16],
    };
    for (const n of [0, 1]) {
      const at = `${family}.encoder.layer.${n}`;
      for (const name of [
        'attention.self.query',
        'attention.self.key',
        'attention.self.value',
        'attention.output.dense',
      ]) {
        spec[`${at}.${name}.weight`] = [16, 16];
        spec[`${at}.${name}.bias`] = [16];
      }
      Object.assign(spec, {
        [`${at}.intermediate.dense.weight`]: [40, 16],
        [`${at}.intermediate.dense.bias`]: [40],
        [`${at}.output.dense.weight`]: [16, 40],
        [`${at}.output.dense.bias`]: [16],
      });
      for (const name of ['attention.output.LayerNorm', 'output.LayerNorm']) {
        spec[`${at}.${name}.weight`] = [16];
        spec[`${at}.${name}.bias`] = [16];
      }
    }
    const t = tensors(spec);
    const config = {
      model_type: family,
      hidden_size: 16,
      num_hidden_layers: 2,
      num_attention_heads: 2,
      intermediate_size: 40,
      hidden_act: act === gelu ? 'gelu' : 'quick_gelu',
      pad_token_id: first - 1,
      max_position_embeddings: first + 12,
      vocab_size: 20,
      layer_norm_eps: 1e-12,
    };
    const model = (await openModel(writeFolder(config, t))).load();
    const ids = [4, 7, 1, 1, 19, 0, 3];
    const hidden = model.forward(
      { kind: 'tokens', ids: Int32Array.from(ids), sequences: [{ rows: 7 }] },
      exact,
    );

    const linear = (x: Matrix, name: string) => dense(t, name, x);
    const ln = (x: Matrix, name: string) => layerNormed(t, name, x, 1e-12);
    const words = rowsOf(t, `${family}.embeddings.word_embeddings.weight`);
    const positions = rowsOf(t, `${family}.embeddings.position_embeddings.weight`);
    const type = rowsOf(t, `${family}.embeddings.token_type_embeddings.weight`)[0];
    let x: Matrix = ids.map((id, p) => words[id].map((v, i) => v + positions[first + p][i] + type[i]));
    x = ln(x, `${family}.embeddings.LayerNorm`);
    for (const n of [0, 1]) {
      const l = `${family}.encoder.layer.${n}`;
      const [q, k, v] = ['query', 'key', 'value'].map((p) => linear(x, `${l}.attention.self.${p}`));
      x = ln(
        sum(x, linear(attend(q!, k!, v!, 2), `${l}.attention.output.dense`)),
        `${l}.attention.output.LayerNorm`,
      );
      const up = linear(x, `${l}.intermediate.dense`).map((row) => row.map(act));
      x = ln(sum(x, linear(up, `${l}.output.dense`)), `${l}.output.LayerNorm`);
    }
    expectClose(hidden, x);
    const transformed = ln(
      linear(x, headDense).map((row) => row.map(gelu)),
      headNorm,
    );
    const tied = {
      'head.weight': t[`${family}.embeddings.word_embeddings.weight`],
      'head.bias': t[headBias],
    };
    expectClose(model.logits(hidden, 0, 7), dense(tied, 'head', transformed));

    const headless = Object.fromEntries(
      Object.entries(t).filter(([name]) => ![headBias, `${headDense}.weight`].includes(name)),
    );
    const opened = await openModel(writeFolder(config, headless));
    expect(() => opened.load()).toThrow(/no language-model head/);
  },
);

it('ViT equals an encoder written apart from it, in doubles', async () => {
  const spec: Record<string, number[]> = {
    'vit.embeddings.cls_token': [1, 1, 16],
    'vit.embeddings.position_embeddings': [1, 5, 16],
    'vit.embeddings.patch_embeddings.projection.weight': [16, 2, 3, 3],
    'vit.embeddings.patch_embeddings.projection.bias': [16],
    'vit.layernorm.weight': [16],
    'vit.layernorm.bias': [16],
    'classifier.weight': [3, 16],
    'classifier.bias': [3],
  };
  const l = 'vit.encoder.layer.0';
  for (const name of [
    'attention.attention.query',
    'attention.attention.key',
    'attention.attention.value',
    'attention.output.dense',
  ]) {
    spec[`${l}.${name}.weight`] = [16, 16];
    spec[`${l}.${name}.bias`] = [16];
  }
  for (const name of ['layernorm_before', 'layernorm_after']) {
    spec[`${l}.${name}.weight`] = [16];
    spec[`${l}.${name}.bias`] = [16];
  }
  Object.assign(spec, {
    [`${l}.intermediate.dense.weight`]: [24, 16],
    [`${l}.intermediate.dense.bias`]: [24],
    [`${l}.output.dense.weight`]: [16, 24],
    [`${l}.output.dense.bias`]: [16],
  });
  const t = tensors(spec);
  const config = {
    model_type: 'vit',
    hidden_size: 16,
    num_hidden_layers: 1,
    num_attention_heads: 4,
    intermediate_size: 24,
    hidden_act: 'gelu',
    image_size: 6,
    patch_size: 3,
    num_channels: 2,
    layer_norm_eps: 1e-6,
    id2label: { 0: 'a', 1: 'b', 2: 'c' },
  };
  const model = (await openModel(writeFolder(config, t))).load();
  const pixels = randomTensor([2, 2, 6, 6], 5, 1).values;
  const hidden = model.forward({ kind: 'images', pixels, count: 2 }, exact);

  const linear = (x: Matrix, name: string) => dense(t, name, x);
  const ln = (x: Matrix, name: string) => layerNormed(t, name, x, 1e-6);
  const positions = rowsOf(t, 'vit.embeddings.position_embeddings');
  const kernel = t['vit.embeddings.patch_embeddings.projection.weight'].values;
  const bias = vectorOf(t, 'vit.embeddings.patch_embeddings.projection.bias');
  const expected = [0, 1].map((image) => {
    const patches = [0, 1, 2, 3].map((p) =>
      bias.map((b, o) => {
        let sum = b;
        for (let c = 0; c < 2; c++)
          for (let y = 0; y < 3; y++)
            for (let x = 0; x < 3; x++)
              sum +=
                kernel[((o * 2 + c) * 3 + y) * 3 + x] *
                pixels[((image * 2 + c) * 6 + Math.floor(p / 2) * 3 + y) * 6 + (p % 2) * 3 + x];
        return sum;
      }),
    );
    let x = sum([vectorOf(t, 'vit.embeddings.cls_token'), ...patches], positions);
    const before = ln(x, `${l}.layernorm_before`);
    const [q, k, v] = ['query', 'key', 'value'].map((p) => linear(before, `${l}.attention.attention.${p}`));
    x = sum(x, linear(attend(q!, k!, v!, 4), `${l}.attention.output.dense`));
    const up = linear(ln(x, `${l}.layernorm_after`), `${l}.intermediate.dense`).map((row) => row.map(gelu));
    x = sum(x, linear(up, `${l}.output.dense`));
    return ln(x, 'vit.layernorm')[0];
  });
  expectClose(hidden, expected);
  expectClose(model.logits(hidden, 0, 2), linear(expected, 'classifier'));
});
