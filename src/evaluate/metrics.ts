import { JOULES_PER_MEGAJOULE, milliwatts, milliwattsToWatts, picojoulesToJoules } from '../units.ts';
import { meshedName } from '../design/design.ts';
import { componentUse } from './components.ts';
import { fabricationPerArea, gramsPerJoule, shareOfLife } from './parts/carbon.ts';
import type { Evaluation, Metric, OperatorEvaluation, Preset, Totals } from './evaluation.ts';
import { costSource, dramBits, energyOf, macsOf, timeOf, trafficOf } from './parts/operator.ts';
import { given, type Quantity } from './quantity.ts';

type Which = (operator: OperatorEvaluation) => boolean;
const isGemm: Which = ({ operator }) => operator.kind === 'gemm';
const isNonlinear: Which = (one) => !isGemm(one) && one.operator.group === 'nonlinear';
const isOther: Which = (one) => !isGemm(one) && !isNonlinear(one);
const inPhase =
  (phase: 'prefill' | 'decode'): Which =>
  ({ operator }) =>
    operator.phase === phase;
const everyOne: Which = () => true;

type OfOperator = (one: OperatorEvaluation, evaluation: Evaluation) => Quantity;

const quantities = (which: Which, quantity: OfOperator, evaluation: Evaluation): Quantity[] =>
  evaluation.operators.filter(which).map((one) => quantity(one, evaluation));

/** A metric of time, energy or work that sums over some operators. */
const overOperators = (which: Which, quantity: OfOperator): Pick<Metric, 'combine' | 'over' | 'parts'> => ({
  combine: 'sum',
  over: (one, evaluation) => (which(one) ? quantity(one, evaluation).value : 0),
  parts: (evaluation) => quantities(which, quantity, evaluation),
});

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

const onChip = ({ total, leakage }: Totals): number => total.energy + leakage * total.time;

/** Tokens a second and a megajoule. */
export const energyEfficiency = (tokensPerSecond: number, energy: number): number =>
  (tokensPerSecond / energy) * JOULES_PER_MEGAJOULE;

const one = <const Name extends string>(metric: Metric<Name>): Metric<Name> => metric;

