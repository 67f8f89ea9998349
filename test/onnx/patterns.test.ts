import { describe, expect, it } from 'vitest';
import { parameterCount } from '../../src/workload/parameters.ts';
import { operators, read } from './graphs.ts';
import type { GraphSpec } from './write.ts';

describe('nodes and groups of nodes that stand for several operators', () => {
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
