import type { Expression } from '../expression.ts';
import type { Scope, Slot } from './elaborate.ts';

/**
 * JavaScript source of an expression. Values of up to 32 bits are int32 numbers (32-bit ones may be negative),
 * wider ones are bigints; each operation masks its result only where it can exceed its width.
 */
export class ExpressionCompiler {
  readonly #scope: Scope;
  readonly #load: (slot: Slot) => string;

  constructor(scope: Scope, load: (slot: Slot) => string) {
    this.#scope = scope;
    this.#load = load;
  }

  /** Source of the value in its own representation; `root` computes a shared expression instead of loading it. */
  source(value: Expression, root = false): string {
    const slot = root ? undefined : this.#slot(value);
    if (slot !== undefined) return this.#load(slot);
    return value.width > 32 ? this.#wide(value) : this.#narrow(value);
  }

  #slot(value: Expression): Slot | undefined {
    return value.signal === undefined ? this.#scope.shared.get(value) : this.#scope.signals.get(value.signal);
  }

  #narrow(value: Expression): string {
    const { op, width, args } = value;
    const code = (i: number) => this.source(args[i]);
    const cut = (source: string) => (width === 32 ? `(${source}|0)` : `(${source}&${mask(width)})`);
    const wideArgs = args.some((arg) => arg.width > 32);
    switch (op) {
      case 'constant':
        return String(Number(BigInt.asIntN(32, value.value)));
      case 'signal':
        return code(0);
      case 'not':
        return width === 32 ? `(~${code(0)})` : `(${code(0)}^${mask(width)})`;
      case 'and':
        return `(${code(0)}&${code(1)})`;
      case 'or':
        return `(${code(0)}|${code(1)})`;
      case 'xor':
        return `(${code(0)}^${code(1)})`;
      case 'add':
        return cut(`(${code(0)}+${code(1)})`);
      case 'sub':
        return cut(`(${code(0)}-${code(1)})`);
      case 'mul':
        return cut(`Math.imul(${code(0)},${code(1)})`);
      case 'eq':
        return `(${code(0)}===${code(1)}?1:0)`;
      case 'lt': {
        const [a, b] = [0, 1].map((i) => (args[i].width === 32 ? `(${code(i)}>>>0)` : code(i)));
        return `(${a}<${b}?1:0)`;
      }
      case 'shiftLeft':
      case 'shiftRight': {
        const shift = op === 'shiftLeft' ? '<<' : '>>>';
        if (args[1].width > 32) return cut(`(${code(1)}>31n?0:${code(0)}${shift}Number(${code(1)}))`);
        const amount = code(1);
        if (args[1].width <= 5) return cut(`(${code(0)}${shift}${amount})`);
        return cut(`(${amount}>>>0>31?0:${code(0)}${shift}${amount})`);
      }
      case 'slice': {
        if (wideArgs) return `Number(BigInt.asIntN(32,(${code(0)}>>${value.from}n)&${mask(width)}n))`;
        const moved = value.from === 0 ? code(0) : `(${code(0)}>>>${value.from})`;
        return value.from > 0 && value.from + width === args[0].width ? moved : cut(moved);
      }
      case 'concat': {
        const [first] = args;
        // One bit repeated: 0 or all ones.
        if (first.width === 1 && args.every((arg) => arg === first)) return cut(`(-${code(0)})`);
        return this.#concat(args, (source, shift) => (shift === 0 ? source : `(${source}<<${shift})`), '0');
      }
      case 'mux':
        return `(${code(0)}!==0?${code(1)}:${code(2)})`;
      case 'select':
        return this.#select(value, '0');
      case 'reduceAnd':
        return wideArgs
          ? `(${code(0)}===${mask(args[0].width)}n?1:0)`
          : `(${code(0)}===${args[0].width === 32 ? -1 : mask(args[0].width)}?1:0)`;
      case 'reduceOr':
        return `(${code(0)}!==${wideArgs ? '0n' : '0'}?1:0)`;
      case 'reduceXor':
        return wideArgs ? `parityWide(${code(0)})` : `parity(${code(0)})`;
      case 'read':
        return `(${this.#memory(value)}[${this.#index(args[0])}]|0)`;
    }
  }

  #wide(value: Expression): string {
    const { op, width, args } = value;
    const code = (i: number) => this.#asWide(args[i]);
    const cut = (source: string) => `(${source}&${mask(width)}n)`;
    switch (op) {
      case 'constant':
        return `${value.value}n`;
      case 'signal':
        return code(0);
      case 'not':
        return `(${code(0)}^${mask(width)}n)`;
      case 'and':
        return `(${code(0)}&${code(1)})`;
      case 'or':
        return `(${code(0)}|${code(1)})`;
      case 'xor':
        return `(${code(0)}^${code(1)})`;
      case 'add':
        return cut(`(${code(0)}+${code(1)})`);
      case 'sub':
        return cut(`(${code(0)}-${code(1)})`);
      case 'mul':
        return `(${code(0)}*${code(1)})`;
      case 'shiftLeft':
        // An amount beyond the width leaves nothing; without the test a huge one would exhaust memory.
        return `(${code(1)}>=${width}n?0n:${cut(`(${code(0)}<<${code(1)})`)})`;
      case 'shiftRight':
        return `(${code(0)}>>${code(1)})`;
      case 'slice':
        return cut(`(${code(0)}>>${value.from}n)`);
      case 'concat':
        return this.#concat(args, (source, shift) => (shift === 0 ? source : `(${source}<<${shift}n)`), '0n');
      case 'mux':
        return `(${this.source(args[0])}!==0?${code(1)}:${code(2)})`;
      case 'select':
        return this.#select(value, '0n');
      case 'read':
        return `(${this.#memory(value)}[${this.#index(args[0])}]??0n)`;
      default:
        throw new Error(`${op} gives one bit, not ${width}`);
    }
  }

  #concat(
    args: readonly Expression[],
    place: (source: string, shift: number) => string,
    zero: string,
  ): string {
    let shift = 0;
    const parts: string[] = [];
    for (const arg of [...args].reverse()) {
      const source = zero === '0n' ? this.#asWide(arg) : this.source(arg);
      if (!(arg.op === 'constant' && arg.value === 0n)) parts.push(place(source, shift));
      shift += arg.width;
    }
    return parts.length === 0 ? zero : `(${parts.join('|')})`;
  }

  /** A binary tree of tests on the selector's bits; options beyond the last are zero. */
  #select(value: Expression, zero: string): string {
    const [selector, ...options] = value.args;
    const index = this.#index(selector);
    const choose = (first: number, bit: number): string => {
      if (first >= options.length) return zero;
      if (bit < 0) return this.source(options[first]);
      const high = choose(first + 2 ** bit, bit - 1);
      const low = choose(first, bit - 1);
      return high === low ? low : `((${index}&${2 ** bit})!==0?${high}:${low})`;
    };
    return choose(0, selector.width - 1);
  }

  #index(value: Expression): string {
    if (value.width > 31) throw new Error('an index must be at most 31 bits wide');
    return this.source(value);
  }

  #memory(value: Expression): string {
    return `m[${this.#scope.memories.get(value.memory!)!.index}]`;
  }

  #asWide(value: Expression): string {
    if (value.width > 32) return this.source(value);
    if (value.op === 'constant') return `${value.value}n`;
    return value.width === 32 ? `BigInt(${this.source(value)}>>>0)` : `BigInt(${this.source(value)})`;
  }
}

/** All ones in `width` bits, as a literal for numbers (up to 31 bits) or, with an `n`, for bigints. */
function mask(width: number): string {
  return String((1n << BigInt(width)) - 1n);
}
