import { MEMORIES } from '../design/design.ts';
import { unknownName } from '../errors.ts';
import { logicRow } from '../technology/technology.ts';
import { GROUPS } from '../workload/operator.ts';
import { componentUse } from './components.ts';
import type { Evaluation, OperatorEvaluation } from './evaluation.ts';
import { type Metrics, metrics } from './metrics.ts';

/** Where one number comes from. */
export interface Explanation {
  metric: string;
  value: number | string | null;
  unit: string;
  formula: string;
  inputs: { name: string; value: number; from: string }[];
  /** Cost rows that matter for the metric, largest first; empty where no cost enters. */
  sources: { name: string; energy_pJ: number; leakage_uW: number; area_um2: number; source: string }[];
}

type Kind = 'time' | 'energy' | 'leakage' | 'area';

interface Recipe {
  unit: string;
  formula: string;
  /** Metrics and given sizes that stand in the formula. */
  from: readonly (keyof Metrics)[];
  /** What to break down further. */
  parts: readonly Kind[];
}

const RECIPES: Partial<Record<keyof Metrics, Recipe>> = {
  tokens: {
    unit: 'tokens',
    formula: 'batch × context, prompt included (Mugi Table 3 counts so)',
    from: ['batch', 'context'],
    parts: [],
  },
  tokens_per_s: { unit: 'tokens/s', formula: 'tokens / time', from: ['tokens', 'time_s'], parts: ['time'] },
  time_s: {
    unit: 's',
    formula: 'Σ over operators of cycles of their slowest resource / clock; operators run one after another',
    from: ['time_gemm_s', 'time_nonlinear_s', 'time_other_s'],
    parts: ['time'],
  },
  time_gemm_s: { unit: 's', formula: 'Σ over GEMMs of cycles / clock', from: [], parts: ['time'] },
  time_nonlinear_s: {
    unit: 's',
    formula: 'Σ over softmax and activations of cycles / clock',
    from: [],
    parts: ['time'],
  },
  time_other_s: {
    unit: 's',
    formula: 'Σ over norms, RoPE, residuals, gate products, KV-cache writes of cycles / clock',
    from: [],
    parts: ['time'],
  },
  time_to_first_token_s: {
    unit: 's',
    formula: 'Σ over prefill operators of time',
    from: ['prefill', 'batch'],
    parts: ['time'],
  },
  time_per_output_token_s: {
    unit: 's',
    formula: 'time of decode operators / (context − prefill)',
    from: ['context', 'prefill'],
    parts: ['time'],
  },
  decode_tokens_per_s: {
    unit: 'tokens/s',
    formula: 'batch × (context − prefill) / time of decode operators',
    from: ['batch', 'context', 'prefill'],
    parts: ['time'],
  },
  macs: { unit: 'MAC', formula: 'Σ over GEMMs of batch × M × K × N × repeats × layers', from: [], parts: [] },
  energy_gemm_J: {
    unit: 'J',
    formula: 'Σ over GEMMs of events × activations × energy per activation, plus SRAM accesses and routers',
    from: [],
    parts: ['energy'],
  },
  energy_nonlinear_J: {
    unit: 'J',
    formula: 'the same over softmax and activations',
    from: [],
    parts: ['energy'],
  },
  energy_other_J: {
    unit: 'J',
    formula: 'the same over element-wise operators and transfers',
    from: [],
    parts: ['energy'],
  },
  energy_dynamic_J: {
    unit: 'J',
    formula: 'GEMM + nonlinear + other',
    from: ['energy_gemm_J', 'energy_nonlinear_J', 'energy_other_J'],
    parts: ['energy'],
  },
  energy_leakage_J: {
    unit: 'J',
    formula: 'leakage × time',
    from: ['leakage_W', 'time_s'],
    parts: ['leakage'],
  },
  energy_J: {
    unit: 'J',
    formula: 'dynamic + leakage, on-chip',
    from: ['energy_dynamic_J', 'energy_leakage_J'],
    parts: ['energy', 'leakage'],
  },
  energy_dram_J: { unit: 'J', formula: 'off-chip bits × energy per bit', from: [], parts: [] },
  energy_per_token_J: {
    unit: 'J/token',
    formula: 'energy / tokens; as published: dynamic energy / context',
    from: ['energy_J', 'energy_dynamic_J', 'tokens', 'context'],
    parts: ['energy'],
  },
  tokens_per_J: {
    unit: 'tokens/J',
    formula: 'tokens / energy',
    from: ['tokens', 'energy_J'],
    parts: ['energy'],
  },
  leakage_W: { unit: 'W', formula: 'Σ over components of count × leakage', from: [], parts: ['leakage'] },
  power_W: {
    unit: 'W',
    formula: 'energy / time',
    from: ['energy_J', 'time_s'],
    parts: ['energy', 'leakage'],
  },
  area_mm2: {
    unit: 'mm²',
    formula: 'Σ over components of count × area, DRAM left out',
    from: [],
    parts: ['area'],
  },
  energy_efficiency_tokens_per_s_per_MJ: {
    unit: 'tokens/s/MJ',
    formula: '10⁶ × tokens per second / energy (printed as tokens/s/µJ in Mugi Table 3)',
    from: ['tokens_per_s', 'energy_J'],
    parts: ['energy'],
  },
  power_efficiency_tokens_per_s_per_W: {
    unit: 'tokens/s/W',
    formula: 'tokens per second / power',
    from: ['tokens_per_s', 'power_W'],
    parts: ['energy'],
  },
  energy_delay_product_Js: {
    unit: 'J·s',
    formula: 'energy × time',
    from: ['energy_J', 'time_s'],
    parts: ['energy'],
  },
  operational_gCO2e: {
    unit: 'gCO₂e',
    formula:
      'carbon intensity × on-chip energy (DRAM left out); as published without the output head, and with one layer’s dynamic energy',
    from: ['energy_J'],
    parts: ['energy', 'leakage'],
  },
  embodied_gCO2e: {
    unit: 'gCO₂e',
    formula: 'fabrication × time / lifetime',
    from: ['fabrication_gCO2e', 'time_s'],
    parts: ['area'],
  },
  fabrication_gCO2e: {
    unit: 'gCO₂e',
    formula: 'area × fabrication energy per mm² × carbon intensity',
    from: ['area_mm2'],
    parts: ['area'],
  },
};

