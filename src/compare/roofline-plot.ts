import type { Evaluation, OperatorEvaluation } from '../evaluate/evaluation.ts';
import { designName } from '../evaluate/metrics.ts';
import { roofOf } from '../evaluate/parts/figure.ts';
import { type NamedPlot, PALETTE, type PlotSpec } from '../present/figure.ts';

/** Bits that an operator moves over the chip's edge. */
const edgeBits = ({ work }: OperatorEvaluation): number => {
  const { input, weight, output } = work.dram;
  return input + weight + output;
};

/** One GEMM under the roof of its design. */
interface RooflinePoint {
  design: string;
  operator: string;
  phase: string;
  bound: string;
  /** MAC a byte that crosses the chip's edge. */
  intensity: number;
  /** MAC a second. */
  rate: number;
  time_s: number;
  /** Its place among the operators of the workload. */
  place: number;
}

/** MAC a byte from which on the array is the limit. */
function ridgeOf(evaluation: Evaluation): number {
  const { rate, bytes } = roofOf(evaluation);
  return rate / bytes;
}

/** The GEMMs of an evaluation with what they reach. */
function rooflinePoints(evaluation: Evaluation): RooflinePoint[] {
  const design = designName(evaluation);
  return evaluation.operators
    .map((one, place) => ({ ...one, place }))
    .filter((one) => one.work.macs > 0 && one.time > 0 && edgeBits(one) > 0)
    .map((one) => ({
      design,
      operator: one.operator.name,
      phase: one.operator.phase,
      bound: one.bound,
      intensity: one.work.macs / (edgeBits(one) / 8),
      rate: one.work.macs / one.time,
      time_s: one.time,
      place: one.place,
    }));
}

/**
 * Rooflines (Williams, Waterman, Patterson, CACM 2009) of some designs, with a dot for every GEMM; its area is the time that
 * it takes. Those at the places that are chosen have a ring.
 */
export function rooflinePlot(
  evaluations: readonly Evaluation[],
  chosen: ReadonlySet<number> = new Set(),
): NamedPlot {
  const values = evaluations.flatMap(rooflinePoints);
  const names = evaluations.map(designName);
  const [least, most] = [
    // The slope is shown too where every GEMM is under the flat.
    Math.min(...values.map(({ intensity }) => intensity), ...evaluations.map(ridgeOf)) / 4,
    Math.max(...values.map(({ intensity }) => intensity)) * 2,
  ];
  const roofs = evaluations.flatMap((evaluation) => {
    const { rate, bytes } = roofOf(evaluation);
    const ridge = ridgeOf(evaluation);
    return [least, ...(ridge > least && ridge < most ? [ridge] : []), most].map((intensity) => ({
      design: designName(evaluation),
      intensity,
      rate: Math.min(rate, intensity * bytes),
    }));
  });
  const axis = { format: '~s', tickCount: 6 };
  const x = {
    field: 'intensity',
    type: 'quantitative',
    scale: { type: 'log', nice: false },
    title: 'MAC / byte off chip',
    axis,
  } as const;
  const y = { field: 'rate', type: 'quantitative', scale: { type: 'log' }, title: 'MAC / s', axis } as const;
  const color = {
    field: 'design',
    type: 'nominal',
    sort: names,
    scale: { domain: names, range: [PALETTE[0], PALETTE[5]] },
    title: null,
  } as const;
  const area = {
    field: 'time_s',
    type: 'quantitative',
    title: 'time (s)',
    scale: { range: [25, 900], domain: [0, Math.max(0, ...values.map(({ time_s }) => time_s))] },
  } as const;
  const shape = { field: 'phase', type: 'nominal', title: null } as const;
  const rings = values.filter(({ place }) => chosen.has(place));
  return {
    name: 'roofline',
    title: 'Roofline',
    caption:
      'A line is what a design could do at most; a dot is a GEMM, larger the more time it takes. Under the slope, memory is the limit; under the flat, the array.',
    spec: {
      width: 620,
      height: 340,
      layer: [
        { data: { values: roofs }, mark: { type: 'line', strokeWidth: 2 }, encoding: { x, y, color } },
        {
          data: { values },
          mark: { type: 'point', filled: true, opacity: 0.7 },
          encoding: {
            x,
            y,
            color,
            shape,
            size: area,
            tooltip: [
              { field: 'operator', type: 'nominal' },
              { field: 'phase', type: 'nominal' },
              { field: 'bound', type: 'nominal' },
              { field: 'time_s', type: 'quantitative', format: '.3s' },
            ],
          },
        },
        ...(rings.length === 0
          ? []
          : [
              {
                data: { values: rings },
                mark: { type: 'point', style: 'chosen', strokeWidth: 3, filled: false },
                encoding: { x, y, shape, size: area },
              },
            ]),
      ],
    } as PlotSpec,
  };
}
