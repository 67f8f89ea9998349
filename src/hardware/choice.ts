import { Bits, mux, type Operand } from './bits.ts';
import { describe, invalid } from './explain.ts';

/* Choosing among many values: multiplexers by index and by priority, and balanced trees. */

/**
 * `options[index]`: an n-way multiplexer. There must be 2^width(index) options or fewer; beyond the last: 0.
 * @throws MugiError without options, with more than the index can name, or with different widths
 */
export function select(index: Bits, options: readonly Bits[]): Bits {
  if (options.length === 0 || options.length > 2 ** index.width) {
    throw invalid(
      `select: ${describe(index)} is ${index.width} bits wide and cannot choose among ${options.length} options`,
      index,
    );
  }
  for (const option of options) {
    if (option.width !== options[0].width) {
      throw invalid(
        `select: ${describe(options[0])} is ${options[0].width} bits wide but ${describe(option)} is ${option.width}`,
        index,
      );
    }
  }
  return new Bits('select', options[0].width, [index, ...options]);
}

/** The value of the first case whose condition is high, else `otherwise`: a priority multiplexer. */
export function firstOf(cases: readonly (readonly [Bits, Operand])[], otherwise: Bits): Bits {
  return cases.reduceRight((rest, [condition, value]) => mux(condition, value, rest), otherwise);
}

/**
 * Reduces a list by a balanced tree of `join`, for shallow OR, maximum or adder trees.
 * @throws MugiError for an empty list
 */
export function tree(values: readonly Bits[], join: (a: Bits, b: Bits) => Bits): Bits {
  if (values.length === 0) throw invalid('tree needs at least one value');
  if (values.length === 1) return values[0];
  const half = Math.ceil(values.length / 2);
  return join(tree(values.slice(0, half), join), tree(values.slice(half), join));
}

/**
 * The value whose line is high, zero where none is: AND and OR. At most one line may be high. Unlike `select` it costs
 * nothing while the lines rest.
 */
export function oneOf(lines: readonly Bits[], values: readonly Bits[]): Bits {
  if (lines.length !== values.length) {
    throw invalid(`oneOf: ${lines.length} lines cannot choose among ${values.length} values`);
  }
  return tree(
    values.map((value, i) => value.gate(lines[i])),
    (a, b) => a.or(b),
  );
}
