import type { Estimate } from './measured-front.ts';
import { metricAxis, type Picture, thinned } from './picture.ts';
import { type Result, sensitivities, valuesOf } from './result.ts';
import { axisTitle } from './sweep-plot.ts';

/** Measured losses of points, by their numbers. */
export function lossOfPoints({ tally, raced }: Pick<Result, 'tally' | 'raced'>): Map<number, Estimate> {
  const known = new Map((raced?.arithmetics ?? []).map(({ arithmetic, loss }) => [arithmetic, loss]));
  return new Map(
    tally.front.flatMap(({ index, arithmetic = '' }) => {
      const loss = known.get(arithmetic) ?? undefined;
      return loss === undefined ? [] : [[index, loss] as const];
    }),
  );
}

/** The measured loss over the first exact objective, each design of the front with its interval. */
export function lossFrontPlot({ space, tally, front, raced }: Result): Picture[] {
  const losses = lossOfPoints({ tally, raced });
  const [objective] = space.plan.objectives;
  if (losses.size === 0 || objective === undefined) return [];
  const x = objective.metric;
  const shown = new Map(front.map((point) => [point.point, point]));
  const values = thinned(tally.front).flatMap((one) => {
    const loss = losses.get(one.index);
    if (loss === undefined) return [];
    const design = shown.get(one.index)?.parameters.design;
    const [value] = valuesOf(space, one);
    return [
      {
        kind: design === undefined ? 'behind' : 'front',
        ...(design === undefined ? {} : { design }),
        [x]: value,
        loss: loss.mean,
        low: loss.mean - loss.ci95,
        high: loss.mean + loss.ci95,
      },
    ];
  });
  const across = metricAxis(x);
  const up = {
    field: 'loss',
    type: 'quantitative',
    title: 'loss above the stored model, nats per target',
    scale: { zero: false },
  };
  const on = [{ filter: "datum.kind == 'front'" }];
  const color = { field: 'design', type: 'nominal', title: null };
  return [
    {
      name: 'front-loss',
      title: `Measured loss over ${axisTitle(x)}`,
      caption:
        'Grey: designs that something leaves out, each the best of what it computes; coloured: the front, with 95 % intervals. Intervals of differences, by which designs are compared, are narrower.',
      spec: {
        data: { values },
        width: 620,
        height: 320,
        layer: [
          {
            transform: [{ filter: "datum.kind == 'behind'" }],
            mark: { type: 'point', filled: true, size: 14, opacity: 0.5, color: '#999' },
            encoding: { x: across, y: up },
          },
          {
            transform: on,
            mark: { type: 'rule', opacity: 0.6 },
            encoding: { x: across, y: { ...up, field: 'low' }, y2: { field: 'high' }, color },
          },
          {
            transform: on,
            mark: { type: 'point', filled: true, size: 45, opacity: 0.9 },
            encoding: { x: across, y: up, color },
          },
        ],
      },
    },
  ];
}

/** What each parameter does to the measured loss, with the interval of the difference. */
export function lossEffectsPlot(result: Result): Picture[] {
  const values = sensitivities(result).flatMap(({ design, parameter, values: seen, loss }) =>
    loss === undefined || loss.span === null || seen.length < 2
      ? []
      : [
          {
            parameter: result.space.blocks.length > 1 ? `${design}: ${parameter}` : parameter,
            span: loss.span.mean,
            low: loss.span.mean - loss.span.ci95,
            high: loss.span.mean + loss.span.ci95,
          },
        ],
  );
  if (values.length === 0) return [];
  const order = values.toSorted((a, b) => b.span - a.span).map(({ parameter }) => parameter);
  const y = { field: 'parameter', type: 'nominal', title: null, sort: order, axis: { labelLimit: 0 } };
  const x = {
    field: 'span',
    type: 'quantitative',
    title: 'largest mean loss less smallest, nats per target',
    axis: { format: '~g', tickCount: 6 },
  };
  return [
    {
      name: 'sensitivity-loss',
      title: 'How far each parameter moves the measured loss',
      caption: `Mean loss of the points with one value of the parameter less that of those with another, largest difference, on the ${result.raced?.effects?.targets} targets that all ran; lines are 95 % intervals, and a parameter whose interval holds 0 moves nothing for certain.`,
      spec: {
        data: { values },
        width: 480,
        height: { step: 22 },
        layer: [
          { mark: { type: 'bar', height: 10, opacity: 0.7 }, encoding: { x, y } },
          {
            mark: { type: 'rule', strokeWidth: 1.5 },
            encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y },
          },
        ],
      },
    },
  ];
}
