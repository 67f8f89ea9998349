import { metrics } from '../evaluate/metrics.ts';
import { preset, REPAIR_NAMES } from '../published/preset.ts';
import type { PlotSpec } from '../present/figure.ts';
import { fixed } from '../present/readable.ts';
import { type At, claimQuantity, CLAIMS, claimsUnder, under } from './claims.ts';
import { byPreset } from './explained.ts';
import type { PaperItem } from './item.ts';

/** Headline ratios of mugi-256: printed, as published, corrected, and what each repair alone does to each. */
export const headlines: PaperItem = {
  name: 'headlines',
  title: 'Headline claims of mugi-256, and what each repair alone does to them',
  explained: byPreset({
    by: { claim: CLAIMS.map(({ name }) => name) },
    of: ({ claim }, name) => claimQuantity(claim, preset(name)),
    printed: {
      of: ({ claim }) => CLAIMS.find(({ name }) => name === claim)?.paper,
      where: 'the paper, at the place in this row',
    },
  }),
  async run({ asked }) {
    const [published, repaired] = [under(preset('as-published')), under(preset('corrected'))];
    const fair = fairBaseline(repaired);
    const asPublished = CLAIMS.map(({ value }) => value(published));
    const corrected = CLAIMS.map(({ value }) => value(repaired));
    const wanted = asked && claimsUnder(asked);
    const alone = REPAIR_NAMES.map((repair) => {
      const at = under(preset('as-published', { [repair]: true }));
      return { repair, values: CLAIMS.map(({ value }) => value(at)) };
    });
    const printed = claimsUnder(preset('as-published'));
    const claims = CLAIMS.map((claim, i) => {
      const value = printed[i];
      return {
        claim: claim.name,
        where: claim.where,
        paper: claim.paper,
        as_published: value,
        corrected: corrected[i],
        ...(wanted === undefined ? {} : { asked: wanted[i] }),
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
        ...(asked === undefined ? [] : [`asked: under ${asked.name}`]),
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
      `${repair} alone moves ${own.length} claims, most “${most.claim}” by ${fixed(most.percent, 1)} %`,
    ];
  });
}

/** A change in per cent, no longer than a cell is wide. */
const changeText = (percent: number): string =>
  `${percent < 0 ? '−' : '+'}${fixed(Math.abs(percent), Math.abs(percent) < 1 ? 2 : Math.abs(percent) < 100 ? 1 : 0)}`;

function plot(cells: { percent: number }[]): PlotSpec {
  const claims = CLAIMS.map(({ name }) => name);
  return {
    title: {
      text: 'What each repair alone does to each headline',
      subtitle: 'change of the as-published ratio in per cent; empty: none',
    },
    data: { values: cells.map((cell) => ({ ...cell, text: changeText(cell.percent) })) },
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
        mark: { type: 'text', fontSize: 9 },
        encoding: {
          text: { field: 'text' },
          // The cells are light in every theme, but for the largest changes.
          color: { condition: { test: 'abs(datum.percent) > 45', value: '#ffffff' }, value: '#1b212b' },
        },
      },
    ],
  } as PlotSpec;
}
