import type { Expression, Signal } from '../expression.ts';

/**
 * Verilog text of expressions. Operands always have exactly the width of their context, so that Verilog's
 * context-determined widths never extend or truncate anything.
 */
export class ExpressionWriter {
  /** Expressions that were given a wire of their own, because Verilog must name them or they are used twice. */
  readonly #names: ReadonlyMap<Expression, string>;

  constructor(names: ReadonlyMap<Expression, string>) {
    this.#names = names;
  }

  /** The text of `value`; `inner` puts parentheses around anything that has an operator. */
  text(value: Expression, inner = false): string {
    const name = this.#names.get(value);
    if (name !== undefined) return name;
    const plain = this.definition(value);
    return inner && !isAtom(value) ? `(${plain})` : plain;
  }

  /** The text that computes `value`, even if it has a name. */
  definition(value: Expression): string {
    const { op, width, args } = value;
    const part = (i: number) => this.text(args[i], true);
    switch (op) {
      case 'constant':
        return literal(value.value, width);
      case 'signal':
        return reference(value.signal!, width - 1, 0);
      case 'not':
        return `~${part(0)}`;
      case 'and':
        return `${part(0)} & ${part(1)}`;
      case 'or':
        return `${part(0)} | ${part(1)}`;
      case 'xor':
        return `${part(0)} ^ ${part(1)}`;
      case 'add':
        return `${part(0)} + ${part(1)}`;
      case 'sub':
        return `${part(0)} - ${part(1)}`;
      case 'mul': {
        const widened = (i: number) => `{${literal(0n, width - args[i].width)}, ${this.text(args[i])}}`;
        return `${widened(0)} * ${widened(1)}`;
      }
      case 'eq':
        return `${part(0)} == ${part(1)}`;
      case 'lt':
        return `${part(0)} < ${part(1)}`;
      case 'shiftLeft':
        return `${part(0)} << ${part(1)}`;
      case 'shiftRight':
        return `${part(0)} >> ${part(1)}`;
      case 'slice': {
        const [of] = args;
        const high = value.from + width - 1;
        if (of.signal !== undefined) return reference(of.signal, high, value.from);
        return range(this.#names.get(of)!, of.width, high, value.from);
      }
      case 'concat':
        return args.every((arg) => arg === args[0])
          ? `{${args.length}{${this.text(args[0])}}}`
          : `{${args.map((_, i) => this.text(args[i])).join(', ')}}`;
      case 'mux':
        return `${part(0)} ? ${part(1)} : ${part(2)}`;
      case 'reduceAnd':
        return `&${part(0)}`;
      case 'reduceOr':
        return `|${part(0)}`;
      case 'reduceXor':
        return `^${part(0)}`;
      case 'select':
      case 'read':
        throw new Error(`${op} always has a name`);
    }
  }
}

export function literal(value: bigint, width: number): string {
  return width <= 4 ? `${width}'d${value}` : `${width}'h${value.toString(16)}`;
}

/** A net or part of it: `name`, `name[3]`, `name[7:4]`. */
export function range(name: string, width: number, high: number, low: number): string {
  if (low === 0 && high === width - 1) return name;
  return high === low ? `${name}[${high}]` : `${name}[${high}:${low}]`;
}

function reference(signal: Signal, high: number, low: number): string {
  return range(signal.net, signal.netWidth, signal.offset + high, signal.offset + low);
}

function isAtom({ op }: Expression): boolean {
  return op === 'signal' || op === 'constant' || op === 'slice' || op === 'concat';
}

/** Whether Verilog needs a named net for `value` to be used as it is. */
export function needsName(value: Expression, asSliceArgument: boolean): boolean {
  if (value.op === 'signal' || value.op === 'constant') return value.op === 'constant' && asSliceArgument;
  return asSliceArgument || value.op === 'select' || value.op === 'read';
}
