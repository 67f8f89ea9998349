import { componentUse } from '../evaluate/components.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';
import { metrics } from '../evaluate/metrics.ts';
import type { Preset } from '../published/preset.ts';
import { meanEfficiency } from './fig11.ts';
import { type Efficiencies, efficiencies, geometricMean, LLAMAS, oneLayer, point } from './quantities.ts';

/** A headline of the paper, and how the model gives it. */
export interface Claim {
  name: string;
  /** The printed number and where it stands. */
  paper: number;
  where: string;
  /** The same from the model under one preset. */
  value: (at: At) => number;
  /** The same with the artifact's truncated element counts, where they show. */
  published?: () => number;
}

/** An evaluation under one preset; claims share them. */
export type At = (design: string, model: string) => Evaluation;

export function under(chosen: Preset): At {
  const known = new Map<string, Evaluation>();
  return (design, model) => {
    const key = `${design}|${model}`;
    const evaluation = known.get(key) ?? point(design, model, chosen);
    known.set(key, evaluation);
    return evaluation;
  };
}

type Fn = 'softmax' | 'silu';

/** Ratio of two designs in one function at 4096 tokens, geometric mean over the paper's three models. */
function nonlinear(fn: Fn, rival: string, metric: keyof Efficiencies, paper: number, where: string): Claim {
  const mean = (design: string, at: At): number =>
    geometricMean(
      LLAMAS.map((model) => {
        const evaluation = at(design, model);
        const layer = oneLayer(evaluation, (op) => op.kind === 'nonlinear' && op.function === fn);
        return efficiencies({ ...layer, work: 3e-9 * layer.elements }, evaluation.leakage)[metric];
      }),
    );
  const against = { 'sa-16': 'precise', 'sa-16-pwl': 'PWL', 'sa-16-taylor': 'Taylor' }[rival];
  return {
    name: `${fn} ${metric.replace('_', ' ')} over ${against}`,
    paper,
    where,
    value: (at) => mean('mugi-256', at) / mean(rival, at),
    published: () => {
      const [own, other] = ['mugi-256', rival].map(
        (design) => meanEfficiency(design, 4096, fn, 'as-published')[metric],
      );
      return own! / other!;
    },
  };
}

function ratio(
  name: string,
  paper: number,
  where: string,
  model: string,
  metric: 'tokens_per_s' | 'energy_efficiency_tokens_per_s_per_MJ' | 'power_efficiency_tokens_per_s_per_W',
): Claim {
  const of = (design: string, at: At): number => metrics(at(design, model))[metric];
  return { name, paper, where, value: (at) => of('mugi-256', at) / of('sa-16', at) };
}

function carbonRatio(name: string, paper: number, metric: 'operational_gCO2e' | 'embodied_gCO2e'): Claim {
  const of = (design: string, at: At): number => metrics(at(design, 'llama-2-7b'))[metric];
  return {
    name,
    paper,
    where: '§6.3.2 (7B)',
    value: (at) => of('sa-16', at) / of('mugi-256', at),
  };
}

/**
 * FIFOs between the array and its SRAM. The 4.5 of §4.2 is the ratio of these three at 256 rows (4.45); with the
 * sign and cell FIFOs too it is 2.69.
 */
const BUFFERS = ['ififo', 'wfifo', 'ofifo'];

function bufferArea(evaluation: Evaluation): number {
  return componentUse(evaluation, [])
    .filter(({ name }) => BUFFERS.includes(name))
    .reduce((sum, { area_mm2 }) => sum + area_mm2, 0);
}

const SECTION = '§6.1.2';

export const CLAIMS: readonly Claim[] = [
  nonlinear('softmax', 'sa-16', 'throughput', 45, 'Fig. 11'),
  nonlinear('softmax', 'sa-16', 'energy_efficiency', 481.07, SECTION),
  nonlinear('softmax', 'sa-16', 'power_efficiency', 10.69, SECTION),
  nonlinear('silu', 'sa-16', 'throughput', 45, 'Fig. 11'),
  nonlinear('silu', 'sa-16', 'energy_efficiency', 667.85, SECTION),
  nonlinear('silu', 'sa-16', 'power_efficiency', 14.84, SECTION),
  nonlinear('softmax', 'sa-16-pwl', 'throughput', 5, SECTION),
  nonlinear('softmax', 'sa-16-pwl', 'energy_efficiency', 8.53, SECTION),
  nonlinear('softmax', 'sa-16-pwl', 'power_efficiency', 1.71, SECTION),
  nonlinear('silu', 'sa-16-pwl', 'throughput', 5, SECTION),
  nonlinear('silu', 'sa-16-pwl', 'energy_efficiency', 10.36, SECTION),
  nonlinear('silu', 'sa-16-pwl', 'power_efficiency', 2.37, SECTION),
  nonlinear('softmax', 'sa-16-taylor', 'throughput', 10.02, SECTION),
  nonlinear('softmax', 'sa-16-taylor', 'energy_efficiency', 32.93, SECTION),
  nonlinear('softmax', 'sa-16-taylor', 'power_efficiency', 3.28, SECTION),
  ratio('LLM throughput over sa-16', 2.07, 'Table 3', 'llama-2-70b', 'tokens_per_s'),
  ratio(
    'LLM energy efficiency over sa-16',
    3.11,
    'Table 3',
    'llama-2-70b',
    'energy_efficiency_tokens_per_s_per_MJ',
  ),
  ratio(
    'LLM power efficiency over sa-16',
    1.5,
    'Table 3',
    'llama-2-70b',
    'power_efficiency_tokens_per_s_per_W',
  ),
  carbonRatio('operational carbon of sa-16 over Mugi', 1.45, 'operational_gCO2e'),
  carbonRatio('embodied carbon of sa-16 over Mugi', 1.48, 'embodied_gCO2e'),
  {
    name: 'buffer area of Carat over Mugi',
    paper: 4.5,
    where: '§4.2',
    value: (at) => bufferArea(at('carat-256', 'llama-2-7b')) / bufferArea(at('mugi-256', 'llama-2-7b')),
  },
];

/** Every claim under a preset; where nothing is repaired, with the artifact's truncated counts. */
export function claimsUnder(chosen: Preset): number[] {
  const at = under(chosen);
  const untouched = Object.values(chosen.repairs).every((repaired) => !repaired);
  return CLAIMS.map(({ value, published }) => (untouched ? published?.() : undefined) ?? value(at));
}
