import { addElementwise, addTransfer, type At, cached, linear, nonlinear } from './build.ts';
import { keyExtents } from './keys.ts';
import type { Attention, Indexer, LayerSpec } from './model.ts';
import { type Operator, total } from './operator.ts';
import type { WorkloadOptions } from './options.ts';

/** A sigmoid of another projection weighs the attention's result; a sigmoid costs what silu costs without its product. */
export function gateOperators(
  hidden: number,
  width: number,
  m: number,
  at: At,
  options: WorkloadOptions,
): Operator[] {
  const operators: Operator[] = [
    linear({ name: 'output-gate', group: 'projection', ...at, m, k: hidden, n: width }, options),
    nonlinear('silu', 'output-gate-sigmoid', width, m, at),
  ];
  addElementwise(operators, options, 'gate', 'output-gate-product', m * width, { multiplies: 1 }, at);
  return operators;
}

/**
 * Lightning indexer (DeepSeek V3.2): every query meets all keys in a few small heads, and the sum of their ReLUs,
 * weighed, chooses the keys that attention then sees. The choice itself (a top-k) is not counted.
 */
export function indexOperators(
  layer: LayerSpec,
  indexer: Indexer,
  options: WorkloadOptions,
  at: At,
): Operator[] {
  if (indexer.shared === true) return [];
  const { heads, dim, queryRank } = indexer;
  const { batch, prefill, context } = options;
  const { phase, layers } = at;
  const m = batch * (phase === 'prefill' ? prefill : 1);
  const shape = { group: 'projection', ...at, m } as const;
  const operators: Operator[] = [
    linear({ ...shape, name: 'index-q', k: queryRank, n: heads * dim }, options),
    linear({ ...shape, name: 'index-k', k: layer.hidden, n: dim }, options),
  ];
  if (indexer.unweighted !== true) {
    operators.push(linear({ ...shape, name: 'index-weight', k: layer.hidden, n: heads }, options));
  }
  addTransfer(operators, options, 'index-write', { elements: m * dim, vectors: m }, at);
  const all: Attention = { heads, kvHeads: 1, headDim: dim };
  for (const { keys, positions, products, times } of keyExtents(all, phase, prefill, context)) {
    const rows = batch * products * heads * positions;
    const every = { phase, layers, repeat: times };
    operators.push(
      cached(
        {
          ...every,
          name: 'index-q·kT',
          operand: 'keys',
          batch: batch * products,
          m: heads * positions,
          k: dim,
          n: keys,
          causal: phase === 'prefill' && positions > 1 ? { axis: 'n', rowsPerPosition: heads } : undefined,
        },
        options,
      ),
      nonlinear('relu', 'index-relu', rows, keys, every),
    );
    const sums = rows * total(keys);
    addElementwise(operators, options, 'combine', 'index-sum', sums, { multiplies: 1, adds: 1 }, every);
  }
  return operators;
}
