import fc from 'fast-check';
import { expect, it } from 'vitest';
import { executeGemm } from '../../src/evaluate/execute/gemm.ts';
import type { DecoderStack, ModelShape } from '../../src/workload/model.ts';
import { modelNamed } from '../../src/workload/models.ts';
import { macs, macsOf, total } from '../../src/workload/operator.ts';
import type { WorkloadOptions } from '../../src/workload/options.ts';
import { workloadOf } from '../../src/workload/workload.ts';
import { evaluatePoint } from '../../src/question/point.ts';
import { plain } from './plain.ts';

interface Shape {
  layers: number;
  headDim: number;
  kvHeads: number;
  group: number;
  ffn: number;
  window: number | undefined;
  experts: { total: number; active: number; shared: number } | undefined;
  gated: boolean;
  batch: number;
  prefill: number;
  decoded: number;
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  layers: fc.integer({ min: 1, max: 5 }),
  headDim: fc.integer({ min: 1, max: 9 }),
  kvHeads: fc.integer({ min: 1, max: 4 }),
  group: fc.integer({ min: 1, max: 4 }),
  ffn: fc.integer({ min: 1, max: 40 }),
  window: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
  experts: fc.option(
    fc
      .record({
        total: fc.integer({ min: 1, max: 12 }),
        part: fc.integer({ min: 1, max: 12 }),
        shared: fc.integer({ min: 0, max: 2 }),
      })
      .map(({ total: all, part, shared }) => ({ total: all, active: Math.min(all, part), shared })),
    { nil: undefined },
  ),
  gated: fc.boolean(),
  batch: fc.integer({ min: 1, max: 5 }),
  prefill: fc.integer({ min: 0, max: 30 }),
  decoded: fc.integer({ min: 1, max: 30 }),
});

const HIDDEN = 24;
const VOCABULARY = 50;

function modelOf(shape: Shape): ModelShape {
  const stack: DecoderStack = {
    kind: 'decoder',
    vocabulary: VOCABULARY,
    maxContext: 100,
    tiedEmbeddings: false,
    layers: [
      {
        count: shape.layers,
        hidden: HIDDEN,
        attention: [
          {
            heads: shape.kvHeads * shape.group,
            kvHeads: shape.kvHeads,
            headDim: shape.headDim,
            ...(shape.window === undefined ? {} : { window: shape.window }),
          },
        ],
        ffn: {
          hidden: shape.ffn,
          gated: shape.gated,
          activation: 'silu',
          ...(shape.experts === undefined ? {} : { experts: shape.experts }),
        },
        norm: 'rmsnorm',
        norms: 2,
        rope: true,
      },
    ],
  };
  return { name: 'made-up', title: 'made up', source: 'test', stacks: [stack] };
}

const use = (shape: Shape): WorkloadOptions => ({
  ...plain,
  batch: shape.batch,
  prefill: shape.prefill,
  context: shape.prefill + shape.decoded,
});

it('MACs are parameters × tokens plus attention: dense, GQA, MoE, sliding window', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const { layers, headDim, kvHeads, group, ffn, window, experts, gated, batch, prefill, decoded } = shape;
      const heads = kvHeads * group;
      const attentionMatrices = 2 * HIDDEN * headDim * (heads + kvHeads);
      const network = (gated ? 3 : 2) * HIDDEN * ffn;
      const ffnMatrices =
        experts === undefined
          ? network
          : HIDDEN * experts.total + (experts.active + experts.shared) * network;
      const tokens = batch * (prefill + decoded);
      const linear = tokens * (layers * (attentionMatrices + ffnMatrices) + HIDDEN * VOCABULARY);
      let keys = prefill * prefill;
      for (let position = prefill + 1; position <= prefill + decoded; position++) {
        keys += Math.min(position, window ?? position);
      }
      const attention = layers * batch * heads * headDim * 2 * keys;
      expect(macsOf(workloadOf(modelOf(shape), use(shape)))).toBe(linear + attention);
    }),
  );
});

it('a decode span stands for a loop over the positions', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const { operators } = workloadOf(modelOf(shape), use(shape));
      const { batch, prefill, decoded, window, kvHeads, group, headDim } = shape;
      let products = 0;
      let elements = 0;
      for (let keys = prefill + 1; keys <= prefill + decoded; keys++) {
        const seen = Math.min(keys, window ?? keys);
        products += batch * kvHeads * group * headDim * seen;
        elements += batch * kvHeads * group * seen;
      }
      const decode = operators.filter(({ phase }) => phase === 'decode');
      const sum = (name: string) =>
        decode
          .filter((op) => op.name === name)
          .reduce(
            (all, op) =>
              all +
              op.repeat *
                (op.kind === 'gemm' ? macs(op) : op.kind === 'nonlinear' ? op.rows * total(op.columns) : 0),
            0,
          );
      expect([sum('q·kT'), sum('a·v'), sum('softmax')]).toEqual([products, products, elements]);
    }),
  );
});

it('without a prompt nothing runs in the prefill phase', () => {
  const { operators } = workloadOf(modelNamed('llama-2-7b'), { ...plain, prefill: 0 });
  expect(operators.filter(({ phase }) => phase === 'prefill')).toEqual([]);
  expect(operators.length).toBeGreaterThan(5);
});

it('a causal product with a window needs what a loop over queries and keys counts', () => {
  const shape: Shape = {
    layers: 1,
    headDim: 3,
    kvHeads: 1,
    group: 1,
    ffn: 8,
    window: 7,
    experts: undefined,
    gated: true,
    batch: 1,
    prefill: 30,
    decoded: 1,
  };
  const { operators } = workloadOf(modelOf(shape), use(shape));
  const softmax = operators.find((op) => op.name === 'softmax' && op.phase === 'prefill');
  let seen = 0;
  for (let query = 0; query < 30; query++) {
    for (let key = 0; key <= query; key++) if (query - key < 7) seen++;
  }
  expect(softmax?.kind === 'nonlinear' && softmax.needed).toBeCloseTo(seen / 900, 12);
  const score = operators.find((op) => op.name === 'a·v' && op.phase === 'prefill');
  expect(score?.kind === 'gemm' && score.causal).toEqual({ axis: 'k', rowsPerPosition: 1, window: 7 });
});

it('the array skips what a sliding window masks, whole pieces only', () => {
  const { priced } = evaluatePoint({ design: 'sa-8', model: 'llama-2-7b', context: 64 });
  const base = workloadOf(modelNamed('llama-2-7b'), {
    ...plain,
    batch: 1,
    context: 512,
    prefill: 512,
  });
  const op = base.operators.find(({ name }) => name === 'a·v');
  if (op?.kind !== 'gemm') throw new Error('no a·v');
  const system = { dramBitsPerCycle: 5120, linkBits: 128 };
  const run = (causal: typeof op.causal) => executeGemm(priced, { ...op, causal }, system).macs;
  const dense = macs(op);
  // Tiles of 8 queries, keys one by one: tile t needs 8t+8 keys, less those before its first query's window.
  let full = 0;
  let windowed = 0;
  for (let first = 0; first < 512; first += 8) {
    full += 8 * (first + 8);
    windowed += 8 * (first + 8 - Math.max(0, first + 1 - 64));
  }
  expect(run({ axis: 'k', rowsPerPosition: 1 }) / dense).toBeCloseTo(full / 512 ** 2, 12);
  expect(run({ axis: 'k', rowsPerPosition: 1, window: 64 }) / dense).toBeCloseTo(windowed / 512 ** 2, 12);
});
