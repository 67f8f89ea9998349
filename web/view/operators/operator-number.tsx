import type { Evaluation, OperatorEvaluation } from '../../../src/evaluate/evaluation.ts';
import { designName } from '../../../src/evaluate/metrics.ts';
import { operatorName } from '../../../src/evaluate/parts/operator.ts';
import { readable } from '../../../src/present/readable.ts';
import { Num } from '../../part/number.tsx';

interface NumberProps {
  metric: 'time' | 'energy';
  one: OperatorEvaluation;
  evaluation: Evaluation;
}

/** Time or energy of an operator; opens as the part of the metric that sums over operators of its kind. */
export function OperatorNumber({ metric, one, evaluation }: NumberProps) {
  const value = one[metric];
  const name = operatorName(one, evaluation);
  // A path of parts cannot go through a name that holds its separator, as names of graph files do.
  if (name.includes('/')) return <data value={value}>{readable(value)}</data>;
  const { kind } = one.operator;
  const sum = kind === 'gemm' || kind === 'nonlinear' ? kind : 'other';
  const unit = metric === 'time' ? 's' : 'J';
  return (
    <Num
      value={value}
      metric={`${metric}_${sum}_${unit}/${name}`}
      label={`${metric} of ${name}`}
      design={designName(evaluation)}
    />
  );
}