/** Every figure of merit, in the order of the output; the contract of `mugi evaluate --json`. */
export const METRICS = [
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
  one({
    name: 'energy_gemm_J',
    label: 'dynamic energy of GEMMs',
    unit: 'J',
    better: 'lower',
    formula: 'Σ over GEMMs of events × activations × energy per activation, plus SRAM accesses and routers',
    value: ({ gemm }) => gemm.energy,
    ...overOperators(isGemm, energyOf),
  }),
  one({
    name: 'energy_nonlinear_J',
    label: 'dynamic energy of nonlinear functions',
    unit: 'J',
    better: 'lower',
    formula: 'the same over softmax and activations',
    value: ({ nonlinear }) => nonlinear.energy,
    ...overOperators(isNonlinear, energyOf),
  }),
  one({
    name: 'energy_other_J',
    label: 'dynamic energy of other operators',
    unit: 'J',
    better: 'lower',
    formula: 'the same over element-wise operators and transfers',
    value: ({ other }) => other.energy,
    ...overOperators(isOther, energyOf),
  }),
  one({
    name: 'energy_dynamic_J',
    label: 'dynamic energy',
    unit: 'J',
    better: 'lower',
    formula: 'GEMM + nonlinear + other',
    value: ({ total }) => total.energy,
    ...overOperators(everyOne, energyOf),
    parts: (_, metric) => [metric('energy_gemm_J'), metric('energy_nonlinear_J'), metric('energy_other_J')],
  }),
  one({
    name: 'energy_leakage_J',
    label: 'leakage energy',
    unit: 'J',
    better: 'lower',
    formula: 'leakage × time',
    value: ({ leakage, total }) => leakage * total.time,
    combine: 'product',
    parts: (_, metric) => [metric('leakage_W'), metric('time_s')],
  }),
  one({
    name: 'energy_J',
    label: 'energy',
    unit: 'J',
    better: 'lower',
    formula: 'dynamic + leakage, on-chip',
    value: onChip,
    combine: 'sum',
    parts: (_, metric) => [metric('energy_dynamic_J'), metric('energy_leakage_J')],
  }),
  one({
    name: 'energy_dram_J',
    label: 'energy of off-chip traffic',
    unit: 'J',
    better: 'lower',
    formula: 'off-chip bits × energy per bit',
    value: ({ total }) => total.dram,
    over: (operator, { environment }) =>
      dramBits(operator) * picojoulesToJoules(environment.dramPicojoulesPerBit),
    combine: 'product',
    parts: (evaluation) => [
      {
        name: 'off-chip bits',
        value: evaluation.operators.reduce((sum, operator) => sum + dramBits(operator), 0),
        unit: 'bit',
        formula: 'Σ over operators',
        combine: 'sum',
        parts: () => quantities(everyOne, trafficOf, evaluation),
      },
      given(
        'energy per bit',
        picojoulesToJoules(evaluation.environment.dramPicojoulesPerBit),
        'J/bit',
        "the question; by default HBM2, O'Connor et al., MICRO 2017",
      ),
    ],
  }),
  one({
    name: 'energy_per_token_with_dram_J',
    label: 'energy per token with DRAM',
    unit: 'J',
    better: 'lower',
    formula: '(energy + energy of off-chip traffic) / tokens',
    value: (evaluation) => (onChip(evaluation) + evaluation.total.dram) / evaluation.workload.tokens,
    combine: 'quotient',
    parts: (evaluation, metric) => [
      {
        name: 'energy with DRAM',
        value: onChip(evaluation) + evaluation.total.dram,
        unit: 'J',
        formula: 'energy + energy of off-chip traffic',
        combine: 'sum',
        parts: () => [metric('energy_J'), metric('energy_dram_J')],
      },
      metric('tokens'),
    ],
  }),
  one({
    name: 'energy_per_token_J',
    label: 'energy per token, on chip',
    unit: 'J',
    better: 'lower',
    formula: 'energy / tokens',
    value: (evaluation) => onChip(evaluation) / evaluation.workload.tokens,
    combine: 'quotient',
    parts: (_, metric) => [metric('energy_J'), metric('tokens')],
  }),
  one({
    name: 'tokens_per_J',
    label: 'tokens per joule',
    unit: 'tokens/J',
    better: 'higher',
    formula: 'tokens / energy',
    value: (evaluation) => evaluation.workload.tokens / onChip(evaluation),
    combine: 'quotient',
    parts: (_, metric) => [metric('tokens'), metric('energy_J')],
  }),
  one({
    name: 'leakage_W',
    label: 'leakage',
    unit: 'W',
    better: 'lower',
    formula: 'Σ over components of count × leakage',
    value: ({ leakage }) => leakage,
    combine: 'sum',
    parts: (evaluation) =>
      byComponent(evaluation, 'W', ({ leakage_mW }) => milliwattsToWatts(milliwatts(leakage_mW))),
  }),
  one({
    name: 'power_W',
    label: 'power',
    unit: 'W',
    better: 'lower',
    formula: 'energy / time',
    value: (evaluation) => onChip(evaluation) / evaluation.total.time,
    combine: 'quotient',
    parts: (_, metric) => [metric('energy_J'), metric('time_s')],
  }),
  one({
    name: 'area_mm2',
    label: 'area',
    unit: 'mm²',
    better: 'lower',
    formula: 'Σ over components of count × area, DRAM left out',
    value: ({ area }) => area,
    combine: 'sum',
    parts: (evaluation) => byComponent(evaluation, 'mm²', ({ area_mm2 }) => area_mm2),
  }),
  one({
    name: 'energy_efficiency_tokens_per_s_per_MJ',
    label: 'energy efficiency',
    unit: 'tokens/s/MJ',
    better: 'higher',
    formula: 'tokens per second / energy in MJ (printed as tokens/s/µJ in Mugi Table 3)',
    value: (evaluation) =>
      energyEfficiency(evaluation.workload.tokens / evaluation.total.time, onChip(evaluation)),
    combine: 'quotient',
    parts: (_, metric) => [
      metric('tokens_per_s'),
      metric('energy_J'),
      given('megajoules in a joule', 1 / JOULES_PER_MEGAJOULE, 'MJ/J', 'definition'),
    ],
  }),
  one({
    name: 'power_efficiency_tokens_per_s_per_W',
    label: 'power efficiency',
    unit: 'tokens/s/W',
    better: 'higher',
    formula: 'tokens per second / power',
    value: (evaluation) => {
      const { workload, total } = evaluation;
      return workload.tokens / total.time / (onChip(evaluation) / total.time);
    },
    combine: 'quotient',
    parts: (_, metric) => [metric('tokens_per_s'), metric('power_W')],
  }),
  one({
    name: 'energy_delay_product_Js',
    label: 'energy-delay product',
    unit: 'J·s',
    better: 'lower',
    formula: 'energy × time',
    value: (evaluation) => onChip(evaluation) * evaluation.total.time,
    combine: 'product',
    parts: (_, metric) => [metric('energy_J'), metric('time_s')],
  }),
  one({
    name: 'operational_gCO2e',
    label: 'operational carbon',
    unit: 'gCO₂e',
    better: 'lower',
    formula: 'on-chip energy × carbon per joule (DRAM left out)',
    value: ({ carbon }) => carbon.operationalTotal,
    combine: 'product',
    parts: (evaluation, metric) => [metric('energy_J'), gramsPerJoule(evaluation)],
  }),
  one({
    name: 'embodied_gCO2e',
    label: 'embodied carbon',
    unit: 'gCO₂e',
    better: 'lower',
    formula: 'fabrication × time / lifetime',
    value: ({ carbon }) => carbon.embodied,
    combine: 'product',
    parts: (evaluation, metric) => [metric('fabrication_gCO2e'), shareOfLife(evaluation, metric('time_s'))],
  }),
  one({
    name: 'fabrication_gCO2e',
    label: 'carbon of fabrication',
    unit: 'gCO₂e',
    better: 'lower',
    formula: 'area × fabrication energy per mm² × carbon per joule',
    value: ({ carbon }) => carbon.fabrication,
    combine: 'product',
    parts: (evaluation, metric) => [
      metric('area_mm2'),
      fabricationPerArea(evaluation),
      gramsPerJoule(evaluation),
    ],
  }),
] as const;

