/** How the parts of a quantity give its value: the first part over the product of the others, in a quotient. */
export type Combine = 'sum' | 'product' | 'quotient' | 'maximum' | 'geometric-mean';

/** A number with where it comes from. Parts are made when asked for: all of a model's would be thousands. */
export interface Quantity {
  name: string;
  value: number;
  unit: string;
  /** How the value comes about, with the sizes of this case filled in where that says more. */
  formula?: string;
  /** Table, paper or assumption that a value without parts is taken from. */
  source?: string;
  /** The component of the design whose cost this is. */
  component?: string;
  combine?: Combine;
  parts?: () => Quantity[];
}

/** The value that parts of these values have together. */
export function combined(combine: Combine, values: readonly number[]): number {
  const [first, ...rest] = values;
  switch (combine) {
    case 'sum':
      return values.reduce((sum, value) => sum + value, 0);
    case 'product':
      return values.reduce((product, value) => product * value, 1);
    case 'quotient':
      return first / rest.reduce((product, value) => product * value, 1);
    case 'maximum':
      return Math.max(...values);
    case 'geometric-mean':
      return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
  }
}

/** Words for how parts combine. */
export const COMBINE_WORDS: Readonly<Record<Combine, string>> = {
  sum: 'sum of its parts',
  product: 'product of its parts',
  quotient: 'the first part over the others',
  maximum: 'the largest part',
  'geometric-mean': 'geometric mean of its parts',
};

/** A quantity that is given, not computed from others. */
export const given = (name: string, value: number, unit: string, source: string): Quantity => ({
  name,
  value,
  unit,
  source,
});

/** Two ways to one number agree, but for the order of rounding. */
export const agrees = (a: number, b: number): boolean =>
  Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));

/**
 * How much each component's cost weighs in a quantity: its share of sums, all of products and quotients, nothing
 * of what a maximum leaves behind.
 */
export function weightsOf(
  quantity: Quantity,
  share = 1,
  into = new Map<string, number>(),
): Map<string, number> {
  if (quantity.component !== undefined) {
    into.set(quantity.component, (into.get(quantity.component) ?? 0) + share);
    return into;
  }
  const parts = quantity.parts?.() ?? [];
  for (const part of parts) {
    const own = quantity.combine === 'sum' ? part.value / quantity.value : 1;
    const counts = quantity.combine !== 'maximum' || part.value === quantity.value;
    if (counts && own > 0) weightsOf(part, share * own, into);
  }
  return into;
}

const of =
  (combine: Combine) =>
  (name: string, unit: string, formula: string, parts: Quantity[]): Quantity => ({
    name,
    value: combined(
      combine,
      parts.map(({ value }) => value),
    ),
    unit,
    formula,
    combine,
    parts: () => parts,
  });

/** A quantity that its parts give: their product, their sum, the first over the others, their geometric mean. */
export const product = of('product');
export const sum = of('sum');
export const quotient = of('quotient');
export const geometric = of('geometric-mean');

/** A quantity made of parts, which are checked: where they do not give the value, it stands without them. */
export function made(
  of: Omit<Quantity, 'parts' | 'combine'>,
  combine: Combine,
  parts: () => Quantity[],
  otherwise: string,
): Quantity {
  const values = parts().map(({ value }) => value);
  if (agrees(combined(combine, values), of.value)) return { ...of, combine, parts };
  return { ...of, formula: undefined, source: otherwise };
}
