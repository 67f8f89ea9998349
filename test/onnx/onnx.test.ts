import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MugiError } from '../../src/errors.ts';
import { evaluatePoint } from '../../src/question/point.ts';
import { modelFromConfig } from '../../src/workload/hf-config.ts';
import type { GraphOperator, GraphStack, ModelShape } from '../../src/workload/model.ts';
import { modelFromOnnx } from '../../src/workload/onnx/model.ts';
import { macsOf } from '../../src/workload/operator.ts';
import { parameterCount } from '../../src/workload/parameters.ts';
import { workloadOf } from '../../src/workload/workload.ts';
import { encoderGraph } from './encoder.ts';
import { type GraphSpec, type NodeSpec, onnxFile, type TensorSpec } from './write.ts';

const read = (graph: GraphSpec, dims?: Record<string, number>): ModelShape =>
  modelFromOnnx(onnxFile(graph), 'net.onnx', 'net', dims);
const operators = (model: ModelShape): GraphOperator[] => (model.stacks[0] as GraphStack).operators;
const USE = { batch: 2, context: 128, prefill: 128, activationBits: 16, weightBits: 4, kvBits: 4 };
const OPEN = { batch: 2, sequence: 128 };

/** One node with weights `w` and inputs `x`, `y`. */
function one(
  op: string,
  x: readonly number[],
  w: readonly number[],
  attributes: NodeSpec['attributes'] = {},
  more: { type?: number; inputs?: string[]; initializers?: TensorSpec[]; domain?: string } = {},
): GraphSpec {
  return {
    nodes: [
      { op, in: more.inputs ?? ['x', 'w'], out: ['out'], name: 'node', attributes, domain: more.domain },
    ],
    inputs: [{ name: 'x', dims: x }],
    outputs: [{ name: 'out' }],
    initializers: [{ name: 'w', dims: w, type: more.type }, ...(more.initializers ?? [])],
  };
}
const product = (graph: GraphSpec): object => operators(read(graph))[0];

