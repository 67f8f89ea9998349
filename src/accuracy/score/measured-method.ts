import type { Design } from '../../design/design.ts';
import type { Method } from '../study/methods-list.ts';

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
