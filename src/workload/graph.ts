import { addElementwise, cached, linear, nonlinear } from './build.ts';
import type { GraphStack } from './model.ts';
import type { Operator } from './operator.ts';
import type { WorkloadOptions } from './options.ts';

/** One run of a graph; its sizes are fixed, whatever the batch and the context. */
const ONCE = { phase: 'prefill', repeat: 1 } as const;

/**
 * Operators of a graph. Weights have the bits that the file stores them in, or those that are asked for; the second
 * factor of a product of two activations has the bits of a KV cache, as keys and values of an encoder have.
 */
export function graphOperators(stack: GraphStack, options: WorkloadOptions): Operator[] {
  const operators: Operator[] = [];
  for (const one of stack.operators) {
    const at = { ...ONCE, layers: one.count };
    if (one.kind === 'nonlinear') {
      operators.push(nonlinear(one.function, one.name, one.rows, one.columns, at));
    } else if (one.kind === 'elementwise') {
      const { name, elements, multiplies, adds, divides, angles } = one;
      const passes = { multiplies: multiplies / elements, adds: adds / elements };
      addElementwise(operators, options, one.function, name, elements, passes, at, divides, angles);
    } else {
      const { name, group, batch, m, k, n, format } = one;
      // A graph does not say which axis is the tokens'; the longer one is, but for sequences shorter than a head.
      const operand = k <= n ? 'keys' : 'values';
      operators.push(
        one.weights
          ? linear(
              { name, group, ...at, batch, m, k, n },
              options,
              options.oneWidth === true ? undefined : format,
            )
          : cached({ name, operand, ...at, batch, m, k, n, causal: undefined }, options),
      );
    }
  }
  return operators;
}
