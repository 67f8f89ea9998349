import { LOSS } from './space/loss.ts';
import { namesOf } from './space/varied.ts';
import { METRICS } from '../evaluate/metrics.ts';
import { type Result, sensitivities, valuesOf } from './result.ts';
import { lossEffectsPlot, lossFrontPlot, lossOfPoints } from './loss-plots.ts';
import { metricAxis, type Picture, thinned } from './picture.ts';

/** The front over a cloud of samples, its parameters in parallel coordinates, and what each parameter does. */
export const resultPlots = (result: Result): Picture[] => [
  ...frontPlot(result),
  ...lossFrontPlot(result),
  parallel(result),
  ...effectsPlot(result),
  ...lossEffectsPlot(result),
];

function frontPlot({ space, tally, front }: Result): Picture[] {
  const { objectives } = space.plan;
  if (objectives.length < 2) return [];
  const [x, y] = objectives.map(({ metric }) => metric);
  const values = [
    ...tally.samples.map((one) => {
      const [a, b] = valuesOf(space, one);
      return { kind: 'sample', [x]: a, [y]: b };
    }),
    ...thinned(front).map(({ metrics, parameters }) => ({
      kind: 'front',
      design: parameters.design,
      [x]: metrics[x as 'tokens'],
      [y]: metrics[y as 'tokens'],
    })),
  ];
  return [
    {
      name: 'front',
      title: 'The front over the cloud',
      caption: `Grey: points of the space that keep all bounds, ${tally.samples.length} drawn by their numbers; blue: designs that none beats in any objective${objectives.length > 2 ? ', of which two are drawn' : ''}.`,
      spec: {
        data: { values },
        width: 620,
        height: 360,
        layer: [
          {
            transform: [{ filter: "datum.kind == 'sample'" }],
            mark: { type: 'point', filled: true, size: 9, opacity: 0.35, color: '#999' },
            encoding: { x: metricAxis(x), y: metricAxis(y) },
          },
          {
            transform: [{ filter: "datum.kind == 'front'" }],
            mark: { type: 'point', filled: true, size: 45, opacity: 0.9 },
            encoding: {
              x: metricAxis(x),
              y: metricAxis(y),
              color: { field: 'design', type: 'nominal', title: null },
            },
          },
        ],
      },
    },
  ];
}

/** Each design of the front as a line over parameters and objectives, every axis from its least to its largest value. */
function parallel({ space, front, tally, raced }: Result): Picture {
  const { varied, objectives } = space.plan;
  const losses = lossOfPoints({ tally, raced });
  const names = [
    ...namesOf(varied),
    ...objectives.map(({ metric }) => metric),
    ...(losses.size === 0 ? [] : [LOSS]),
  ];
  const lines = thinned(front);
  const values = names.flatMap((name) => {
    const places = varied.find((one) => one.name === name)?.values;
    const numbers = lines.map(({ point, parameters, metrics }) => {
      if (name === LOSS) return losses.get(point)?.mean ?? Number.NaN;
      if (places === undefined) return metrics[name as 'tokens'];
      const place = places.indexOf(parameters[name]);
      return place < 0 ? Number.NaN : place;
    });
    const known = numbers.filter((value) => !Number.isNaN(value));
    const [least, most] = [Math.min(...known), Math.max(...known)];
    return lines.flatMap(({ point, parameters }, i) =>
      Number.isNaN(numbers[i])
        ? []
        : [
            {
              axis: name,
              point,
              design: parameters.design,
              share: most > least ? (numbers[i] - least) / (most - least) : 0.5,
            },
          ],
    );
  });
  return {
    name: 'parallel',
    title: 'What the designs of the front are made of',
    caption:
      'A line a design; each axis runs from the least to the largest value on the front, parameters in the order of their lists.',
    spec: {
      data: { values },
      width: 620,
      height: 260,
      // Few lines are told apart, many make bands.
      mark:
        lines.length > 30
          ? { type: 'line', opacity: 0.35, strokeWidth: 1 }
          : { type: 'line', strokeWidth: 2 },
      encoding: {
        x: {
          field: 'axis',
          type: 'nominal',
          sort: names,
          title: null,
          axis: { labelAngle: -25, labelLimit: 0, grid: true },
        },
        y: {
          field: 'share',
          type: 'quantitative',
          title: 'least → largest',
          axis: { labels: false, ticks: false, grid: false },
        },
        detail: { field: 'point' },
        color: { field: 'design', type: 'nominal', title: null },
      },
    },
  };
}

function effectsPlot(result: Result): Picture[] {
  const { objectives } = result.space.plan;
  const values = sensitivities(result).flatMap(({ design, parameter, values: seen, span }) =>
    seen.length < 2
      ? []
      : objectives.map(({ metric }, k) => ({
          parameter: result.space.blocks.length > 1 ? `${design}: ${parameter}` : parameter,
          metric: METRICS.find(({ name }) => name === metric)!.label,
          span: span[k],
        })),
  );
  if (values.length === 0) return [];
  return [
    {
      name: 'sensitivity',
      title: 'How far each parameter moves an objective',
      caption:
        'Largest over smallest mean of the objective, by value of the parameter, over all points that keep the bounds; 1 where it changes nothing.',
      spec: {
        data: { values },
        facet: { field: 'metric', type: 'nominal', title: null },
        columns: 3,
        spec: {
          width: 240,
          height: { step: 16 },
          mark: { type: 'bar', height: 10 },
          encoding: {
            x: {
              field: 'span',
              type: 'quantitative',
              scale: { type: 'log', domainMin: 1 },
              title: 'ratio',
              axis: { tickCount: 4, format: '~g' },
            },
            x2: { datum: 1 },
            y: { field: 'parameter', type: 'nominal', sort: '-x', title: null, axis: { labelLimit: 0 } },
          },
        },
      },
    },
  ];
}
