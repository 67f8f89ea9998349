import { expect, it } from 'vitest';
import { openModel } from '../../src/model/load.ts';
import { placesOf } from '../../src/model/config/places.ts';
import * as doubles from './doubles.ts';
import { exact, int4 } from './arithmetic.ts';
import { WHISPER, whisperFolder, whisperShapes } from './whisper-model.ts';
import { randomTensor } from './write-checkpoint.ts';

const t = doubles.generated(whisperShapes());
const EPSILON = 1e-5;

/** A convolution over time: x [time][channels] to [time / stride][outputs]. */
function convolved(name: string, x: number[][], stride: number): number[][] {
  const { shape, values } = t[`${name}.weight`];
  const [outputs, channels] = shape;
  return Array.from({ length: x.length / stride }, (_, to) =>
    Array.from({ length: outputs }, (_o, o) => {
      let total = t[`${name}.bias`].values[o];
      for (let tap = 0; tap < 3; tap++) {
        const row = x[to * stride + tap - 1];
        if (row === undefined) continue;
        for (let c = 0; c < channels; c++) total += values[(o * channels + c) * 3 + tap] * row[c];
      }
      return doubles.gelu(total);
    }),
  );
}

function attention(at: string, x: number[][], of: number[][], heads: number, causal: boolean): number[][] {
  const q = doubles.dense(t, `${at}.q_proj`, x);
  const [k, v] = [doubles.dense(t, `${at}.k_proj`, of), doubles.dense(t, `${at}.v_proj`, of)];
  const scale = Math.sqrt(WHISPER.d_model / heads);
  const mixed = doubles.attended(q, k, v, heads, (dot, _, row, column) =>
    causal && column > row ? -Infinity : dot / scale,
  );
  return doubles.dense(t, `${at}.out_proj`, mixed);
}

function network(at: string, x: number[][]): number[][] {
  const h = doubles.layerNormed(t, `${at}.final_layer_norm`, x, EPSILON);
  const up = doubles.dense(t, `${at}.fc1`, h).map((row) => row.map(doubles.gelu));
  return doubles.sum(x, doubles.dense(t, `${at}.fc2`, up));
}

/** Logits of one sound [bins][frames] and its text, written apart from the library. */
function reference(mel: number[][], ids: readonly number[]): number[][] {
  const frames = mel[0].map((_, f) => mel.map((band) => band[f]));
  let x = doubles.sum(
    convolved('model.encoder.conv2', convolved('model.encoder.conv1', frames, 1), 2),
    doubles.rowsOf(t, 'model.encoder.embed_positions.weight'),
  );
  for (let n = 0; n < WHISPER.encoder_layers; n++) {
    const at = `model.encoder.layers.${n}`;
    const h = doubles.layerNormed(t, `${at}.self_attn_layer_norm`, x, EPSILON);
    x = doubles.sum(x, attention(`${at}.self_attn`, h, h, WHISPER.encoder_attention_heads, false));
    x = network(at, x);
  }
  const heard = doubles.layerNormed(t, 'model.encoder.layer_norm', x, EPSILON);
  const tokens = doubles.rowsOf(t, 'model.decoder.embed_tokens.weight');
  const positions = doubles.rowsOf(t, 'model.decoder.embed_positions.weight');
  let y = ids.map((id, p) => tokens[id].map((v, i) => v + positions[p][i]));
  for (let n = 0; n < WHISPER.decoder_layers; n++) {
    const at = `model.decoder.layers.${n}`;
    const heads = WHISPER.decoder_attention_heads;
    const own = doubles.layerNormed(t, `${at}.self_attn_layer_norm`, y, EPSILON);
    y = doubles.sum(y, attention(`${at}.self_attn`, own, own, heads, true));
    const asked = doubles.layerNormed(t, `${at}.encoder_attn_layer_norm`, y, EPSILON);
    y = doubles.sum(y, attention(`${at}.encoder_attn`, asked, heard, heads, false));
    y = network(at, y);
  }
  y = doubles.layerNormed(t, 'model.decoder.layer_norm', y, EPSILON);
  return y.map((row) => tokens.map((token) => token.reduce((s, w, i) => s + w * row[i], 0)));
}

