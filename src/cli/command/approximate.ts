import type { Command } from 'commander';
import {
  type ApproximationRequest,
  curves,
  labels,
  points,
  rangeErrors,
  softmaxErrors,
} from '../../compare/approximation-errors.ts';
import { errorPlot, softmaxErrorPlot } from '../../compare/approximation-plot.ts';
import { methodCosts } from '../../compare/nonlinear-cost.ts';
import { unknownName } from '../../errors.ts';
import type { Row } from '../../present/csv.ts';
import type { PlotSpec } from '../../present/figure.ts';
import { version } from '../../version.ts';
import { FUNCTION_NAMES } from '../../vlp/function.ts';
import { WINDOWLESS } from '../../vlp/windowless.ts';
import {
  APPROXIMATION_FLAGS,
  type ApproximationFlags,
  refuseIdleApproximation,
} from '../options/approximate-options.ts';
import { define as command } from '../options/command.ts';
import { output } from '../options/output.ts';
import { writeFigure } from '../options/written.ts';
import { type MethodCosts, plainPoint, pointsText, rangesText, softmaxText } from '../show/approximate.ts';
import { approximationRequest } from '../source/approximation.ts';

const NAMES = ['softmax', ...FUNCTION_NAMES, ...Object.keys(WINDOWLESS)];

export const define = (program: Command): void =>
  command<ApproximationFlags>(program, {
    name: 'approximate',
    description:
      'Error of VLP, PWL, Taylor and others on a nonlinear function, over ranges or input by input',
    arguments: [{ name: '<function>', help: NAMES.join(', '), offer: { words: () => NAMES } }],
    flags: APPROXIMATION_FLAGS,
    examples: [
      'mugi approximate exp',
      'mugi approximate exp --x -0.7,-3.2 --json',
      'mugi approximate silu --method all --plot silu.svg',
      'mugi approximate softmax --method all --cost',
      'mugi approximate gelu --window -6..1 --below linear',
      'mugi approximate inverse-sqrt-newton',
    ],
    run: ({ words: [name], flags, given }) => approximate(name, flags, given),
  });

/** What was found, its picture where it has one, and the table for people. */
interface Found {
  rows: readonly object[];
  plot?: () => PlotSpec;
  text: () => string;
}

async function approximate(
  name: string,
  flags: ApproximationFlags,
  given: ReadonlySet<string>,
): Promise<void> {
  if (!NAMES.includes(name)) throw unknownName('function', name, NAMES, '<function>');
  const asked = approximationRequest(name, flags);
  refuseIdleApproximation(asked, flags, given);
  const hardware =
    flags.cost === true && asked.costs !== undefined ? methodCosts(asked.methods, asked.costs) : undefined;
  const { rows, plot, text } = errors(asked, flags, hardware);
  if (flags.plot !== undefined && plot !== undefined) await writeFigure(flags.plot, plot());
  output(flags, {
    json: () => ({ mugi: version, function: name, methods: labels(asked), hardware, rows }),
    csv: () => rows.map((row): Row => ({ ...row })),
    text,
  });
}

/** Errors at single inputs, of softmax on random rows, or of a function over ranges. */
function errors(asked: ApproximationRequest, flags: ApproximationFlags, costs: MethodCosts): Found {
  const { x: xs, keys, seed } = flags;
  if (xs !== undefined) {
    const rows = points(asked, xs).map(({ method, ...point }) => ({ method, ...plainPoint(point) }));
    return { rows, text: () => pointsText(asked, rows, costs) };
  }
  if (asked.name === 'softmax') {
    const rows = softmaxErrors(asked, keys, seed);
    return {
      rows,
      plot: () => softmaxErrorPlot(rows),
      text: () => softmaxText(asked, rows, { keys, seed }, costs),
    };
  }
  const rows = rangeErrors(asked);
  return {
    rows,
    plot: () => errorPlot(asked.name, curves(asked)),
    text: () => rangesText(asked, rows, costs),
  };
}