/** Explains one metric of an evaluation: formula, inputs, cost rows with their sources. Unknown metric: MugiError. */
export function why(evaluation: Evaluation, metric: string): Explanation {
  const all = metrics(evaluation);
  const recipe = RECIPES[metric as keyof Metrics];
  if (recipe === undefined) throw unknownName('metric', metric, Object.keys(RECIPES), '--why');
  const inputs = recipe.from.map((name) => ({
    name: name as string,
    value: Number(all[name]),
    from: 'this evaluation',
  }));
  for (const part of recipe.parts) inputs.push(...partInputs(evaluation, part, metric));
  const { environment } = evaluation;
  if (metric.includes('gCO2e')) {
    inputs.push(
      { name: 'carbon intensity (g/kWh)', value: environment.carbonIntensity, from: 'world average, ACT' },
      { name: 'fabrication (MJ/mm²)', value: environment.fabricationMJPerMm2, from: 'Brunvand et al.' },
      { name: 'lifetime (years)', value: environment.lifetimeYears, from: 'Mugi artifact' },
    );
  }
  if (metric === 'energy_dram_J') {
    const bits = all.energy_dram_J / (environment.dramPicojoulesPerBit * 1e-12);
    inputs.push(
      { name: 'off-chip bits', value: bits, from: 'tiles of every operator' },
      {
        name: 'pJ per bit',
        value: environment.dramPicojoulesPerBit,
        from: "HBM2, O'Connor et al., MICRO 2017",
      },
    );
  }
  return {
    metric,
    value: all[metric as keyof Metrics],
    unit: recipe.unit,
    formula: recipe.formula,
    inputs,
    sources: recipe.parts.includes('time') ? [] : sources(evaluation, recipe.parts),
  };
}

/** Operators that a metric sums over: all, unless its name says which. */
function concerned({ operators }: Evaluation, metric: string): OperatorEvaluation[] {
  return operators.filter(({ operator: { kind, group, phase } }) => {
    if (metric.includes('gemm')) return kind === 'gemm';
    if (metric.includes('nonlinear')) return group === 'nonlinear';
    if (metric.includes('other')) return group === 'other';
    if (metric === 'time_to_first_token_s') return phase === 'prefill';
    if (metric === 'time_per_output_token_s' || metric === 'decode_tokens_per_s') return phase === 'decode';
    return true;
  });
}

function partInputs(evaluation: Evaluation, part: Kind, metric: string): Explanation['inputs'] {
  const { groups, priced } = evaluation;
  if (part === 'time') {
    const slowest = concerned(evaluation, metric)
      .sort((a, b) => b.time - a.time)
      .slice(0, 6);
    return [
      { name: 'clock (Hz)', value: priced.technology.clock, from: priced.technology.title },
      ...slowest.map(({ operator, time, bound, cycles }) => ({
        name: `${operator.phase} ${operator.name} (s)`,
        value: time as number,
        from: `${cycles.toExponential(3)} cycles, bound by ${bound}`,
      })),
    ];
  }
  if (part !== 'energy') return [];
  return GROUPS.map((group) => ({
    name: `${group} (J)`,
    value: groups[group].energy as number,
    from: 'events × costs',
  }));
}

/** The ten components that weigh most, with the cost row each is priced by. */
function sources(evaluation: Evaluation, parts: readonly Kind[]): Explanation['sources'] {
  if (parts.length === 0) return [];
  const { priced, operators, total, leakage, area } = evaluation;
  const weight = (use: ReturnType<typeof componentUse>[number]): number =>
    (parts.includes('energy') ? use.energy_J / total.energy : 0) +
    (parts.includes('leakage') ? use.leakage_mW / 1e3 / leakage : 0) +
    (parts.includes('area') ? use.area_mm2 / area : 0);
  return componentUse(evaluation, operators)
    .sort((a, b) => weight(b) - weight(a))
    .slice(0, 10)
    .map(({ name, class: className, count, leakage_mW, area_mm2 }) => {
      const memory = MEMORIES.find((candidate) => `${candidate}_sram` === name);
      const component = priced.components.find((candidate) => candidate.name === name)!;
      return {
        name: `${name} (${className} × ${count})`,
        energy_pJ: component.energy * 1e3,
        leakage_uW: (leakage_mW * 1e3) / count,
        area_um2: (area_mm2 * 1e6) / count,
        source:
          memory === undefined ? logicRow(priced.technology, className).source : priced.srams[memory].source,
      };
    });
}
