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

/** What is measured for a comparison of designs: the methods that they need, in the arithmetic of one that computes VLP. */
export function measuredFor(designs: readonly Design[]): {
  methods: Method[];
  design: Pick<Design, 'arithmetic' | 'array'>;
} {
  const { arithmetic, array } = designs.find((design) => measuredMethod(design) === 'vlp') ?? designs[0];
  return { methods: [...new Set(designs.map(measuredMethod))], design: { arithmetic, array } };
}