const BINS = WHISPER.num_mel_bins;
const FRAMES = 2 * WHISPER.max_source_positions;
const sounds = randomTensor([2, BINS, FRAMES], 3, 0.5).values;
const TEXTS = [
  [257, 258, 259, 260, 72, 105],
  [257, 258, 259, 260, 98, 121, 101, 33],
];
const melOf = (i: number): number[][] =>
  Array.from({ length: BINS }, (_, b) => [
    ...sounds.subarray((i * BINS + b) * FRAMES, (i * BINS + b + 1) * FRAMES),
  ]);

it('equals an encoder and a decoder written apart from it, in doubles, on two sounds at once', async () => {
  const opened = await openModel(whisperFolder(t));
  const model = opened.load();
  const hidden = model.forward(
    {
      kind: 'speech',
      mel: sounds,
      ids: Int32Array.from(TEXTS.flat()),
      sequences: TEXTS.map((ids) => ({ rows: ids.length })),
    },
    exact,
  );
  const expected = TEXTS.flatMap((ids, i) => reference(melOf(i), ids));
  const rows = TEXTS.flat().length;
  expect(doubles.relativeError(model.logits(hidden, 0, rows), expected)).toBeLessThan(1e-4);
  expect(placesOf(opened.config)).toEqual({ softmax: [4, 4, 2, 2, 2, 2], activation: 6 });
});

it('writes token by token what it writes at once', async () => {
  const model = (await openModel(whisperFolder(t))).load();
  const [ids] = TEXTS;
  const mel = sounds.subarray(0, BINS * FRAMES);
  const hidden = model.forward(
    { kind: 'speech', mel, ids: Int32Array.from(ids), sequences: [{ rows: ids.length }] },
    exact,
  );
  const listener = model.listen!(mel, exact);
  listener.next(ids.slice(0, 4));
  listener.next([ids[4]]);
  expect(listener.next([ids[5]])).toEqual(model.logits(hidden, 5, 6));
  listener.dispose();
});

it('runs in INT4 with BF16 sums, near the stored model', async () => {
  const model = (await openModel(whisperFolder(t))).load();
  const [ids] = TEXTS;
  const batch = {
    kind: 'speech' as const,
    mel: sounds.subarray(0, BINS * FRAMES),
    ids: Int32Array.from(ids),
    sequences: [{ rows: ids.length }],
  };
  const stored = model.forward(batch, exact);
  const ratio = doubles.relativePower(model.forward(batch, int4), stored);
  expect(ratio).toBeGreaterThan(0);
  expect(ratio).toBeLessThan(0.1);
});

it('refuses text alone, another activation, and a start token outside the vocabulary', async () => {
  const model = (await openModel(whisperFolder(t))).load();
  const text = { kind: 'tokens' as const, ids: Int32Array.of(1), sequences: [{ rows: 1 }] };
  expect(() => model.forward(text, exact)).toThrow(/whisper model reads speech/);
  await expect(openModel(whisperFolder(t, { ...WHISPER, activation_function: 'silu' }))).rejects.toThrow(
    /activation_function = silu/,
  );
  await expect(openModel(whisperFolder(t, { ...WHISPER, decoder_start_token_id: 261 }))).rejects.toThrow(
    /decoder_start_token_id 261 is outside the vocabulary/,
  );
});

it('reads what generation_config.json says of texts, and proj_out as the copy that it is', async () => {
  const copy = { ...t, 'proj_out.weight': t['model.decoder.embed_tokens.weight'] };
  const generation = { eos_token_id: 255, suppress_tokens: [1, 2], begin_suppress_tokens: [32, 256] };
  const opened = await openModel(whisperFolder(copy, WHISPER, generation));
  expect(opened.config).toMatchObject({
    eos: [255],
    multilingual: false,
    suppressed: { always: [1, 2], first: [32, 256] },
  });
  expect(opened.load().outputs).toBe(261);
});
