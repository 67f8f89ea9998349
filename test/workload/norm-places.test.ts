import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { DecoderConfig } from '../../src/model/config/config.ts';
import { readConfig } from '../../src/model/config/read-config.ts';
import { blocksOf } from '../../src/workload/flow/blocks.ts';
import { modelFromConfig } from '../../src/workload/hf-config.ts';
import type { DecoderStack, LayerSpec } from '../../src/workload/model.ts';
import { workloadOf } from '../../src/workload/workload.ts';
import { caseFolder, caseTensors } from '../model/case-folder.ts';
import { CASES } from '../model/family-cases.ts';
import { PUBLIC } from './public/index.ts';

/** Where a layer that is drawn has its norms, in the words of one that is run. */
function placeOf({ norms, normsAt, parallel }: LayerSpec): string {
  if (parallel === true) return norms === 1 ? 'parallel' : 'parallel-two';
  if (norms === 1) return 'parallel';
  if (normsAt === 'result') return 'post';
  return norms === 4 ? 'around' : 'pre';
}

it('a layer of MiniMax-01 goes on with what its norms gave, where its config.json says so', () => {
  const graph = (postnorm: boolean) => {
    const { config } = PUBLIC['MiniMax-Text-01'];
    const model = modelFromConfig({ ...config, postnorm }, 'config.json', 'model');
    const use = { batch: 1, context: 4, prefill: 2, activationBits: 16, weightBits: 16, kvBits: 16 };
    const [, layer] = blocksOf(model, workloadOf(model, use), 'decode');
    return Object.fromEntries(layer.steps.map(({ id, reads }) => [id, reads]));
  };
  expect(graph(false).residual[0]).toBe('input');
  expect(graph(true).residual[0]).toBe('norm-1');
  expect(Object.keys(graph(true))).toEqual(Object.keys(graph(false)));
});

it.each(CASES)('$title: the graph has its norms where the model computes them', (own) => {
  const folder = caseFolder(own, caseTensors(own.shapes));
  const config: unknown = JSON.parse(readFileSync(`${folder}/config.json`, 'utf8'));
  const { blocks } = readConfig(config, 'config.json') as DecoderConfig;
  const { layers } = modelFromConfig(config, 'config.json', 'model').stacks[0] as DecoderStack;
  for (const layer of layers) expect(placeOf(layer)).toBe(blocks);
});
