import { GROUPS } from '../workload/operator.ts';
import { accuracyPlots } from './comparison-accuracy-plot.ts';
import { COLUMNS, type Comparison } from './comparison.ts';
import { gainText } from '../evaluate/gain.ts';
import { BETTER, type NamedPlot, PALETTE, type PlotSpec, WORSE } from '../present/figure.ts';
import { LABEL_LINE, liftsOf, spanOf } from '../present/labels.ts';
import { scaledUnit } from '../present/si.ts';

const GROUP_COLOURS = [PALETTE[0], PALETTE[4], PALETTE[2], PALETTE[5], PALETTE[1], PALETTE[6]];

/** The pictures of a comparison: gains, where time goes, speed against energy, carbon, measured accuracy. */
export function comparisonPlots(comparison: Comparison): NamedPlot[] {
  const order = comparison.designs.map(({ name }) => name);
  return [
    gains(comparison, order),
    timeStacks(comparison, order),
    speedEnergy(comparison, order),
    carbonStacks(comparison, order),
    ...accuracyPlots(comparison, order),
  ];
}

/** Each figure of merit as a gain over the baseline: above 1 is better whichever way the metric points. */
function gains({ designs, baseline }: Comparison, order: string[]): NamedPlot {
  const values = designs.flatMap((one) =>
    COLUMNS.flatMap(({ metric, label }) => {
      const gain = one.gains[metric];
      if (gain === undefined) return [];
      // A label stands outside its bar, on the side to which the bar grows.
      return [{ design: one.name, metric: label, gain, text: gainText(gain), left: gain < 1 }];
    }),
  );
  const label = (left: boolean): object => ({
    transform: [{ filter: `datum.left === ${left}` }],
    mark: { type: 'text', align: left ? 'right' : 'left', dx: left ? -4 : 4, fontSize: 9 },
    encoding: {
      x: { field: 'gain', type: 'quantitative' },
      y: { field: 'design', type: 'nominal', sort: order },
      text: { field: 'text', type: 'nominal' },
    },
  });
  return {
    name: 'gains',
    title: `Gain over ${baseline}`,
    caption: `How many times better than ${baseline} each design is: to the right of the rule and blue is better, to the left and orange is worse. Latency, energy, power, area and carbon count as better when they are lower. Energy stands with DRAM and on chip; power and carbon are on chip.`,
    spec: {
      data: { values },
      facet: { field: 'metric', type: 'nominal', sort: COLUMNS.map((column) => column.label), title: null },
      // Two side by side are read on a phone too.
      columns: 2,
      spec: {
        width: 230,
        height: 20 * order.length,
        layer: [
          {
            mark: { type: 'bar', height: 12 },
            encoding: {
              x: {
                field: 'gain',
                type: 'quantitative',
                // Room on both sides for the labels.
                scale: { type: 'log', base: 10, nice: false, padding: 36 },
                title: null,
                axis: { tickCount: 3, format: '~r' },
              },
              x2: { datum: 1 },
              y: { field: 'design', type: 'nominal', sort: order, title: null },
              color: { condition: { test: 'datum.gain >= 1', value: BETTER }, value: WORSE },
            },
          },
          { mark: { type: 'rule', color: '#888' }, encoding: { x: { datum: 1 } } },
          label(false),
          label(true),
        ],
      },
      resolve: { scale: { x: 'independent' } },
    } as PlotSpec,
  };
}

/** Time of the inference by group, over the baseline's whole time. */
function timeStacks({ designs, baseline }: Comparison, order: string[]): NamedPlot {
  const whole = designs.find(({ name }) => name === baseline)!.metrics.time_s;
  const values = designs.flatMap(({ name, breakdown }) =>
    GROUPS.map((group, i) => ({ design: name, group, i, share: breakdown[group].time_s / whole })).filter(
      ({ share }) => share > 0,
    ),
  );
  return {
    name: 'time',
    title: 'Where the time goes',
    caption: `Time of the whole inference, 1 = ${baseline}. Projection, attention, FFN and output are GEMMs; “other” is what the paper leaves out (norms, RoPE, residuals, gate products).`,
    spec: {
      data: { values },
      width: 760,
      height: 24 * order.length,
      mark: { type: 'bar', height: 15 },
      encoding: {
        x: { field: 'share', type: 'quantitative', title: `time / time of ${baseline}` },
        y: { field: 'design', type: 'nominal', sort: order, title: null },
        color: {
          field: 'group',
          type: 'nominal',
          sort: [...GROUPS],
          scale: { domain: [...GROUPS], range: GROUP_COLOURS },
          title: null,
        },
        order: { field: 'i' },
      },
    } as PlotSpec,
  };
}

