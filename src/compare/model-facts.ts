import { type Use, workloadFor } from '../question/point.ts';
import { preset } from '../published/preset.ts';
import type { ModelShape } from '../workload/model.ts';
import { macs, macsOf, type Workload } from '../workload/operator.ts';
import { modelNumbers } from '../workload/summary.ts';
import { operatorShape } from './operator-shape.ts';

/**
 * MACs of one decode step of one sequence: of the token at the end of a full context (`longest`, by
 * default the longest that the model is made for). Nothing for models that do not decode.
 */
export function decodeStep(
  model: ModelShape,
  use: Use,
  longest?: number,
): { context: number; macs: number } | undefined {
  const decoder = model.stacks.find((stack) => stack.kind === 'decoder');
  if (decoder === undefined || decoder.head !== undefined) return undefined;
  // A model that states no longest context decodes at the end of the one in use.
  const wanted = longest ?? (Number.isFinite(decoder.maxContext) ? decoder.maxContext : use.context);
  const context = Math.min(wanted, decoder.learnedPositions ?? wanted);
  const step = { ...use, context, batch: 1, prefill: context - 1 };
  const { operators } = workloadFor(model, step, preset('corrected'));
  return { context, macs: macsOf({ operators: operators.filter(({ phase }) => phase === 'decode') }) };
}

/** One model in a line, under machine names; the rows of `mugi models --json`. */
export function modelSummary(model: ModelShape, use: Use, longest?: number) {
  const step = decodeStep(model, use, longest);
  return {
    model: model.name,
    title: model.title,
    stacks: model.stacks.map(({ kind }) => kind).join('+'),
    ...modelNumbers(model, use),
    decode_context: step?.context ?? null,
    macs_per_token: step?.macs ?? null,
    source: model.source,
  };
}

/** A workload as JSON has it: its operators as rows. */
export function workloadFacts(workload: Workload) {
  const { parts: _, ...rest } = workload;
  return { ...rest, operators: operatorRows(workload) };
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
    weight_bits: operator.kind === 'gemm' ? operator.weightBits : null,
    scale_bits: operator.kind === 'gemm' ? (operator.scaleBits ?? 0) : null,
  }));
