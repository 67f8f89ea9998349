import { expect, it } from 'vitest';
import { MugiError } from '../../src/errors.ts';
import { modelNamed, MODELS } from '../../src/workload/models.ts';
import { type Extent, isSpan, macsOf, type Operator } from '../../src/workload/operator.ts';
import { parameterCount } from '../../src/workload/parameters.ts';
import { workloadOf } from '../../src/workload/workload.ts';
import { refusal } from '../refusal.ts';
import { plain } from './plain.ts';

/** Parameters in millions as published with the checkpoints (Swin: paper's Table; others: model cards). */
const PUBLISHED: Record<string, number> = {
  'llama-2-7b': 6738.4,
  'llama-2-13b': 13015.9,
  'llama-2-70b': 68976.6,
  'whisper-tiny': 37.8,
  'whisper-large': 1543,
  'swinv2-tiny': 28.4,
  'swinv2-large': 196.7,
  'vivit-base': 89.2,
};

it.each(Object.entries(PUBLISHED))('%s has its published number of parameters', (name, millions) => {
  const { total: count } = parameterCount(modelNamed(name));
  expect(Math.abs(count / 1e6 / millions - 1)).toBeLessThan(0.01);
});

it('every built-in model becomes operators with whole, positive sizes', () => {
  for (const model of MODELS) {
    const { operators, tokens } = workloadOf(model, plain);
    expect(tokens).toBeGreaterThan(0);
    for (const op of operators) {
      const sizes = sizesOf(op);
      for (const size of sizes)
        expect(Number.isInteger(size) && size > 0, `${model.name} ${op.name}`).toBe(true);
    }
  }
});

function sizesOf(op: Operator): number[] {
  const extent = (size: Extent) => (isSpan(size) ? [size.from, size.to] : [size]);
  const common = [op.repeat, op.layers];
  if (op.kind === 'gemm') return [...common, op.batch, op.m, ...extent(op.k), ...extent(op.n)];
  if (op.kind === 'nonlinear') return [...common, op.rows, ...extent(op.columns)];
  return op.kind === 'transfer' ? [...common, op.bits] : [...common, op.elements];
}

it('SwinV2 attends in windows of every stage; Whisper cross-attends to 1500 positions', () => {
  const swin = workloadOf(modelNamed('swinv2-tiny'), { ...plain, batch: 1 });
  const products = swin.operators.filter(({ name }) => name === 'q·kT');
  expect(products.map((op) => op.kind === 'gemm' && [op.batch, op.m, op.k, op.n])).toEqual([
    [64 * 3, 64, 32, 64],
    [16 * 6, 64, 32, 64],
    [4 * 12, 64, 32, 64],
    [24, 64, 32, 64],
  ]);
  expect([swin.context, swin.tokens]).toEqual([4096, 4096]);
  const whisper = workloadOf(modelNamed('whisper-tiny'), { ...plain, context: 4096, prefill: 64 });
  expect([whisper.context, whisper.prefill, whisper.tokens]).toEqual([448, 64, 2 * 448]);
  const cross = whisper.operators.filter(({ name }) => name === 'cross-q·kT');
  expect(cross.map((op) => op.kind === 'gemm' && [op.phase, op.n, op.repeat])).toEqual([
    ['prefill', 1500, 1],
    ['decode', 1500, 384],
  ]);
  const crossKeys = whisper.operators.filter(({ name }) => name === 'cross-k');
  expect(crossKeys.map((op) => op.kind === 'gemm' && [op.phase, op.m])).toEqual([['prefill', 3000]]);
  expect(whisper.notes.join(' ')).toContain('448');
});

it('Whisper’s encoder has the MACs of its published arithmetic', () => {
  const { operators } = workloadOf(modelNamed('whisper-large'), {
    ...plain,
    batch: 1,
    context: 1,
    prefill: 0,
  });
  const encoder = operators.filter(({ name, phase }) => phase === 'prefill' && !name.startsWith('cross'));
  const d = 1280;
  const layers = 32 * (1500 * 12 * d * d + 2 * 1500 * 1500 * d);
  const convolutions = 3000 * 240 * d + 1500 * 3 * d * d;
  expect(macsOf({ operators: encoder })).toBe(layers + convolutions);
});

it.each([
  ['lama-2-7b', 'llama-2-7b'],
  ['whisper-tny', 'whisper-tiny'],
])('%s is refused with the nearest name', (name, nearest) => {
  expect(refusal(() => modelNamed(name))).toMatchObject({ code: 'unknown-name', nearest });
});

it.each([
  { batch: 0 },
  { batch: Number.NaN },
  { context: -1 },
  { context: 1.5 },
  { prefill: 41 },
  { batch: 1e12 },
])('sizes out of range are refused: %o', (change) => {
  expect(() => workloadOf(modelNamed('llama-2-7b'), { ...plain, ...change })).toThrow(MugiError);
});
