import { type Plan, readPlan } from '../../accuracy/plan/plan-file.ts';
import {
  checkMatrices,
  checkPlan,
  plannedPrecision,
  plannedUse,
} from '../../accuracy/plan/planned-precision.ts';
import type { Precision } from '../../accuracy/score/precision.ts';
import type { OpenedModel } from '../../model/load.ts';
import type { Holding } from '../../model/weight/holding.ts';
import type { LoadedModel } from '../../model/model.ts';
import type { ArithmeticFlags } from '../options/arithmetic-flags.ts';
import { remark } from '../options/output.ts';
import { arithmeticOf } from './arithmetic.ts';

/** The plan that `--plan` names, checked against the model before its weights are read. */
export function planOf(
  { plan: path }: Pick<ArithmeticFlags, 'plan'>,
  opened: Pick<OpenedModel, 'config' | 'name' | 'matrices'>,
): Plan | undefined {
  if (path === undefined) return undefined;
  const plan = readPlan(path);
  checkPlan(plan, opened.config, path);
  checkMatrices(plan, opened, path);
  if (plan.model !== opened.name)
    remark(`note: the plan of ${path} was made for ${plan.model}, not for ${opened.name}`);
  return plan;
}

/** How weights are held where no stored matrix is computed with: each as the arithmetic takes it. */
export function holdingOf(
  flags: ArithmeticFlags,
  { config }: Pick<OpenedModel, 'config'>,
  plan: Plan | undefined,
): Holding {
  const { precision } = arithmeticOf(flags);
  const { weights, head, group } = precision;
  const matrices = plan?.matrices ?? [];
  return {
    layers: plannedUse({ weights, group }, matrices, config),
    head: head === 'int4' ? { type: 'int4', group } : { type: 'stored' },
  };
}

/** The precision that the flags name, with what a plan says of matrices, keys and values. */
export function precisionFrom(flags: ArithmeticFlags, model: LoadedModel, plan: Plan | undefined): Precision {
  const { precision } = arithmeticOf(flags);
  return plan === undefined ? precision : plannedPrecision(precision, plan, model, flags.plan!);
}
