import { useDeferredValue } from 'react';
import type { Comparison } from '../../../src/compare/comparison.ts';
import { comparisonPlots } from '../../../src/compare/comparison-plots.ts';
import { Figure } from '../../figure/figure.tsx';

/** The figures of a comparison, which follow the table when there is time. */
export default function Figures({ result }: { result: Comparison }) {
  const late = useDeferredValue(result);
  return comparisonPlots(late).map((plot) => <Figure key={plot.name} plot={plot} />);
}