describe('an ONNX graph as a workload', () => {
  const size = { layers: 3, hidden: 192, heads: 3, ffn: 768, words: 1000 };
  const model = read(encoderGraph(size), OPEN);

  it('an encoder written out in single steps is the encoder of its config.json', () => {
    const config = {
      model_type: 'bert',
      hidden_size: 192,
      num_hidden_layers: 3,
      num_attention_heads: 3,
      intermediate_size: 768,
      vocab_size: 1000,
      max_position_embeddings: 128,
    };
    const twin = workloadOf(modelFromConfig(config, 'config.json', 'twin'), USE);
    const graph = workloadOf(model, USE);
    // BERT's pooler stands in its config.json, not in this graph.
    const pooler = macsOf({ operators: twin.operators.filter(({ name }) => /pool/.test(name)) });
    expect(macsOf(graph)).toBe(macsOf(twin) - pooler);
    const kinds = (of: typeof twin, fn: string) =>
      of.operators
        .filter((op) => op.kind !== 'transfer' && op.kind !== 'gemm' && op.function === fn)
        .reduce((sum, op) => {
          if (op.kind === 'elementwise') return sum + op.elements * op.layers;
          return op.kind === 'nonlinear' ? sum + op.rows * (op.columns as number) * op.layers : sum;
        }, 0);
    expect(kinds(graph, 'softmax')).toBe(3 * 2 * 3 * 128 * 128);
    for (const fn of ['softmax', 'gelu', 'residual']) expect(kinds(graph, fn), fn).toBe(kinds(twin, fn));
    // The norm of the embeddings is the one that this graph leaves out.
    expect(kinds(graph, 'layernorm')).toBe(6 * 2 * 128 * 192);
    expect(parameterCount(model).total).toBe(1000 * 192 + 3 * (4 * 192 ** 2 + 2 * 192 * 768 + 4 * 192));
  });

  it('is the example of the documentation', () => {
    const example = encoderGraph({ layers: 2, hidden: 128, heads: 2, ffn: 512, words: 1000 });
    expect(readFileSync('examples/models/encoder.onnx')).toEqual(Buffer.from(onnxFile(example)));
  });

  it('layers stand behind one another as one operator, and what is left out is named', () => {
    expect(operators(model).map(({ name, count }) => `${name} ${count}`)).toContain(
      '/layer.*/ffn/up/product 3',
    );
    expect(model.notes).toEqual(
      expect.arrayContaining([
        'left out, biases: Add ×18',
        'left out, masks of scores: Add ×3',
        'left out, scalings by a constant: Div ×3',
      ]),
    );
  });

  it('runs on every design, with conserved MACs', () => {
    for (const design of ['mugi-256', 'sa-16', 'sd-16', 'carat-256', 'tensor']) {
      const evaluated = evaluatePoint({ design, model });
      expect(evaluated.workload.operators.length).toBeGreaterThan(10);
    }
  });

  it('sizes that the file leaves open are asked for by name', () => {
    const graph = encoderGraph(size);
    expect(() => read(graph)).toThrow(/batch \(ids, axis 0\), sequence \(ids, axis 1\)/);
    expect(() => read(graph, { batch: 2 })).toThrow(/leaves sizes open: sequence/);
    expect(() => read(graph, { ...OPEN, sequnce: 1 })).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ path: 'dims', nearest: 'sequence' }) }),
    );
    expect(() => read(graph, { ...OPEN, batch: -1 })).toThrow(/whole number/);
  });

  it('a size may be a sum or product of names, and have no name', () => {
    const graph = {
      nodes: [{ op: 'MatMul', in: ['x', 'y'], out: ['out'] }],
      inputs: [
        { name: 'x', dims: ['', 'past + 2*new'] },
        { name: 'y', dims: ['total', 16] },
      ],
    };
    expect(() => read(graph)).toThrow(/x\.0.*past \+ 2\*new.*total/);
    const found = operators(read(graph, { 'x.0': 3, past: 4, new: 5, total: 14 }))[0];
    expect(found).toMatchObject({ m: 3, k: 14, n: 16, weights: false });
  });
});

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
    expect(product(graph)).toMatchObject(expected);
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

  it('fused attention: products, softmax, the cache and shared heads', () => {
    const graph: GraphSpec = {
      nodes: [
        {
          op: 'GroupQueryAttention',
          in: ['q', 'k', 'v', 'past', 'past', '', ''],
          out: ['a', 'p', 'r'],
          name: 'gqa',
          domain: 'com.microsoft',
          attributes: { num_heads: 8, kv_num_heads: 2, do_rotary: 1 },
        },
        { op: 'MatMul', in: ['a', 'w'], out: ['y'] },
      ],
      inputs: [
        { name: 'q', dims: [3, 5, 256] },
        { name: 'k', dims: [3, 5, 64] },
        { name: 'v', dims: [3, 5, 64] },
        { name: 'past', dims: [3, 2, 11, 32] },
      ],
      initializers: [{ name: 'w', dims: [256, 100] }],
    };
    expect(operators(read(graph))).toMatchObject([
      { name: 'gqa/rope', elements: 3 * 5 * 10 * 32 },
      { name: 'gqa/q·kT', batch: 6, m: 20, k: 32, n: 16 },
      { name: 'gqa/a·v', batch: 6, m: 20, k: 16, n: 32 },
      { name: 'gqa/softmax', rows: 120, columns: 16 },
      { kind: 'gemm', m: 15, k: 256, n: 100 },
    ]);
  });

  it('SiLU, gates and RMSNorm of single steps', () => {
    const graph: GraphSpec = {
      nodes: [
        { op: 'Pow', in: ['x', 'two'], out: ['xx'] },
        { op: 'ReduceMean', in: ['xx', 'axes'], out: ['mean'] },
        { op: 'Add', in: ['mean', 'eps'], out: ['safe'] },
        { op: 'Sqrt', in: ['safe'], out: ['root'] },
        { op: 'Reciprocal', in: ['root'], out: ['inverse'] },
        { op: 'Mul', in: ['x', 'inverse'], out: ['normal'] },
        { op: 'Mul', in: ['gamma', 'normal'], out: ['n'] },
        { op: 'MatMul', in: ['n', 'wg'], out: ['g'] },
        { op: 'MatMul', in: ['n', 'wu'], out: ['u'] },
        { op: 'Sigmoid', in: ['g'], out: ['s'] },
        { op: 'Mul', in: ['g', 's'], out: ['a'] },
        { op: 'Mul', in: ['a', 'u'], out: ['h'] },
      ],
      inputs: [{ name: 'x', dims: [4, 16] }],
      initializers: [
        { name: 'two', dims: [], data: [2] },
        { name: 'eps', dims: [], data: [1e-6] },
        { name: 'axes', dims: [1], type: 7, data: [-1] },
        { name: 'gamma', dims: [16] },
        { name: 'wg', dims: [16, 32] },
        { name: 'wu', dims: [16, 32] },
      ],
    };
    const model = read(graph);
    expect(operators(model)).toMatchObject([
      { function: 'rmsnorm', elements: 64, divides: 4 },
      { kind: 'gemm', m: 4, k: 16, n: 32 },
      { kind: 'gemm', m: 4, k: 16, n: 32 },
      { function: 'silu', rows: 4, columns: 32 },
      { function: 'gate', elements: 128 },
    ]);
    expect(parameterCount(model).total).toBe(16 + 2 * 16 * 32);
  });
});

describe('files that are refused', () => {
  const whole = onnxFile(encoderGraph({ layers: 1, hidden: 64, heads: 2, ffn: 128, words: 100 }));
  const refusal = (bytes: Uint8Array, dims = OPEN): MugiError => {
    try {
      modelFromOnnx(bytes, 'net.onnx', 'net', dims);
    } catch (error) {
      if (error instanceof MugiError) return error;
      throw error;
    }
    throw new Error('was read');
  };

  it('a file cut anywhere is named with its reason', () => {
    let cut = 0;
    for (let length = 0; length < whole.length - 40; length += 97) {
      const error = refusal(whole.subarray(0, length));
      expect(error.details.path).toContain('net.onnx');
      cut += 1;
    }
    expect(cut).toBeGreaterThan(50);
    expect(refusal(whole.subarray(0, 500)).message).toBe(
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
    expect(refusal(bytes, {} as typeof OPEN).message).toMatch(message);
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
