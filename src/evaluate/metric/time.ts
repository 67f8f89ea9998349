import type { Evaluation, Totals } from '../evaluation.ts';
import { macsOf, timeOf } from '../parts/operator.ts';
import { given, type Quantity } from '../quantity.ts';
import { everyOne, inPhase, isGemm, isNonlinear, isOther, one, overOperators, quantities } from './define.ts';

function phaseTime({ operators }: Totals, phase: 'prefill' | 'decode'): number {
  let time = 0;
  for (const { operator, time: t } of operators) if (operator.phase === phase) time += t;
  return time;
}

const decodeTime = (evaluation: Evaluation): Quantity => ({
  name: 'time of decode operators',
  value: phaseTime(evaluation, 'decode'),
  unit: 's',
  formula: 'Σ over decode operators of time',
  combine: 'sum',
  parts: () => quantities(inPhase('decode'), timeOf, evaluation),
});

/** Tokens that are decoded: all but the prompts. */
const decoded = ({ workload: { batch, context, prefill } }: Totals): number => batch * (context - prefill);

const decodedTokens = (evaluation: Evaluation): Quantity => {
  const { batch, context, prefill } = evaluation.workload;
  return {
    name: 'decoded tokens',
    value: decoded(evaluation),
    unit: 'token',
    formula: `batch × (context ${context} − prompt ${prefill})`,
    combine: 'product',
    parts: () => [
      given('batch', batch, '', 'the question'),
      given('decoded positions', context - prefill, 'token', 'the question'),
    ],
  };
};

/** Work and time. */
export const TIME = [
  one({
    name: 'tokens',
    label: 'tokens',
    unit: 'token',
    formula: 'batch × context, prompt included (Mugi Table 3 counts so)',
    value: ({ workload }) => workload.tokens,
    combine: 'product',
    parts: ({ workload }) => [
      given('batch', workload.batch, '', 'the question'),
      given('context', workload.context, 'token', 'the question, or the length that the model fixes'),
    ],
  }),
  one({
    name: 'tokens_per_s',
    label: 'throughput',
    unit: 'tokens/s',
    better: 'higher',
    formula: 'tokens / time',
    value: ({ workload, total }) => workload.tokens / total.time,
    combine: 'quotient',
    parts: (_, metric) => [metric('tokens'), metric('time_s')],
  }),
  one({
    name: 'time_s',
    label: 'time',
    unit: 's',
    better: 'lower',
    formula: 'Σ over operators of cycles of their slowest resource / clock; operators run one after another',
    value: ({ total }) => total.time,
    ...overOperators(everyOne, timeOf),
    parts: (_, metric) => [metric('time_gemm_s'), metric('time_nonlinear_s'), metric('time_other_s')],
  }),
  one({
    name: 'time_gemm_s',
    label: 'time of GEMMs',
    unit: 's',
    better: 'lower',
    formula: 'Σ over GEMMs of cycles / clock',
    value: ({ gemm }) => gemm.time,
    ...overOperators(isGemm, timeOf),
  }),
  one({
    name: 'time_nonlinear_s',
    label: 'time of nonlinear functions',
    unit: 's',
    better: 'lower',
    formula: 'Σ over softmax and activations of cycles / clock',
    value: ({ nonlinear }) => nonlinear.time,
    ...overOperators(isNonlinear, timeOf),
  }),
  one({
    name: 'time_other_s',
    label: 'time of other operators',
    unit: 's',
    better: 'lower',
    formula: 'Σ over norms, RoPE, residuals, gate products, KV-cache writes of cycles / clock',
    value: ({ other }) => other.time,
    ...overOperators(isOther, timeOf),
  }),
  one({
    name: 'time_to_first_token_s',
    label: 'time to the first token',
    unit: 's',
    better: 'lower',
    formula: 'Σ over prefill operators of time',
    value: (evaluation) => phaseTime(evaluation, 'prefill'),
    ...overOperators(inPhase('prefill'), timeOf),
  }),
  one({
    // Decode latency: one step makes a token for each sequence of the batch.
    name: 'time_per_output_token_s',
    label: 'latency per token',
    unit: 's',
    better: 'lower',
    formula: 'time of decode operators / (context − prompt)',
    value: (evaluation) =>
      decoded(evaluation) > 0
        ? phaseTime(evaluation, 'decode') / (decoded(evaluation) / evaluation.workload.batch)
        : null,
    combine: 'quotient',
    parts: (evaluation) => [
      decodeTime(evaluation),
      given('decode steps', decoded(evaluation) / evaluation.workload.batch, 'step', 'context − prompt'),
    ],
  }),
  one({
    name: 'decode_tokens_per_s',
    label: 'decode throughput',
    unit: 'tokens/s',
    better: 'higher',
    formula: 'batch × (context − prompt) / time of decode operators',
    value: (evaluation) =>
      decoded(evaluation) > 0 ? decoded(evaluation) / phaseTime(evaluation, 'decode') : null,
    combine: 'quotient',
    parts: (evaluation) => [decodedTokens(evaluation), decodeTime(evaluation)],
  }),
  one({
    name: 'macs',
    label: 'multiply-accumulates',
    unit: 'MAC',
    formula: 'Σ over GEMMs of batch × M × K × N × repeats × layers',
    value: ({ total }) => total.macs,
    ...overOperators(isGemm, macsOf),
  }),
] as const;
