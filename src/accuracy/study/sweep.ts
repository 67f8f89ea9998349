import type { Approximation } from '../../approximation/approximation.ts';
import { precise } from '../../approximation/precise.ts';
import { pwl } from '../../approximation/pwl.ts';
import { taylor } from '../../approximation/taylor.ts';
import { vlp } from '../../approximation/vlp.ts';
import type { Anchor } from '../../vlp/window.ts';
import type { ActivationName } from '../../model/config/config.ts';
import { type NonlinearEvaluator, unitOf } from '../../model/layer/nonlinear.ts';

/** One panel of Fig. 6: a method for one kind of function, over two parameters; the other kind stays exact. */
export interface SweepPanel {
  method: 'vlp' | 'pwl' | 'taylor';
  function: 'softmax' | 'activation';
  yName: string;
  xName: string;
  ys: readonly number[];
  xs: readonly number[];
  approximation(y: number, x: number): Approximation;
}

/** The values of one model's panels that depend on where its optima lie. */
export interface FigureRanges {
  /** The end of its LUT window that is swept, and the exponents it is put at. */
  softmax: { anchor: Anchor; from: readonly number[] };
  activation: { anchor: Anchor; from: readonly number[] };
  /** Start of PWL's range of the exponential, and half its range of activations. */
  segmentsFrom: readonly number[];
  segmentsTo: readonly number[];
  /** Centre of Taylor's series. */
  centre: readonly number[];
}

/** Panels of Fig. 6, with three of the paper's five y values and its x values around the optima of a model. */
export function figurePanels(ranges: FigureRanges): SweepPanel[] {
  const windows = (name: SweepPanel['function']): SweepPanel => {
    const { anchor, from } = ranges[name];
    return {
      method: 'vlp',
      function: name,
      yName: 'LUT size',
      xName: anchor === 'max' ? 'largest exponent' : 'smallest exponent',
      ys: [8, 10, 12],
      xs: from,
      approximation: (size, at) =>
        vlp({
          window: anchor === 'max' ? { lo: at - (size - 1), hi: at } : { lo: at, hi: at + (size - 1) },
          anchor,
        }),
    };
  };
  return [
    windows('softmax'),
    windows('activation'),
    {
      method: 'pwl',
      function: 'softmax',
      yName: 'segments',
      xName: 'start of the range',
      ys: [20, 22, 24],
      xs: ranges.segmentsFrom,
      approximation: (y, x) => pwl({ segments: y, start: x }),
    },
    {
      method: 'pwl',
      function: 'activation',
      yName: 'segments',
      xName: 'half range',
      ys: [20, 22, 24],
      xs: ranges.segmentsTo,
      approximation: (y, x) => pwl({ segments: y, range: x }),
    },
    {
      method: 'taylor',
      function: 'softmax',
      yName: 'degree',
      xName: 'centre',
      ys: [6, 8, 9],
      xs: ranges.centre,
      approximation: (y, x) => taylor({ degree: y, centre: x }),
    },
  ];
}

/** The unit of one cell: the panel's function approximated, the other exact. */
export function sweepUnit(panel: SweepPanel, y: number, x: number): NonlinearEvaluator {
  const approximate = unitOf(panel.approximation(y, x));
  const exact = unitOf(precise());
  return panel.function === 'softmax'
    ? { softmax: approximate.softmax, activation: exact.activation }
    : { softmax: exact.softmax, activation: approximate.activation };
}

/** Whether the panel is defined for a model's activation. */
export const panelApplies = (panel: SweepPanel, activation: ActivationName): boolean =>
  panel.function === 'softmax' || activation !== 'relu';
