import { METRICS } from '../../../src/evaluate/metrics.ts';

export const metricOf = (name: string) => METRICS.find((one) => one.name === name);
/** A metric as people call it, with its unit. */
export const titleOf = (name: string): string => {
  const metric = metricOf(name);
  return metric === undefined ? name : `${metric.label}${metric.unit === '' ? '' : `, ${metric.unit}`}`;
};
