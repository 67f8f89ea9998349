import { type Use, workloadFor } from '../question/point.ts';
import { preset } from '../published/preset.ts';
import type { ModelShape } from '../workload/model.ts';
import { macs, macsOf, type Workload } from '../workload/operator.ts';
import { parameterCount } from '../workload/parameters.ts';
import { operatorShape } from './operator-shape.ts';

/**
 * MACs of one decode step of one sequence: of the token at the end of a full context (`longest`, by
 * default the longest that the model is made for). Nothing for models that do not decode.
 */
function decodeStep(
  model: ModelShape,
  use: Use,
  longest?: number,
): { context: number; macs: number } | undefined {
  const decoder = model.stacks.find((stack) => stack.kind === 'decoder');
  if (decoder === undefined) return undefined;
  const wanted = longest ?? decoder.maxContext;
  const context = Math.min(wanted, decoder.learnedPositions ?? wanted);
  const step = { ...use, context, batch: 1, prefill: context - 1 };
  const { operators } = workloadFor(model, step, preset('corrected'));
  return { context, macs: macsOf({ operators: operators.filter(({ phase }) => phase === 'decode') }) };
}

/** One model in a line, under machine names; the rows of `mugi models --json`. */
export function modelSummary(model: ModelShape, use: Use, longest?: number) {
  const { total, active } = parameterCount(model);
  const step = decodeStep(model, use, longest);
  const layers = model.stacks.flatMap((stack) => (stack.kind === 'gemms' ? [] : stack.layers));
  const first = layers[0];
  const attention = first?.attention[0];
  return {
    model: model.name,
    title: model.title,
    stacks: model.stacks.map(({ kind }) => kind).join('+'),
    layers: layers.reduce((sum, { count }) => sum + count, 0),
    hidden: first?.hidden ?? null,
    heads: attention?.heads ?? null,
    kv_heads: attention?.kvHeads ?? null,
    ffn: first?.ffn?.hidden ?? null,
    activation: first?.ffn?.activation ?? null,
    vocabulary:
      model.stacks.map((stack) => (stack.kind === 'decoder' ? stack.vocabulary : 0)).find((n) => n > 0) ??
      null,
    parameters: total,
    active_parameters: active,
    decode_context: step?.context ?? null,
    macs_per_token: step?.macs ?? null,
    source: model.source,
  };
}

/** The operators of a workload as rows. */
export const operatorRows = ({ operators }: Workload) =>
  operators.map((operator) => ({
    phase: operator.phase,
    operator: operator.name,
    kind: operator.kind,
    group: operator.group,
    shape: operatorShape(operator),
    repeat: operator.repeat,
    layers: operator.layers,
    macs: operator.kind === 'gemm' ? macs(operator) * operator.repeat * operator.layers : 0,
  }));
