import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluatePoint } from '../../src/question/point.ts';
import { blocksOf } from '../../src/workload/flow/blocks.ts';
import { modelFromConfig } from '../../src/workload/hf-config.ts';
import { macsOf } from '../../src/workload/operator.ts';
import { parameterCount } from '../../src/workload/parameters.ts';
import { workloadOf } from '../../src/workload/workload.ts';
import { encoderGraph } from './encoder.ts';
import { OPEN, operators, read, USE } from './graphs.ts';
import { onnxFile } from './write.ts';

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

  it('has the edges of one layer, around what costs nothing and what is written out in single steps', () => {
    const [stack] = model.stacks;
    if (stack.kind !== 'graph') throw new Error('a graph has a graph');
    const reads = (name: string) => {
      const at = stack.operators.findIndex((one) => one.name === name);
      return stack.edges!.filter(([, to]) => to === at).map(([from]) => stack.operators[from].name);
    };
    expect(reads('/layer.*/scores').toSorted()).toEqual(['/layer.*/k/product', '/layer.*/q/product']);
    expect(reads('/layer.*/values').toSorted()).toEqual(['/layer.*/shares', '/layer.*/v/product']);
    expect(reads('/layer.*/a/product')).toEqual(['/layer.*/values']);
    expect(reads('/layer.*/ffn/up/product')).toEqual(['/layer.*/norm-*/variance']);
    expect(reads('/layer.*/ffn/down/product')).toEqual(['/layer.*/erf']);
    const [block] = blocksOf(model, workloadOf(model, USE), 'prefill');
    expect(block.steps.find(({ id }) => id === '/layer.*/values')!.reads.length).toBe(2);
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
