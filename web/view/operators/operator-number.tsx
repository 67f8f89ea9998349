import type { Evaluation, OperatorEvaluation } from '../../../src/evaluate/evaluation.ts';
import { designName } from '../../../src/evaluate/metrics.ts';
import { operatorName } from '../../../src/evaluate/parts/operator.ts';
import { timeShare } from '../../../src/evaluate/share.ts';
import { percent } from '../../../src/present/readable.ts';
import { Num } from '../../part/number.tsx';

interface NumberProps {
  metric: 'time' | 'energy';
  one: OperatorEvaluation;
  evaluation: Evaluation;
}

/** Time or energy of an operator; opens as the part of the metric that sums over operators of its kind. */
export function OperatorNumber({ metric, one, evaluation }: NumberProps) {
  const name = operatorName(one, evaluation);
  const { kind } = one.operator;
  const sum = kind === 'gemm' || kind === 'nonlinear' ? kind : 'other';
  const unit = metric === 'time' ? 's' : 'J';
  return (
    <Num
      value={one[metric]}
      metric={`${metric}_${sum}_${unit}/${name}`}
      label={`${metric} of ${name}`}
      design={designName(evaluation)}
    />
  );
}

interface FigureProps {
  /** What `operatorFigure` knows. */
  figure: string;
  value: number;
  text?: string;
  one: OperatorEvaluation;
  evaluation: Evaluation;
}

/** Another figure of an operator: its share, its utilisation, its bytes, the cycles of a resource. */
export const OperatorFigure = ({ figure, value, text, one, evaluation }: FigureProps) => (
  <Num
    value={value}
    metric={figure}
    label={`${figure} of ${operatorName(one, evaluation)}`}
    design={() =>
      new URLSearchParams({
        design: designName(evaluation),
        at: String(evaluation.operators.indexOf(one)),
      }).toString()
    }
    words={designName(evaluation)}
    from="operator"
    text={text}
  />
);

interface ShareProps {
  /** Seconds. */
  time: number;
  /** What takes the time: words of the address behind the design. */
  of: Readonly<Record<string, string>>;
  label: string;
  evaluation: Evaluation;
}

/** A share of the time of the inference. */
export const Share = ({ time, of, label, evaluation }: ShareProps) => (
  <Num
    value={timeShare(time, evaluation)}
    metric="share"
    label={`share of ${label} in the time`}
    design={new URLSearchParams({ design: designName(evaluation), ...of }).toString()}
    words={designName(evaluation)}
    from="share"
    of="derived"
    text={percent(time, evaluation.total.time)}
  />
);
