import type { Approximation } from '../../approximation/approximation.ts';
import { precise } from '../../approximation/precise.ts';
import { pwl } from '../../approximation/pwl.ts';
import { taylor } from '../../approximation/taylor.ts';
import { vlp } from '../../approximation/vlp.ts';
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

const window = (size: number, anchor: number) => ({ lo: anchor - (size - 1), hi: anchor });

/** The panels of Fig. 6 with the paper's y values and x ranges around its optima (max-anchored windows). */
export const FIG6_PANELS: readonly SweepPanel[] = [
  {
    method: 'vlp',
    function: 'softmax',
    yName: 'LUT size',
    xName: 'largest exponent',
    ys: [8, 10, 12],
    xs: [0, 1, 2, 3, 4],
    approximation: (y, x) => vlp({ window: window(y, x) }),
  },
  {
    method: 'vlp',
    function: 'activation',
    yName: 'LUT size',
    xName: 'largest exponent',
    ys: [8, 10, 12],
    xs: [0, 1, 2, 3, 4],
    approximation: (y, x) => vlp({ window: window(y, x) }),
  },
  {
    method: 'pwl',
    function: 'softmax',
    yName: 'segments',
    xName: 'start of the range',
    ys: [20, 22, 24],
    xs: [-20, -19, -18, -17, -16],
    approximation: (y, x) => pwl({ segments: y, start: x }),
  },
  {
    method: 'pwl',
    function: 'activation',
    yName: 'segments',
    xName: 'half range',
    ys: [20, 22, 24],
    xs: [3, 4, 5, 6, 7],
    approximation: (y, x) => pwl({ segments: y, range: x }),
  },
  {
    method: 'taylor',
    function: 'softmax',
    yName: 'degree',
    xName: 'centre',
    ys: [6, 8, 9],
    xs: [-7, -6, -5, -4, -3],
    approximation: (y, x) => taylor({ degree: y, centre: x }),
  },
];

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
