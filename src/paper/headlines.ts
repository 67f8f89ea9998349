import { componentUse } from '../evaluate/components.ts';
import { metrics } from '../evaluate/metrics.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';
import { type Preset, preset, REPAIR_NAMES } from '../published/preset.ts';
import type { PlotSpec } from '../present/plot.ts';
import { meanEfficiency } from './fig11.ts';
import type { PaperItem } from './item.ts';
import { type Efficiencies, efficiencies, geometricMean, LLAMAS, oneLayer, point } from './quantities.ts';

interface Claim {
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
type At = (design: string, model: string) => Evaluation;

function under(chosen: Preset): At {
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

const CLAIMS: readonly Claim[] = [
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

/** Headline ratios of mugi-256: printed, as published, corrected, and what each repair alone does to each. */
export const headlines: PaperItem = {
  name: 'headlines',
  title: 'Headline claims of mugi-256, and what each repair alone does to them',
  analytic: true,
  async run() {
    const [published, repaired] = [under(preset('as-published')), under(preset('corrected'))];
    const fair = fairBaseline(repaired);
    const asPublished = CLAIMS.map(({ value }) => value(published));
    const corrected = CLAIMS.map(({ value }) => value(repaired));
    const alone = REPAIR_NAMES.map((repair) => {
      const at = under(preset('as-published', { [repair]: true }));
      return { repair, values: CLAIMS.map(({ value }) => value(at)) };
    });
    const claims = CLAIMS.map((claim, i) => {
      const value = claim.published?.() ?? asPublished[i];
      return {
        claim: claim.name,
        where: claim.where,
        paper: claim.paper,
        as_published: value,
        corrected: corrected[i],
        deviation: value / claim.paper - 1,
        repairs: alone.map(({ repair, values }) => ({ repair, factor: values[i] / asPublished[i] })),
      };
    });
    const rows = claims.map(({ repairs, ...row }) => ({
      ...row,
      ...Object.fromEntries(
        repairs.map(({ repair, factor }) => [`with_${repair}`, row.as_published * factor]),
      ),
    }));
    const cells = claims.flatMap(({ claim, repairs }) =>
      repairs
        .filter(({ factor }) => Math.abs(factor - 1) > 5e-4)
        .map(({ repair, factor }) => ({ claim, repair, percent: (factor - 1) * 100 })),
    );
    return {
      rows,
      plots: [{ name: 'headlines', spec: plot(cells) }],
      notes: [
        ...largest(cells),
        `corrected, sa-16 is weight stationary and pays fill and drain in every fold; against the same array output stationary (sa-16-os) mugi-256 has ${fair.throughput.toFixed(2)}× the throughput and ${fair.energy.toFixed(2)}× the tokens per joule`,
        'the SiLU power ratio over PWL is printed as 2.37; the artifact itself gives 2.07. The buffer area ratio of 4.5 is read as that of the input, weight and output FIFOs at 256 rows; over all FIFOs it is 2.69',
        'with_… columns: the as-published number with that repair alone',
      ],
    };
  },
};

function fairBaseline(at: At): { throughput: number; energy: number } {
  const [own, rival] = ['mugi-256', 'sa-16-os'].map((design) => metrics(at(design, 'llama-2-70b')));
  return {
    throughput: own!.tokens_per_s / rival!.tokens_per_s,
    energy: own!.tokens_per_J / rival!.tokens_per_J,
  };
}

/** One sentence a repair that moves some claim by 2 % or more. */
function largest(cells: readonly { claim: string; repair: string; percent: number }[]): string[] {
  return REPAIR_NAMES.flatMap((repair) => {
    const own = cells.filter((cell) => cell.repair === repair);
    const most = own.reduce((a, b) => (Math.abs(b.percent) > Math.abs(a.percent) ? b : a), {
      claim: '',
      repair,
      percent: 0,
    });
    if (Math.abs(most.percent) < 2) return [];
    return [
      `${repair} alone moves ${own.length} claims, most “${most.claim}” by ${most.percent.toFixed(1)} %`,
    ];
  });
}

function plot(cells: object[]): PlotSpec {
  const claims = CLAIMS.map(({ name }) => name);
  return {
    title: {
      text: 'What each repair alone does to each headline',
      subtitle: 'change of the as-published ratio in per cent; empty: none',
    },
    data: { values: cells },
    width: 520,
    height: 20 * claims.length,
    encoding: {
      x: {
        field: 'repair',
        type: 'nominal',
        sort: [...REPAIR_NAMES],
        title: null,
        axis: { labelAngle: -40 },
      },
      y: { field: 'claim', type: 'nominal', sort: claims, title: null, axis: { labelLimit: 420 } },
    },
    layer: [
      {
        mark: 'rect',
        encoding: {
          color: {
            field: 'percent',
            type: 'quantitative',
            title: '%',
            scale: { scheme: 'blueorange', domain: [-80, 80], domainMid: 0, clamp: true },
          },
        },
      },
      {
        mark: { type: 'text', fontSize: 8 },
        encoding: { text: { field: 'percent', type: 'quantitative', format: '+.3~g' } },
      },
    ],
  } as PlotSpec;
}
