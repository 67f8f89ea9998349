import { describe, expect, it } from 'vitest';
import { modelFromOnnx } from '../../src/workload/onnx/model.ts';
import { encoderGraph } from './encoder.ts';
import { OPEN, one, operators, read } from './graphs.ts';
import { type GraphSpec, onnxFile } from './write.ts';
import { refusal } from '../refusal.ts';

describe('files that are refused', () => {
  const whole = onnxFile(encoderGraph({ layers: 1, hidden: 64, heads: 2, ffn: 128, words: 100 }));
  const mistake = (bytes: Uint8Array, dims = OPEN) =>
    refusal(() => modelFromOnnx(bytes, 'net.onnx', 'net', dims));

  it('a file cut anywhere is named with its reason', () => {
    let cut = 0;
    for (let length = 0; length < whole.length - 40; length += 97) {
      const error = mistake(whole.subarray(0, length));
      expect(error.path).toContain('net.onnx');
      cut += 1;
    }
    expect(cut).toBeGreaterThan(50);
    expect(mistake(whole.subarray(0, 500)).message).toBe(
      'this is no whole ONNX model: the file ends inside a message',
    );
  });

  it.each([
    ['nothing', new Uint8Array(), /there is no graph in it/],
    ['text', new TextEncoder().encode('{"model_type": "llama"}'), /no protobuf|ends inside|no graph/],
    [
      'no products',
      onnxFile({ nodes: [{ op: 'Relu', in: ['x'], out: ['y'] }], inputs: [{ name: 'x', dims: [4] }] }),
      /multiplies no matrices/,
    ],
    [
      'an unknown product',
      onnxFile({
        nodes: [{ op: 'MoE', in: ['x'], out: ['y'], domain: 'com.microsoft' }],
        inputs: [{ name: 'x', dims: [4] }],
      }),
      /com\.microsoft\.MoE is not modelled/,
    ],
    ['sizes that do not fit', onnxFile(one('MatMul', [2, 8], [9, 3])), /inner sizes 8 and 9 differ/],
    [
      'sizes that nobody knows',
      onnxFile({
        ...one('MatMul', [2, 8], [8, 3]),
        nodes: [
          { op: 'NonZero', in: ['x'], out: ['z'] },
          { op: 'MatMul', in: ['z', 'w'], out: ['out'] },
        ],
      }),
      /sizes of its inputs cannot be told/,
    ],
    [
      'functions of its own',
      onnxFile(
        { ...one('MatMul', [2, 8], [8, 3]), nodes: [{ op: 'Block', in: ['x'], out: ['z'], domain: 'own' }] },
        ['Block'],
      ),
      /function of its own/,
    ],
    [
      'products in a loop',
      onnxFile({
        ...one('MatMul', [2, 8], [8, 3]),
        nodes: [
          {
            op: 'Loop',
            in: ['x'],
            out: ['z'],
            attributes: { body: { nodes: [{ op: 'MatMul', in: ['a', 'b'], out: ['c'] }] } },
          },
        ],
      }),
      /how often that runs/,
    ],
    [
      'sizes beyond any machine',
      onnxFile(one('MatMul', [2 ** 40, 2 ** 30], [2 ** 30, 2 ** 17])),
      /beyond any machine|cannot be told|has sizes/,
    ],
  ])('%s', (_, bytes, message) => {
    expect(mistake(bytes, {} as typeof OPEN).message).toMatch(message);
  });

  it('cycles end', () => {
    const graph: GraphSpec = {
      nodes: [
        { op: 'Cast', in: ['b'], out: ['a'], attributes: { to: 1 } },
        { op: 'Cast', in: ['a'], out: ['b'], attributes: { to: 1 } },
        { op: 'Sigmoid', in: ['a'], out: ['s'] },
        { op: 'MatMul', in: ['x', 'w'], out: ['y'] },
      ],
      inputs: [{ name: 'x', dims: [2, 8] }],
      initializers: [{ name: 'w', dims: [8, 3] }],
    };
    expect(operators(read(graph))).toMatchObject([{ m: 2, k: 8, n: 3 }]);
  });
});
