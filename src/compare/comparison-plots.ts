import { GROUPS } from '../workload/operator.ts';
import { accuracyPlots } from './comparison-accuracy-plot.ts';
import { COLUMNS, type Comparison } from './comparison.ts';
import { type NamedPlot, PALETTE, type PlotSpec } from '../present/figure.ts';

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

/** Each figure of merit over the baseline's, as a gain: above 1 is better whichever way the metric points. */
function gains({ designs, baseline }: Comparison, order: string[]): NamedPlot {
  const values = designs.flatMap(({ name, ratios }) =>
    COLUMNS.flatMap(({ metric, label, better }) => {
      const ratio = ratios[metric];
      if (ratio === undefined || !(ratio > 0)) return [];
      const gain = better === 'higher' ? ratio : 1 / ratio;
      return [{ design: name, metric: label, gain, text: gain >= 10 ? gain.toFixed(0) : gain.toFixed(2) }];
    }),
  );
  const metricsShown = COLUMNS.map(({ label }) => label);
  return {
    name: 'gains',
    title: `Gain over ${baseline}`,
    caption: `How many times better than ${baseline} each design is; the rule marks parity. Latency, energy, power, area and carbon count as better when they are lower.`,
    spec: {
      data: { values },
      facet: { field: 'metric', type: 'nominal', sort: metricsShown, title: null },
      columns: 4,
      spec: {
        width: 170,
        height: 20 * order.length,
        layer: [
          {
            mark: { type: 'bar', height: 12 },
            encoding: {
              x: {
                field: 'gain',
                type: 'quantitative',
                scale: { type: 'log', base: 10 },
                title: null,
                axis: { tickCount: 4, format: '~r' },
              },
              x2: { datum: 1 },
              y: { field: 'design', type: 'nominal', sort: order, title: null },
              color: {
                condition: { test: 'datum.gain >= 1', value: PALETTE[0] },
                value: PALETTE[5],
              },
            },
          },
          { mark: { type: 'rule', color: '#888' }, encoding: { x: { datum: 1 } } },
          {
            mark: { type: 'text', align: 'left', dx: 4, fontSize: 9 },
            encoding: {
              x: { field: 'gain', type: 'quantitative' },
              y: { field: 'design', type: 'nominal', sort: order },
              text: { field: 'text', type: 'nominal' },
            },
          },
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
      width: 620,
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

/** Throughput against energy per token, area as size: up and left is better. */
function speedEnergy({ designs }: Comparison, order: string[]): NamedPlot {
  const values = designs.map(({ name, metrics }) => ({
    design: name,
    tokens_per_s: metrics.tokens_per_s,
    energy_per_token_J: metrics.energy_per_token_J,
    area_mm2: metrics.area_mm2,
  }));
  return {
    name: 'speed-energy',
    title: 'Speed against energy',
    caption: 'Up is faster, left is thriftier; the disc grows with the area of the chip.',
    spec: {
      data: { values },
      width: 620,
      height: 300,
      layer: [
        {
          mark: { type: 'point', filled: true, opacity: 0.75 },
          encoding: {
            x: {
              field: 'energy_per_token_J',
              type: 'quantitative',
              title: 'energy per token (J)',
              scale: { zero: false, nice: true, padding: 30 },
            },
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
        {
          mark: { type: 'text', dy: -12, fontSize: 10 },
          encoding: {
            x: { field: 'energy_per_token_J', type: 'quantitative' },
            y: { field: 'tokens_per_s', type: 'quantitative' },
            text: { field: 'design' },
          },
        },
      ],
    } as PlotSpec,
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
      width: 620,
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
