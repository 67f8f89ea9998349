import type { Metric } from '../evaluate/evaluation.ts';
import { METRICS, type MetricName } from '../evaluate/metrics.ts';

/** A figure of merit as people compare it. */
export interface Column {
  metric: MetricName;
  label: string;
  /** Label for narrow tables, whose unit stands below it. */
  short: string;
  /** Tables may put an SI prefix in front. */
  unit: string;
  better: 'higher' | 'lower';
}

/** What designs are compared by: energy with DRAM first, since a system pays it; what is on chip beside it. */
const COMPARED: readonly (readonly [name: MetricName, short: string, unit: string])[] = [
  ['energy_per_token_with_dram_J', 'with DRAM', 'J/token'],
  ['energy_per_token_J', 'on chip', 'J/token'],
  ['tokens_per_s', 'throughput', 'tokens/s'],
  ['time_per_output_token_s', 'latency', 's/token'],
  ['area_mm2', 'area', 'mm²'],
  ['power_W', 'power', 'W'],
  ['operational_gCO2e', 'op. carbon', 'gCO₂e'],
  ['embodied_gCO2e', 'emb. carbon', 'gCO₂e'],
];

export const COLUMNS: readonly Column[] = COMPARED.map(([name, short, unit]) => {
  const { label, better = 'lower' }: Metric = METRICS.find((metric) => metric.name === name)!;
  return { metric: name, label, short, unit, better };
});
