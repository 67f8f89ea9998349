import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withTable } from '../../scripts/models-table.ts';
import { modelSummary } from '../../src/compare/model-facts.ts';
import { MODELS_TODAY } from '../../src/workload/models-today.ts';
import { kvElements, parameterCount } from '../../src/workload/parameters.ts';
import { modelFromConfig } from '../../src/workload/hf-config.ts';
import { CARDS_TODAY, PUBLIC } from './public/index.ts';

it('the page shows the table that its command makes', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/models.md'), 'utf8');
  expect(withTable(page)).toBe(page);
});

it.each(MODELS_TODAY.map((model) => [model.name, model] as const))(
  '%s is what its card says',
  (name, model) => {
    const card = CARDS_TODAY[name];
    const { total, active } = parameterCount(model);
    expect(Math.abs(total / 1e6 / card.parameters - 1)).toBeLessThan(0.001);
    if (card.active !== undefined) expect(Math.abs(active / 1e6 / card.active - 1)).toBeLessThan(0.005);
    if (card.kvBytes !== undefined) expect(kvElements(model) * 2).toBe(card.kvBytes);
  },
);

it('published bytes of the KV cache', () => {
  for (const [name, { config, kvBytes }] of Object.entries(PUBLIC)) {
    if (kvBytes === undefined) continue;
    expect(kvElements(modelFromConfig(config, 'config.json', name)) * 2, name).toBe(kvBytes);
  }
});

it('products of a step are the active parameters without tables and norms, and attention over the context', () => {
  const llama = MODELS_TODAY.find(({ name }) => name === 'llama-3.1-8b')!;
  const { macs_per_token: macs, active_parameters: active } = modelSummary(
    llama,
    { batch: 1, context: 1000, prefill: 1 },
    1000,
  );
  const norms = (2 * 32 + 1) * 4096;
  expect(macs).toBe(active - 128_256 * 4096 - norms + 32 * 2 * 1000 * 4096);
});
