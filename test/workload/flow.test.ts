import { describe, expect, it } from 'vitest';
import { CONFIGS } from '../fuzz/seeds/workloads.ts';
import { blocksOf } from '../../src/workload/flow/blocks.ts';
import { ENCODER, INPUT } from '../../src/workload/flow/flow.ts';
import { layerFlow } from '../../src/workload/flow/layer.ts';
import { modelFromConfig } from '../../src/workload/hf-config.ts';
import type { ModelShape } from '../../src/workload/model.ts';
import { MODELS, modelNamed } from '../../src/workload/models.ts';
import { macs, type Phase } from '../../src/workload/operator.ts';
import { workloadOf } from '../../src/workload/workload.ts';
import { plain } from './plain.ts';
import { PUBLIC } from './public/index.ts';

const PHASES = ['prefill', 'decode'] as const;
const models: readonly ModelShape[] = [
  ...MODELS,
  ...Object.entries(PUBLIC).map(([name, { config }]) => modelFromConfig(config, name, name)),
  ...CONFIGS.map((text, i) => modelFromConfig(JSON.parse(text), `config ${i}`, `config ${i}`)),
];

const layersOf = (model: ModelShape) =>
  model.stacks.flatMap((stack) => (stack.kind === 'encoder' || stack.kind === 'decoder' ? stack.layers : []));

describe.each(models.map((model) => [model.name, model] as const))('%s', (_, model) => {
  const workload = workloadOf(model, plain);

  it.each(PHASES)('has every operator of %s in one block', (phase) => {
    const placed = blocksOf(model, workload, phase).flatMap(({ steps }) => [
      ...new Set(steps.flatMap(({ operators }) => operators)),
    ]);
    const expected = workload.operators.flatMap((operator, at) => (operator.phase === phase ? [at] : []));
    expect(placed.toSorted((a, b) => a - b)).toEqual(expected);
  });

  it.each(PHASES)('reads in %s what stands before, and leaves nothing unread', (phase) => {
    for (const { steps, results, isLayer } of blocksOf(model, workload, phase)) {
      const before = new Set([INPUT, ENCODER]);
      const read = new Set(results);
      const shares = new Map<string, number>();
      for (const { id, operator, reads, share } of steps) {
        expect(reads.length, id).toBeGreaterThan(0);
        for (const one of reads) {
          expect(before, id).toContain(one);
          read.add(one);
        }
        expect(before).not.toContain(id);
        before.add(id);
        shares.set(operator, (shares.get(operator) ?? 0) + share);
      }
      for (const { id } of steps) if (!id.endsWith('-write')) expect(read, id).toContain(id);
      for (const [operator, share] of shares) expect(share, operator).toBeCloseTo(1, 12);
      if (isLayer) expect(results).toEqual([expect.stringMatching(/^(residual|norm)/)]);
    }
  });

  it('names in its layers no operator that is not made', () => {
    const made = new Set(workload.operators.map(({ name }) => name));
    const cached = model.stacks.some(({ kind }) => kind === 'decoder');
    for (const layer of layersOf(model)) {
      for (const phase of cached ? PHASES : (['prefill'] as const)) {
        for (const { operator } of layerFlow(layer, { phase, cached: false }).steps) {
          // Tokens fall on experts evenly or not, by their number.
          if (!/^expert-(low-)?(up|gate|down|silu|gelu|relu)/.test(operator))
            expect(made).toContain(operator);
        }
      }
    }
  });
});

const reads = (name: string, phase: Phase, block = 0): Record<string, readonly string[]> => {
  const model = modelNamed(name);
  const layers = blocksOf(model, workloadOf(model, plain), phase).filter(({ isLayer }) => isLayer);
  return Object.fromEntries(layers[block].steps.map(({ id, reads: from }) => [id, from]));
};

it('draws the layer of Llama as its paper does', () => {
  expect(reads('llama-2-7b', 'decode')).toEqual({
    'norm-1': ['input'],
    q: ['norm-1'],
    k: ['norm-1'],
    v: ['norm-1'],
    rope: ['q'],
    'rope (2)': ['k'],
    'kv-write': ['rope (2)', 'v'],
    q·kT: ['rope', 'rope (2)'],
    softmax: ['q·kT'],
    a·v: ['softmax', 'v'],
    a: ['a·v'],
    residual: ['input', 'a'],
    'norm-2': ['residual'],
    up: ['norm-2'],
    gate: ['norm-2'],
    silu: ['gate'],
    'gate-product': ['silu', 'up'],
    down: ['gate-product'],
    'residual (2)': ['residual', 'down'],
  });
});

it('norms queries before they turn, and results before they are summed, where a family does', () => {
  const gemma = reads('gemma-3-4b', 'prefill');
  expect(gemma.rope).toEqual(['qk-norm']);
  expect(gemma['norm-2']).toEqual(['a']);
  expect(gemma.residual).toEqual(['input', 'norm-2']);
  const swin = reads('swinv2-tiny', 'prefill');
  expect(swin.q).toEqual(['input']);
  expect(swin.residual).toEqual(['input', 'norm-1']);
});

it('has kinds of layers, encoder and decoder as blocks, and cross-attention that reads the encoder once', () => {
  const kinds = (name: string, phase: Phase) => {
    const model = modelNamed(name);
    return blocksOf(model, workloadOf(model, plain), phase).map(({ title, layers }) => `${title} ×${layers}`);
  };
  expect(kinds('gemma-3-4b', 'decode')).toEqual([
    'attention, window of 1024; network ×29',
    'attention; network ×5',
    'behind the layers ×1',
  ]);
  expect(kinds('whisper-tiny', 'prefill')).toEqual([
    'in front of the layers ×1',
    'attention; network ×4',
    'behind the layers ×1',
    'attention; cross-attention; network ×4',
    'behind the layers ×1',
  ]);
  expect(kinds('whisper-tiny', 'decode')).toEqual([
    'attention; cross-attention; network ×4',
    'behind the layers ×1',
  ]);
  expect(reads('whisper-tiny', 'prefill', 1)['cross-k']).toEqual(['encoder']);
  expect(reads('whisper-tiny', 'decode')['cross-q·kT']).toEqual(['cross-q']);
});

it('leads around element-wise operators that a workload leaves out', () => {
  const model = modelNamed('llama-2-7b');
  const workload = workloadOf(model, {
    ...plain,
    omits: ['rmsnorm', 'rope', 'residual', 'gate', 'transfer'],
  });
  const [layer] = blocksOf(model, workload, 'decode');
  const found = Object.fromEntries(layer.steps.map(({ id, reads: from }) => [id, from]));
  expect(found['q·kT']).toEqual(['q', 'k']);
  expect(found.down).toEqual(['silu', 'up']);
  expect(found.up).toEqual(['input', 'a']);
  expect(layer.results).toEqual(['input', 'a', 'down']);
});

it('places the operators of a part whatever comes before it', () => {
  const model = modelNamed('whisper-tiny');
  const workload = workloadOf(model, plain);
  const layer = blocksOf(model, workload, 'prefill').filter(({ isLayer }) => isLayer)[1];
  const query = layer.steps.find(({ id }) => id === 'cross-k')!;
  const [operator] = query.operators.map((at) => workload.operators[at]);
  expect(operator.kind === 'gemm' && macs(operator)).toBe(2 * 1500 * 384 * 384);
});
