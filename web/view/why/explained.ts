import type { Quantity } from '../../../src/evaluate/quantity.ts';
import type { CostRow } from '../../../src/evaluate/why.ts';
import type { Experiment } from '../../../src/question/address.ts';

/** A number that was asked about. */
export interface Explained {
  /** What the number is, and of what. */
  title: string;
  of: string;
  better?: 'higher' | 'lower';
  quantity: Quantity;
  /** Costs that enter, those that weigh most first. */
  sources?: readonly CostRow[];
  /** Prints the number; none where what was measured is no part of the page. */
  command?: string;
}

/**
 * The number that the words of an address ask about: `.why` is the number, `.of` what it is of, `.from` where it
 * stands on its page.
 * @throws MugiError for a number that is not there
 */
export type Explain = (experiment: Experiment) => Explained | Promise<Explained>;
