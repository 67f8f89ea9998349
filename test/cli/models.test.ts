import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const mugi = (...args: string[]) =>
  execFileSync(process.execPath, ['bin/mugi.js', ...args], { encoding: 'utf8' });

interface Row {
  model: string;
  macs_per_token: number | null;
  decode_context: number | null;
}

it('mugi models: MACs of one decoded token, at the longest context or the one asked for', () => {
  const listed = (...args: string[]) => JSON.parse(mugi('models', '--json', ...args)) as Row[];
  const of = (rows: Row[], name: string) => rows.find(({ model }) => model === name)!;
  // Llama 2 7B by hand: 4 projections and 3 FFN matrices a layer, the logits, and QKᵀ and PV over the context.
  const linear = 32 * (4 * 4096 ** 2 + 3 * 4096 * 11008) + 4096 * 32000;
  const attention = (context: number) => 32 * 2 * context * 4096;
  const longest = listed();
  expect(of(longest, 'llama-2-7b')).toMatchObject({
    decode_context: 4096,
    macs_per_token: linear + attention(4096),
  });
  expect(of(listed('--context', '1000'), 'llama-2-7b').macs_per_token).toBe(linear + attention(1000));
  // A position table caps the context; an encoder decodes nothing.
  expect(of(listed('--context', '1000'), 'whisper-tiny').decode_context).toBe(448);
  expect(of(longest, 'vivit-base')).toMatchObject({ decode_context: null, macs_per_token: null });
  expect(mugi('models')).toMatch(/llama-2-7b .* 7\.68 B +4096 /);
});

it('mugi models NAME --json says bits, cache and heads, and what each number counts', () => {
  const of = (...args: string[]) => JSON.parse(mugi('models', ...args, '--json')) as Record<string, unknown>;
  const deepseek = of('deepseek-v3', '--context', '4096');
  expect(deepseek).toMatchObject({
    weight_bits: 8,
    head_weight_bits: 16,
    weight_bits_assumed: false,
    kv_bits: 4,
    kv_bits_assumed: true,
    kv_elements_per_token: 35_136,
    kv_bytes_per_token: 17_568,
    head_dim: 192,
    experts: 256,
    experts_per_token: 8,
  });
  // 37.55 B active parameters without the input embedding and the norms, and the latent's products.
  const products =
    37_552_282_624 - 129_280 * 7168 - (deepseek['active_parameters'] === 37_552_282_624 ? 0 : NaN);
  const attention = 61 * 128 * 4096 * (576 + 512);
  expect(Math.abs((deepseek['macs_per_token'] as number) / (products + attention) - 1)).toBeLessThan(1e-4);
  expect(Object.keys(deepseek['definitions'] as object)).toContain('active_parameters');
  const asked = of('gpt-oss-20b', '--weight-bits', '8', '--kv-bits', '8');
  expect(asked).toMatchObject({
    weight_bits: 8,
    weight_bits_with_scales: 8,
    kv_bits: 8,
    kv_bits_assumed: false,
  });
});

it('mugi evaluate --csv ends in the totals that --json has', () => {
  const use = ['evaluate', '--design', 'sa-16@2x2', '--model', 'llama-2-7b', '--context', '256'];
  const [header, ...lines] = mugi(...use, '--csv')
    .trim()
    .split('\n');
  const names = header!.split(',');
  const rows = lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell])));
  const total = rows.pop()!;
  expect(total).toMatchObject({ operator: 'total', design: 'sa-16@2x2' });
  const json = JSON.parse(mugi(...use, '--json')) as Record<string, number>;
  expect(Number(total['macs'])).toBe(json['macs']);
  expect(Number(total['time_s'])).toBe(json['time_s']);
  expect(Number(total['energy_J'])).toBe(json['energy_dynamic_J']);
  for (const column of ['cycles', 'time_s', 'macs', 'energy_J', 'dram_bits', 'sram_reads', 'sram_writes']) {
    const sum = rows.reduce((all, row) => all + Number(row[column]), 0);
    expect(Number(total[column]) / sum).toBeCloseTo(1, 9);
  }
  expect(Number(total['utilisation'])).toBeGreaterThan(0);
  expect(Number(total['utilisation'])).toBeLessThan(1);
});

it.each([
  ['a topology', ['net.csv'], 'Layer,M,N,K,\na,1,128,4096,\n', { parameters: 524_288, head_dim: null }],
  [
    'a model that keeps a state',
    ['mamba.json'],
    '{"model_type": "mamba", "hidden_size": 768, "num_hidden_layers": 24, "vocab_size": 50280}',
    { parameters: 129_061_632, kv_elements_per_token: 0, head_dim: null },
  ],
  [
    'quantised experts',
    ['config.json', '--context', '16'],
    JSON.stringify({
      model_type: 'mixtral',
      hidden_size: 64,
      intermediate_size: 128,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      vocab_size: 100,
      num_local_experts: 4,
      quantization_config: { quant_method: 'fp8', kv_cache_scheme: 'static' },
    }),
    {
      weight_bits: 8,
      kv_bits: 8,
      kv_elements_per_token: 2 * 2 * 2 * 16,
      head_dim: 16,
      // A layer: projections and two of four experts with their router, and a context of 16; then the head.
      macs_per_token: 2 * (64 * 96 * 2 + 2 * 3 * 64 * 128 + 64 * 4 + 2 * 64 * 16) + 64 * 100,
    },
  ],
])('mugi models FILE --json has its keys for %s', (_, [file, ...flags], text, expected) => {
  const folder = mkdtempSync(join(tmpdir(), 'mugi-models-'));
  writeFileSync(join(folder, file), text);
  const found = JSON.parse(mugi('models', join(folder, file), ...flags, '--json')) as Record<string, unknown>;
  for (const key of ['parameters', 'weight_bits', 'kv_bits', 'kv_elements_per_token', 'macs_per_token'])
    expect(found).toHaveProperty(key);
  expect(found).toMatchObject(expected);
});
