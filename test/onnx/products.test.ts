import { describe, expect, it } from 'vitest';
import { workloadOf } from '../../src/workload/workload.ts';
import { one, operators, read, USE } from './graphs.ts';
import type { GraphSpec } from './write.ts';

describe('products', () => {
  it.each([
    ['MatMul', one('MatMul', [2, 5, 8], [8, 3]), { batch: 1, m: 10, k: 8, n: 3, weights: true }],
    [
      'MatMul, a weight on the left',
      one('MatMul', [2, 8, 5], [3, 8], {}, { inputs: ['w', 'x'] }),
      { batch: 1, m: 10, k: 8, n: 3 },
    ],
    ['MatMul, a matrix each', one('MatMul', [4, 5, 8], [4, 8, 3]), { batch: 4, m: 5, k: 8, n: 3 }],
    ['MatMul, a vector', one('MatMul', [8], [8, 3]), { batch: 1, m: 1, k: 8, n: 3 }],
    [
      'Gemm, both turned',
      one('Gemm', [8, 5], [3, 8], { transA: 1, transB: 1 }),
      { batch: 1, m: 5, k: 8, n: 3 },
    ],
    [
      'Conv',
      one('Conv', [2, 3, 224, 224], [64, 3, 7, 7], { strides: [2, 2], pads: [3, 3, 3, 3] }),
      { batch: 1, m: 2 * 112 ** 2, k: 147, n: 64 },
    ],
    [
      'Conv, depthwise, dilated, SAME',
      one('Conv', [1, 8, 20, 20], [8, 1, 3, 3], { group: 8, dilations: [2, 2], auto_pad: 'SAME_UPPER' }),
      { batch: 8, m: 400, k: 9, n: 1 },
    ],
    [
      'Conv over time',
      one('Conv', [1, 80, 3000], [384, 80, 3], { pads: [1, 1] }),
      { batch: 1, m: 3000, k: 240, n: 384 },
    ],
    [
      'ConvTranspose',
      one('ConvTranspose', [1, 16, 10, 10], [16, 4, 2, 2], { strides: [2, 2] }),
      { batch: 1, m: 100, k: 16, n: 16 },
    ],
    [
      'Einsum',
      one('Einsum', [2, 5, 8], [4, 8, 3], { equation: 'bid,hdo->bhio' }),
      { batch: 1, m: 10, k: 8, n: 12 },
    ],
    [
      'LSTM',
      one(
        'LSTM',
        [7, 2, 8],
        [1, 24, 8],
        { hidden_size: 6 },
        { inputs: ['x', 'w', 'r'], initializers: [{ name: 'r', dims: [1, 24, 6] }] },
      ),
      { m: 14, k: 8, n: 24 },
    ],
    [
      'MatMulNBits',
      one(
        'MatMulNBits',
        [2, 5, 64],
        [3, 2, 16],
        { K: 64, N: 3, bits: 4, block_size: 32 },
        {
          domain: 'com.microsoft',
          type: 2,
          inputs: ['x', 'w', 's'],
          initializers: [{ name: 's', dims: [6], type: 10 }],
        },
      ),
      { m: 10, k: 64, n: 3, format: { bits: 4, scaleBits: 0.5 } },
    ],
    [
      'QLinearMatMul',
      one(
        'QLinearMatMul',
        [5, 8],
        [8, 4],
        {},
        {
          type: 3,
          inputs: ['x', 's', 'z', 'w', 'ws', 'wz', 's', 'z'],
          initializers: [
            { name: 's', dims: [] },
            { name: 'z', dims: [], type: 3 },
            { name: 'ws', dims: [4] },
            { name: 'wz', dims: [4], type: 3 },
          ],
        },
      ),
      { m: 5, k: 8, n: 4, format: { bits: 8, scaleBits: 5 } },
    ],
  ])('%s', (_, graph, expected) => {
    expect(operators(read(graph))[0]).toMatchObject(expected);
  });

  it('weights behind DequantizeLinear have the bits of the file, floating ones beside them 16', () => {
    const graph: GraphSpec = {
      nodes: [
        {
          op: 'DequantizeLinear',
          in: ['w', 's', 'z'],
          out: ['wide'],
          attributes: { block_size: 32, axis: 0 },
        },
        { op: 'Transpose', in: ['wide'], out: ['turned'], attributes: { perm: [1, 0] } },
        { op: 'MatMul', in: ['x', 'turned'], out: ['h'] },
        { op: 'MatMul', in: ['h', 'head'], out: ['y'] },
      ],
      inputs: [{ name: 'x', dims: [7, 64] }],
      outputs: [{ name: 'y' }],
      initializers: [
        { name: 'w', dims: [96, 64], type: 22 },
        { name: 's', dims: [3, 64], type: 10 },
        { name: 'z', dims: [3, 64], type: 22 },
        { name: 'head', dims: [96, 10] },
      ],
    };
    const model = read(graph);
    const [first, head] = operators(model);
    expect(first).toMatchObject({ m: 7, k: 64, n: 96, format: { bits: 4, scaleBits: (16 + 4) / 32 } });
    expect(head).toMatchObject({ group: 'output', format: { bits: 16, scaleBits: 0 } });
    expect(model.weightBits).toBe(4);
    // Asked bits go over what the file says.
    const asked = workloadOf(model, { ...USE, weightBits: 8, oneWidth: true }).operators;
    expect(asked.map((op) => (op.kind === 'gemm' ? op.weightBits : 8))).toEqual(asked.map(() => 8));
  });

  it.each([
    ['Relu', 'relu', undefined],
    ['LeakyRelu', 'relu', 'LeakyRelu as relu'],
    ['Tanh', 'silu', 'Tanh as silu'],
    ['Clip', undefined, 'left out, activations fused into products: Clip of FusedGemm ×1'],
  ])('an activation fused into a product costs what it costs alone: %s', (activation, fn, note) => {
    const fused = read(one('FusedGemm', [5, 8], [8, 4], { activation }, { domain: 'com.microsoft' }));
    const beside = operators(fused).filter(({ kind }) => kind === 'nonlinear');
    expect(beside).toMatchObject(fn === undefined ? [] : [{ function: fn, rows: 5, columns: 4 }]);
    expect(fused.notes!.some((text) => note !== undefined && text.includes(note))).toBe(note !== undefined);
  });

  it('says what a recurrent layer leaves out', () => {
    const layer = one(
      'GRU',
      [7, 2, 8],
      [1, 18, 8],
      { hidden_size: 6 },
      { inputs: ['x', 'w', 'r'], initializers: [{ name: 'r', dims: [1, 18, 6] }] },
    );
    expect(read(layer).notes).toEqual(
      expect.arrayContaining([
        'left out, functions and products of gates: GRU ×1',
        'left out, the order of recurrent steps, whose products with the state count as one product: GRU ×1',
      ]),
    );
  });
});