type Part = ReturnType<typeof componentUse>[number];

/** Area or leakage by component: instances times what one has. */
function byComponent(evaluation: Evaluation, unit: string, of: (part: Part) => number): Quantity[] {
  return componentUse(evaluation, []).map((part) => ({
    name: part.name,
    value: of(part),
    unit,
    component: part.name,
    formula: `${part.count} of class ${part.class}`,
    combine: 'product',
    parts: () => [
      given('instances', part.count, '', 'what the design is made of'),
      given('one of them', of(part) / part.count, unit, costSource(evaluation, part.name, part.class)),
    ],
  }));
}

export type MetricName = (typeof METRICS)[number]['name'];
/** Metrics of decoding, which an inference without a decoder lacks. */
type Absent = 'time_per_output_token_s' | 'decode_tokens_per_s';
type Values = { [Name in MetricName]: Name extends Absent ? number | null : number };

/** The metrics of a preset, some of which its changes may define otherwise. */
export const metricsOf = ({ changes }: Pick<Preset, 'changes'>): readonly Metric[] =>
  METRICS.map((metric: Metric) => changes.metric.find(({ name }) => name === metric.name) ?? metric);

/** What an evaluation is of, beside its metrics. */
export const facts = (evaluation: Evaluation) => ({
  design: designName(evaluation),
  model: evaluation.workload.model,
  batch: evaluation.workload.batch,
  context: evaluation.workload.context,
  prefill: evaluation.workload.prefill,
  preset: evaluation.preset.name,
  technology: evaluation.priced.technology.name,
});

export type Metrics = ReturnType<typeof facts> & Values;

/** The figures of merit of one evaluation under their names, behind what they are of. */
export function metrics(evaluation: Evaluation): Metrics {
  const values = metricsOf(evaluation.preset).map(({ name, value }) => [name, value(evaluation)]);
  return { ...facts(evaluation), ...(Object.fromEntries(values) as Values) };
}

/** Name of the design of an evaluation, its mesh included: `mugi-256@4x4`. */
export const designName = ({ priced }: Pick<Evaluation, 'priced'>): string => meshedName(priced.design);
