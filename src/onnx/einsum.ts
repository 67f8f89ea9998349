import type { Value } from './value.ts';

/** A product of two tensors as einsum writes it, seen as `batch` GEMMs of [m, k] × [k, n]. */
export interface Contraction {
  shape: number[];
  batch: number;
  m: number;
  k: number;
  n: number;
}

/** Sizes of an einsum equation: of its result, and of the GEMM of its first two inputs. Undefined where it has others. */
export function einsum(equation: string, inputs: readonly (Value | undefined)[]): Contraction | undefined {
  const [left = '', right] = equation.replaceAll(/\s/g, '').split('->');
  const terms = left.split(',');
  if (terms.length !== inputs.length || terms.length > 2 || left.includes('.')) return undefined;
  const sizes = new Map<string, number>();
  for (const [i, term] of terms.entries()) {
    const shape = inputs[i]?.shape;
    if (shape?.length !== term.length) return undefined;
    [...term].forEach((letter, axis) => sizes.set(letter, Math.max(sizes.get(letter) ?? 1, shape[axis])));
  }
  const once = (letter: string): boolean => left.split(letter).length === 2;
  const result = right ?? [...new Set(left.replaceAll(',', ''))].filter(once).sort().join('');
  if ([...result].some((letter) => !sizes.has(letter))) return undefined;
  const product = (letters: readonly string[]): number =>
    letters.reduce((all, letter) => all * sizes.get(letter)!, 1);
  const [a, b = ''] = terms;
  const letters = [...sizes.keys()];
  const kept = (letter: string): boolean => result.includes(letter);
  return {
    shape: [...result].map((letter) => sizes.get(letter)!),
    batch: product(letters.filter((one) => a.includes(one) && b.includes(one) && kept(one))),
    m: product(letters.filter((one) => a.includes(one) && !b.includes(one))),
    k: product(letters.filter((one) => a.includes(one) && b.includes(one) && !kept(one))),
    n: product(letters.filter((one) => !a.includes(one) && b.includes(one))),
  };
}
