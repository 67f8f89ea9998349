import { axisTitle, type Spec } from './sweep-plot.ts';

/** A picture of a result, with one sentence on how to read it. */
export interface Picture {
  name: string;
  title: string;
  caption: string;
  spec: Spec;
}

/** A front of more points is drawn by so many of them. */
const MOST = 1500;

/** At most so many of some points, spread over them. */
export const thinned = <T>(all: readonly T[]): T[] => {
  const step = Math.max(1, all.length / MOST);
  return Array.from({ length: Math.min(all.length, MOST) }, (_, i) => all[Math.floor(i * step)]);
};

/** A metric on a logarithmic axis. */
export const metricAxis = (field: string): object => ({
  field,
  type: 'quantitative',
  title: axisTitle(field),
  scale: { type: 'log', base: 10, nice: false, padding: 12 },
  axis: { format: '~g', tickCount: 6 },
});
