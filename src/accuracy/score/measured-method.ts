import { computedBy } from '../../design/computed.ts';
import type { Design } from '../../design/design.ts';
import type { Method } from '../study/methods.ts';

/** What a design's nonlinear unit computes, as a method whose accuracy is measured. */
const MEASURED_AS: Readonly<Record<Design['method'], Method>> = {
  vlp: 'vlp',
  // Mugi-L looks up the entries that VLP selects, but for groups whose exponents span more than VLP's window of eight.
  lut: 'vlp',
  precise: 'exact',
  pwl: 'pwl',
  taylor: 'taylor',
};

export const measuredMethod = ({ method }: Pick<Design, 'method'>): Method => MEASURED_AS[method];

/** The design of a comparison in whose arithmetic, functions apart, all losses are measured: the first that computes VLP. */
export const measuredIn = (designs: readonly Design[]): Design =>
  designs.find((design) => measuredMethod(design) === 'vlp') ?? designs[0];

/** Whether a design computes what is measured for it in the arithmetic of another. */
export function measuredAs(design: Design, { arithmetic, array }: Design): boolean {
  const asMeasured = computedBy({ method: design.method, arithmetic, array });
  return JSON.stringify(computedBy(design)) === JSON.stringify(asMeasured);
}

/** What is measured for a comparison of designs: the methods that they need, each once. */
export function measuredFor(designs: readonly Design[]): {
  methods: Method[];
  design: Pick<Design, 'arithmetic' | 'array'>;
} {
  const { arithmetic, array } = measuredIn(designs);
  return { methods: [...new Set(designs.map(measuredMethod))], design: { arithmetic, array } };
}
