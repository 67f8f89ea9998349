import { type Bits, concat } from '../../hardware/bits.ts';
import { oneOf } from '../../hardware/choice.ts';
import type { ModuleBuilder } from '../../hardware/module.ts';
import { addWithCarry } from '../../hardware/units/shift.ts';
import { SUM_BITS } from '../figna/figna-pe.ts';
import { PRODUCT_BITS } from './integer-products.ts';

/*
 * Integer sums whose sign bits rest. A product p enters as 2^15 + p, which is never negative, and its two's complement needs
 * one more place and a carry; what all the 2^15 add up to is known, and taken off when the sums leave. Sums wrap: those of 256
 * products fit.
 */

/** A product without the carry that belongs to it. */
export interface Term {
  /** 2^15 + p, less one where the carry is high. */
  value: Bits;
  carry: Bits;
}

export const termOf = ({ magnitude, negative }: { magnitude: Bits; negative: Bits }): Term => ({
  value: concat(negative.not(), magnitude.xor(negative.repeat(PRODUCT_BITS))),
  carry: negative,
});

/** Bits of a product that is raised by 2^15. */
export const TERM_BITS = PRODUCT_BITS + 1;

/** Bits of the sum of so many terms, a power of two, with the carry that goes with it: each level of the tree adds one. */
export const termsBits = (terms: number): number => TERM_BITS + Math.log2(terms) + 1;

/** Products that a sum holds at most: each is raised by 2^15, and less than 2^16 then. */
export const MOST_TERMS = 2 ** (SUM_BITS - TERM_BITS);

/** a + b + carry, one bit wider than both. */
const joined = (a: Bits, b: Bits, carry: Bits): Bits => {
  const width = Math.max(a.width, b.width) + 1;
  return addWithCarry(a.extend(width), b.extend(width), carry);
};

/** The sum with a term. */
export const plusTerm = (sum: Bits, { value, carry }: Term): Bits =>
  addWithCarry(sum, value.extend(SUM_BITS), carry);

/**
 * The sum of a dot product's terms, an even number of them, in two registered steps: pairs, then all of them. Each adder takes
 * the carry of one term, and the one that is left goes with the sum.
 */
export function dotTerm(m: ModuleBuilder, terms: readonly Term[], work: readonly [Bits, Bits]): Term {
  const pairs = terms.flatMap((term, i) => {
    if (i % 2 === 1) return [];
    const other = terms[i + 1];
    const sum = joined(term.value, other.value, term.carry);
    return [
      {
        value: m.delay(`pair_${i / 2}`, sum, { enable: work[0] }),
        carry: m.delay(`pair_carry_${i / 2}`, other.carry, { enable: work[0] }),
      },
    ];
  });
  let level: readonly Term[] = pairs;
  while (level.length > 1) {
    level = Array.from({ length: level.length / 2 }, (_, i) => {
      const [a, b] = [level[2 * i], level[2 * i + 1]];
      return { value: joined(a.value, b.value, a.carry), carry: b.carry };
    });
  }
  const [{ value, carry }] = level;
  return {
    value: m.delay('products', value, { enable: work[1] }),
    carry: m.delay('products_carry', carry, { enable: work[1] }),
  };
}

/** Sums of a row in registers that stand still, read and written by one-hot lines. */
export function heldSums(
  m: ModuleBuilder,
  width: number,
  read: readonly Bits[],
  write: readonly Bits[],
): { head: Bits; next(sum: Bits): void } {
  const sums = write.map((line, i) => m.register(`sum_${i}`, width, { enable: line }));
  return {
    head: oneOf(read, sums),
    next: (sum) => {
      for (const slot of sums) slot.next(sum);
    },
  };
}
