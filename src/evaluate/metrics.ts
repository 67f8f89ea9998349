import type { Evaluation } from './evaluation.ts';

/** The figures of merit of one evaluation under their machine names; the contract of `mugi evaluate --json`. */
export function metrics(evaluation: Evaluation) {
  const { workload, preset, priced, gemm, nonlinear, other, total, leakage, area, carbon } = evaluation;
  const { repairs } = preset;
  const time = total.time;
  const leaked = leakage * time;
  const onChip = total.energy + leaked;
  const rate = workload.tokens / time;
  const decoded = workload.batch * (workload.context - workload.prefill);
  const prefillTime = phaseTime(evaluation, 'prefill');
  const decodeTime = phaseTime(evaluation, 'decode');
  return {
    design: designName(evaluation),
    model: workload.model,
    batch: workload.batch,
    context: workload.context,
    prefill: workload.prefill,
    preset: preset.name,
    technology: priced.technology.name,
    tokens: workload.tokens,
    tokens_per_s: rate,
    time_s: time,
    time_gemm_s: gemm.time,
    time_nonlinear_s: nonlinear.time,
    time_other_s: other.time,
    time_to_first_token_s: prefillTime,
    /** Decode latency: one step makes a token for each sequence of the batch. */
    time_per_output_token_s: decoded > 0 ? decodeTime / (decoded / workload.batch) : null,
    decode_tokens_per_s: decoded > 0 ? decoded / decodeTime : null,
    macs: total.macs,
    energy_gemm_J: gemm.energy,
    energy_nonlinear_J: nonlinear.energy,
    energy_other_J: other.energy,
    energy_dynamic_J: total.energy,
    energy_leakage_J: leaked,
    energy_J: onChip,
    energy_dram_J: total.dram,
    /** As published: dynamic energy over the context length, not over all tokens of the batch (quirk Q12). */
    energy_per_token_J: repairs['energy-per-token']
      ? onChip / workload.tokens
      : total.energy / workload.context,
    tokens_per_J: workload.tokens / onChip,
    leakage_W: leakage,
    power_W: onChip / time,
    area_mm2: area,
    energy_efficiency_tokens_per_s_per_MJ: (rate / onChip) * 1e6,
    power_efficiency_tokens_per_s_per_W: rate / (onChip / time),
    energy_delay_product_Js: onChip * time,
    operational_gCO2e: carbon.operationalTotal,
    embodied_gCO2e: carbon.embodied,
    fabrication_gCO2e: carbon.fabrication,
  };
}

export type Metrics = ReturnType<typeof metrics>;
export type MetricName = keyof Metrics;

export function designName({ priced: { design } }: Pick<Evaluation, 'priced'>): string {
  const { rows, columns } = design.nodes;
  return rows * columns === 1 ? design.name : `${design.name}@${rows}x${columns}`;
}

function phaseTime({ operators }: Evaluation, phase: 'prefill' | 'decode'): number {
  let time = 0;
  for (const { operator, time: t } of operators) if (operator.phase === phase) time += t;
  return time;
}