/** Throughput against energy per token with DRAM, area as size: up and left is better. */
function speedEnergy({ designs }: Comparison, order: string[]): NamedPlot {
  const energy = scaledUnit(
    designs.map(({ metrics }) => metrics.energy_per_token_with_dram_J),
    'J',
  );
  const points = designs.map(({ name, metrics }) => ({
    design: name,
    tokens_per_s: metrics.tokens_per_s,
    energy: metrics.energy_per_token_with_dram_J * energy.scale,
    area_mm2: metrics.area_mm2,
  }));
  const width = spanOf(points.map((point) => point.energy)) || 1;
  const height = spanOf(points.map((point) => Math.log(point.tokens_per_s))) || 1;
  // A label stands to the right of its disc, unless another disc of about that speed is there.
  const sided = points.map((point) => {
    const beside = points.some((other) => {
      const [right, up] = [other.energy - point.energy, Math.log(other.tokens_per_s / point.tokens_per_s)];
      return other !== point && right >= 0 && right < 0.2 * width && Math.abs(up) < 0.06 * height;
    });
    return { ...point, side: beside ? ('left' as const) : ('right' as const) };
  });
  // On a phone a label takes a third of the picture.
  const lifts = liftsOf(
    sided.map(({ side, energy: from, tokens_per_s }) => ({
      from: side === 'left' ? from - width / 3 : from,
      to: side === 'left' ? from : from + width / 3,
      at: Math.log(tokens_per_s),
    })),
    0.06 * height,
  );
  const values = sided.map((point, i) => ({ ...point, lift: lifts[i] }));
  const places = [...new Set(lifts)].flatMap((lift) =>
    (['left', 'right'] as const).map((side) => ({ lift, side })),
  );
  const x = {
    field: 'energy',
    type: 'quantitative',
    title: `energy per token with DRAM (${energy.unit})`,
    scale: { zero: false, nice: true, padding: 40 },
  };
  return {
    name: 'speed-energy',
    title: 'Speed against energy',
    caption: 'Up is faster, left is thriftier; the disc grows with the area of the chip.',
    spec: {
      data: { values },
      width: 760,
      height: 300,
      layer: [
        {
          mark: { type: 'point', filled: true, opacity: 0.75 },
          encoding: {
            x,
            y: {
              field: 'tokens_per_s',
              type: 'quantitative',
              title: 'tokens / s',
              scale: { type: 'log', padding: 20 },
              axis: { format: '~r', tickCount: 6 },
            },
            size: {
              field: 'area_mm2',
              type: 'quantitative',
              title: 'area (mm²)',
              scale: { range: [60, 1200] },
            },
            color: { field: 'design', type: 'nominal', sort: order, legend: null },
          },
        },
        ...places.map(({ lift, side }) => ({
          transform: [{ filter: `datum.side === '${side}' && datum.lift === ${lift}` }],
          mark: {
            type: 'text',
            align: side === 'left' ? 'right' : 'left',
            dx: side === 'left' ? -10 : 10,
            dy: -LABEL_LINE * lift,
            fontSize: 10,
          },
          encoding: {
            x: { field: 'energy', type: 'quantitative' },
            y: { field: 'tokens_per_s', type: 'quantitative' },
            text: { field: 'design' },
          },
        })),
      ],
    } as unknown as PlotSpec,
  };
}

/** Operational and embodied carbon of the inference. */
function carbonStacks({ designs }: Comparison, order: string[]): NamedPlot {
  const values = designs.flatMap(({ name, metrics }) => [
    { design: name, part: 'operational', grams: metrics.operational_gCO2e },
    { design: name, part: 'embodied', grams: metrics.embodied_gCO2e },
  ]);
  return {
    name: 'carbon',
    title: 'Carbon of the inference',
    caption:
      'Operational: energy times carbon intensity. Embodied: the share of fabrication that falls on the time the inference takes.',
    spec: {
      data: { values },
      width: 760,
      height: 24 * order.length,
      mark: { type: 'bar', height: 15 },
      encoding: {
        x: { field: 'grams', type: 'quantitative', title: 'gCO₂e' },
        y: { field: 'design', type: 'nominal', sort: order, title: null },
        color: {
          field: 'part',
          type: 'nominal',
          sort: ['operational', 'embodied'],
          scale: { domain: ['operational', 'embodied'], range: [PALETTE[2], PALETTE[1]] },
          title: null,
        },
        order: { field: 'part', sort: 'descending' },
      },
    } as PlotSpec,
  };
}
