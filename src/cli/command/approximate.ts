import type { Command } from 'commander';
import { APPROXIMATIONS } from '../../approximation/index.ts';
import {
  type ApproximationRequest,
  costsOf,
  curves,
  labels,
  points,
  rangeErrors,
  softmaxErrors,
  unavailable,
} from '../../compare/approximation-errors.ts';
import { errorPlot, softmaxErrorPlot } from '../../compare/approximation-plot.ts';
import { unknownName } from '../../errors.ts';
import { DESIGN_OF_METHOD, nonlinearCost } from '../../compare/nonlinear-cost.ts';
import type { Row } from '../../present/csv.ts';
import { type PlotSpec, writePlot } from '../../present/plot.ts';
import { FUNCTION_NAMES } from '../../vlp/function.ts';
import { WINDOWLESS } from '../../vlp/windowless.ts';
import { version } from '../../version.ts';
import { define as command } from '../options/command.ts';
import {
  APPROXIMATION_FLAGS,
  type ApproximationFlags,
  refuseIdleApproximation,
} from '../options/approximate-options.ts';
import { output, remark } from '../options/output.ts';
import { vlpOptionsOf } from '../options/vlp-options.ts';
import { type MethodCosts, plainPoint, pointsText, rangesText, softmaxText } from '../show/approximate.ts';

const METHODS = Object.keys(APPROXIMATIONS);
const NAMES = ['softmax', ...FUNCTION_NAMES, ...Object.keys(WINDOWLESS)];

export const define = (program: Command): void =>
  command<ApproximationFlags>(program, {
    name: 'approximate',
    description:
      'Error of VLP, PWL, Taylor and others on a nonlinear function, over ranges or input by input',
    arguments: [{ name: '<function>', help: NAMES.join(', ') }],
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

async function approximate(
  name: string,
  flags: ApproximationFlags,
  given: ReadonlySet<string>,
): Promise<void> {
  if (!NAMES.includes(name)) throw unknownName('function', name, NAMES, '<function>');
  const asked = requestOf(name, flags);
  refuseIdleApproximation(asked, flags, given);
  const costs = flags.cost === true ? hardware(asked) : undefined;
  const { x: xs, keys, seed } = flags;
  if (xs !== undefined) {
    const rows = points(asked, xs).map(({ method, ...point }) => ({ method, ...plainPoint(point) }));
    return show(asked, rows, costs, flags, () => pointsText(asked, rows, costs));
  }
  if (name === 'softmax') {
    const rows = softmaxErrors(asked, keys, seed);
    await drawn(flags.plot, () => softmaxErrorPlot(rows));
    return show(asked, rows, costs, flags, () => softmaxText(asked, rows, { keys, seed }, costs));
  }
  const rows = rangeErrors(asked);
  await drawn(flags.plot, () => errorPlot(name, curves(asked)));
  return show(asked, rows, costs, flags, () => rangesText(asked, rows, costs));
}

/** The methods and their parameters; `all` leaves out what the function has not. */
function requestOf(name: string, flags: ApproximationFlags): ApproximationRequest {
  const all = flags.method.includes('all');
  for (const method of flags.method) {
    if (method !== 'all' && !METHODS.includes(method))
      throw unknownName('method', method, [...METHODS, 'all'], 'method');
  }
  const { segments, start, interval, centre, degree } = flags;
  const asked: ApproximationRequest = {
    name,
    methods: [...new Set(all ? METHODS : flags.method)],
    costs: costsOf(name),
    options: { vlp: vlpOptionsOf(flags, name), segments, start, range: interval, centre, degree },
  };
  const missing = unavailable(asked);
  if (all) return { ...asked, methods: asked.methods.filter((method) => !missing.has(method)) };
  for (const error of missing.values()) throw error;
  return asked;
}

async function drawn(file: string | undefined, plot: () => PlotSpec): Promise<void> {
  if (file === undefined) return;
  await writePlot(file, plot());
  remark(`wrote ${file}`);
}

function show(
  asked: ApproximationRequest,
  rows: readonly object[],
  hardware: MethodCosts,
  flags: ApproximationFlags,
  text: () => string,
): void {
  output(flags, {
    json: () => ({ mugi: version, function: asked.name, methods: labels(asked), hardware, rows }),
    csv: () => rows.map((row): Row => ({ ...row })),
    text,
  });
}

/** Cost of each method that a compared design has. */
function hardware({ costs, methods }: ApproximationRequest): MethodCosts {
  if (costs === undefined) return undefined;
  return methods.flatMap((method) => {
    const design = DESIGN_OF_METHOD[method];
    return design === undefined ? [] : [{ method, ...nonlinearCost(design, costs) }];
  });
}
