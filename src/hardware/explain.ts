import { MugiError } from '../errors.ts';
import type { Expression } from './expression.ts';

/** Short text of an expression for error messages: signals by name, other things by shape. */
export function describe(value: Expression, depth = 0): string {
  if (value.signal !== undefined) return `"${value.signal.name}"`;
  if (value.op === 'constant') return `constant ${value.value}`;
  if (depth >= 2) return '…';
  const parts = value.args.slice(0, 3).map((arg) => describe(arg, depth + 1));
  if (value.args.length > 3) parts.push('…');
  const range = value.op === 'slice' ? ` [${value.from + value.width - 1}:${value.from}]` : '';
  return `${value.op}(${parts.join(', ')})${range}`;
}

export function expectBit(what: string, value: Expression): void {
  if (value.width !== 1) {
    throw invalid(`${what}: ${describe(value)} is ${value.width} bits wide but must be 1`, value);
  }
}

/** A mistake of whoever describes the hardware; names the module of the first signal involved. */
export function invalid(message: string, at?: Expression): MugiError {
  return new MugiError({ code: 'invalid-value', message, path: at === undefined ? undefined : owner(at) });
}

function owner(value: Expression): string | undefined {
  if (value.signal !== undefined) return value.signal.module;
  for (const arg of value.args) {
    const name = owner(arg);
    if (name !== undefined) return name;
  }
  return undefined;
}
