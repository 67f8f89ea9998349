import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { DecoderConfig } from '../../src/model/config/config.ts';
import { RUN_TYPES } from '../../src/model/config/read-config.ts';
import { openModel } from '../../src/model/load.ts';
import { KvCache } from '../../src/model/layer/kv-cache.ts';
import { exact } from './arithmetic.ts';
import { gatedFfn, plainAngles, referenceLogits, silu } from './reference-decoder.ts';
import { caseFolder, caseTensors } from './case-folder.ts';
import { CASES } from './family-cases.ts';
import { LLAMA_NAMES, V, D, L } from './family-shapes.ts';

const IDS = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8];

it.each(CASES)('$title', async ({ features, ...own }) => {
  const t = caseTensors(own.shapes);
  const model = (await openModel(caseFolder(own, t))).load();
  const ids = Int32Array.from(IDS);
  const batch = { kind: 'tokens' as const, ids, sequences: [{ rows: ids.length }] };
  const actual = model.logits(model.forward(batch, exact), 0, ids.length);
  const expected = referenceLogits(
    t,
    {
      heads: 4,
      kvHeads: 2,
      headDim: D,
      layers: L,
      epsilon: 1e-5,
      vocab: V,
      angles: () => ({ size: 1, angles: plainAngles(500, D) }),
      act: silu,
      embedding: 'model.embed_tokens.weight',
      finalNorm: 'model.norm',
      head: 'lm_head.weight',
      layer: (n) => `model.layers.${n}`,
      names: LLAMA_NAMES,
      ffn: gatedFfn(t, silu),
      ...features(t),
    },
    IDS,
  ).flat();
  const size = expected.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  const worst = actual.reduce((max, x, i) => Math.max(max, Math.abs(x - expected[i])), 0);
  expect(actual).toHaveLength(expected.length);
  expect(worst / size).toBeLessThan(1e-4);
  expect(size).toBeGreaterThan(0.1);
});

it.each(CASES.filter(({ config }) => 'sliding_window' in config))(
  'token by token as all at once: $title',
  async (own) => {
    const model = (await openModel(caseFolder(own))).load();
    // Up to the length at which LongRoPE changes its factors, which no cache can follow.
    const ids = IDS.slice(0, 7);
    const run = (part: number[], cache?: KvCache) =>
      model.forward(
        {
          kind: 'tokens',
          ids: Int32Array.from(part),
          sequences: [{ rows: part.length, ...(cache && { cache }) }],
        },
        exact,
      );
    const whole = run(ids);
    const cache = new KvCache({ kvHeads: 2, headDim: D });
    const pieces = ids.flatMap((id) => [...run([id], cache)]);
    expect(Float32Array.from(pieces)).toEqual(whole);
  },
);

it('has one rotary embedding for all layers that turn alike, so that angles are kept once', async () => {
  for (const own of CASES) {
    const { each } = (await openModel(caseFolder(own))).config as DecoderConfig;
    const turned = each.flatMap(({ rope }) => rope ?? []);
    expect(new Set(turned).size, own.title).toBe(new Set(turned.map((rope) => JSON.stringify(rope))).size);
  }
});

it('stands in docs/accuracy.md, every one', () => {
  const page = readFileSync('docs/accuracy.md', 'utf8');
  expect(page).toContain(`Families by \`model_type\`: ${RUN_TYPES.join(', ')}, also inside`);
});

it('holds every decoder that is run', () => {
  expect([...new Set(CASES.map(({ type }) => type))].sort()).toEqual(
    RUN_TYPES.filter(
      (type) => !['gpt2', 'bert', 'roberta', 'vit', 'vivit', 'swinv2', 'whisper', 'ministral'].includes(type),
    ).sort(),
  );
});
