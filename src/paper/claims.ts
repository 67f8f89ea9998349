import { unknownName } from '../errors.ts';
import { componentUse } from '../evaluate/components.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';
import { metrics } from '../evaluate/metrics.ts';
import { costSource } from '../evaluate/price.ts';
import { geometric, given, type Quantity, quotient, sum } from '../evaluate/quantity.ts';
import { quantityOf } from '../evaluate/why.ts';
import type { Preset } from '../published/preset.ts';
import { efficiencyParts, FUNCTION_OPERATIONS, functionCounted } from './efficiency-parts.ts';
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
  /** The two numbers of the ratio, each down to what the model is made of. */
  parts: (at: At) => [Quantity, Quantity];
  /** The same with the artifact's truncated element counts, where they show. */
  published?: () => number;
  publishedParts?: (at: At) => [Quantity, Quantity];
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
        return efficiencies({ ...layer, work: FUNCTION_OPERATIONS * layer.elements }, evaluation.leakage)[
          metric
        ];
      }),
    );
  const parts = (design: string, at: At, truncated: boolean): Quantity =>
    geometric(
      design,
      '',
      'geometric mean over the three models of the paper',
      LLAMAS.map((model) =>
        efficiencyParts(model, metric, functionCounted(at(design, model), fn, truncated)),
      ),
    );
  const both =
    (truncated: boolean) =>
    (at: At): [Quantity, Quantity] => [parts('mugi-256', at, truncated), parts(rival, at, truncated)];
  const against = { 'sa-16': 'precise', 'sa-16-pwl': 'PWL', 'sa-16-taylor': 'Taylor' }[rival];
  return {
    name: `${fn} ${metric.replace('_', ' ')} over ${against}`,
    paper,
    where,
    value: (at) => mean('mugi-256', at) / mean(rival, at),
    parts: both(false),
    publishedParts: both(true),
    published: () => {
      const [own, other] = ['mugi-256', rival].map(
        (design) => meanEfficiency(design, 4096, fn, 'as-published')[metric],
      );
      return own! / other!;
    },
  };
}

/** A metric of a design, by the name of the design. */
const metricOf = (design: string, model: string, metric: string, at: At): Quantity => {
  const quantity = quantityOf(at(design, model), metric);
  return { ...quantity, name: `${quantity.name} of ${design}` };
};

function ratio(
  name: string,
  paper: number,
  where: string,
  model: string,
  metric: 'tokens_per_s' | 'energy_efficiency_tokens_per_s_per_MJ' | 'power_efficiency_tokens_per_s_per_W',
): Claim {
  const of = (design: string, at: At): number => metrics(at(design, model))[metric];
  return {
    name,
    paper,
    where,
    value: (at) => of('mugi-256', at) / of('sa-16', at),
    parts: (at) => [metricOf('mugi-256', model, metric, at), metricOf('sa-16', model, metric, at)],
  };
}

function carbonRatio(name: string, paper: number, metric: 'operational_gCO2e' | 'embodied_gCO2e'): Claim {
  const of = (design: string, at: At): number => metrics(at(design, 'llama-2-7b'))[metric];
  return {
    name,
    paper,
    where: '§6.3.2 (7B)',
    value: (at) => of('sa-16', at) / of('mugi-256', at),
    parts: (at) => [
      metricOf('sa-16', 'llama-2-7b', metric, at),
      metricOf('mugi-256', 'llama-2-7b', metric, at),
    ],
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

const bufferParts = (design: string, at: At): Quantity => {
  const evaluation = at(design, 'llama-2-7b');
  const buffers = componentUse(evaluation, []).filter(({ name }) => BUFFERS.includes(name));
  return sum(
    `buffers of ${design}`,
    'mm²',
    'FIFOs of inputs, weights and outputs',
    buffers.map(({ name, class: className, area_mm2 }) =>
      given(name, area_mm2, 'mm²', costSource(evaluation.priced, name, className)),
    ),
  );
};

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
    parts: (at) => [bufferParts('carat-256', at), bufferParts('mugi-256', at)],
  },
];

const untouched = ({ repairs }: Preset): boolean => Object.values(repairs).every((repaired) => !repaired);

/** Every claim under a preset; where nothing is repaired, with the artifact's truncated counts. */
export function claimsUnder(chosen: Preset): number[] {
  const at = under(chosen);
  const asIs = untouched(chosen);
  return CLAIMS.map(({ value, published }) => (asIs ? published?.() : undefined) ?? value(at));
}

/**
 * A claim under a preset as a quantity that can be taken apart.
 * @throws MugiError for a claim that is not there
 */
export function claimQuantity(name: string, chosen: Preset): Quantity {
  const claim = CLAIMS.find((one) => one.name === name);
  if (claim === undefined) {
    throw unknownName(
      'claim',
      name,
      CLAIMS.map((one) => one.name),
    );
  }
  const parts = (untouched(chosen) ? claim.publishedParts : undefined) ?? claim.parts;
  return quotient(name, '×', `the first over the second; the paper prints ${claim.paper} in ${claim.where}`, [
    ...parts(under(chosen)),
  ]);
}
