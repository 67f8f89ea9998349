import { Argument, type Command, Option } from 'commander';
import { APPROXIMATIONS } from '../../approximation/index.ts';
import type { ApproximationPoint } from '../../approximation/points.ts';
import { MugiError, unknownName, wholeNumber } from '../../errors.ts';
import { DESIGN_OF_METHOD, type NonlinearCost, nonlinearCost } from '../../evaluate/nonlinear-cost.ts';
import { hex } from '../../number/bf16.ts';
import {
  type ErrorRow,
  errorPlot,
  softmaxErrorPlot,
  type SoftmaxRow,
} from '../../compare/approximation-plot.ts';
import { toCsv } from '../../present/csv.ts';
import { writePlot } from '../../present/plot.ts';
import { readable, textTable } from '../../present/table.ts';
import { FUNCTION_NAMES } from '../../vlp/function.ts';
import { WINDOWLESS } from '../../vlp/windowless.ts';
import {
  type Asked,
  costsOf,
  curves,
  labels,
  points,
  rangeErrors,
  softmaxErrors,
  unavailable,
} from '../job/approximate-job.ts';
import { list, number } from '../options/command.ts';
import { version } from '../../version.ts';
import { type Flags, refuseIdle } from '../options/approximate-flags.ts';
import { addModeOptions, addWindowOptions, vlpOptionsOf } from '../options/vlp-options.ts';

const METHODS = Object.keys(APPROXIMATIONS);
const NAMES = ['softmax', ...FUNCTION_NAMES, ...Object.keys(WINDOWLESS)];

export function define(program: Command): void {
  const whole = (flag: string, min: number, max: number) => (text: string) =>
    wholeNumber(flag, number(flag)(text), min, max);
  const command = program
    .command('approximate')
    .description(
      'Error of VLP, PWL, Taylor and others on a nonlinear function, over ranges or input by input',
    )
    .addArgument(new Argument('<function>', NAMES.join(', ')))
    .option('--method <list>', `${METHODS.join(', ')}, or all`, list('--method'), ['vlp'])
    .option('--x <values>', 'answers to these inputs, a,b,…, as one group (softmax: as one row)', numbers);
  addModeOptions(addWindowOptions(command))
    .option('--segments <n>', 'PWL: lines', whole('--segments', 1, 1024))
    .option('--start <x>', 'PWL: exp is covered from here to 0', number('--start'))
    .option('--interval <x>', 'PWL: activations are covered from −x to x', number('--interval'))
    .option('--centre <x>', 'Taylor as published: centre', number('--centre'))
    .option('--degree <n>', 'Taylor: highest power', whole('--degree', 1, 30))
    .option('--cost', 'beside the errors, what the method costs in hardware (softmax and activations)')
    .option('--keys <n>', 'softmax: scores in a row (default: 1024)', whole('--keys', 1, 1 << 20))
    .option('--seed <n>', 'softmax: seed of the scores (default: 1)', whole('--seed', 0, 2 ** 32 - 1))
    .option('--plot <file>', 'draw the relative error, as .svg, .png or .json')
    .option('--json', 'print one JSON object')
    .addOption(new Option('--csv', 'print CSV rows').conflicts('json'))
    .addHelpText(
      'after',
      `
Examples:
  mugi approximate exp
  mugi approximate exp --x -0.7,-3.2 --json
  mugi approximate silu --method all --plot silu.svg
  mugi approximate softmax --method all --cost
  mugi approximate gelu --window -6..1 --below linear
  mugi approximate inverse-sqrt-newton`,
    )
    .action((name: string, flags: Flags) => approximate(name, flags));
}

async function approximate(name: string, flags: Flags): Promise<void> {
  if (!NAMES.includes(name)) throw unknownName('function', name, NAMES, '<function>');
  const all = flags.method.includes('all');
  for (const method of flags.method) {
    if (method !== 'all' && !METHODS.includes(method))
      throw unknownName('method', method, [...METHODS, 'all'], '--method');
  }
  const { segments, start, interval, centre, degree } = flags;
  const asked: Asked = {
    name,
    methods: [...new Set(all ? METHODS : flags.method)],
    costs: costsOf(name),
    options: { vlp: vlpOptionsOf(flags, name), segments, start, range: interval, centre, degree },
  };
  const missing = unavailable(asked);
  if (all) asked.methods = asked.methods.filter((method) => !missing.has(method));
  else for (const error of missing.values()) throw error;
  refuseIdle(asked, flags);
  if (flags.x !== undefined) {
    return printPoints(asked, flags.x, flags);
  }
  if (name === 'softmax') return printSoftmax(asked, flags);
  return printRanges(asked, flags);
}

function printPoints(asked: Asked, xs: readonly number[], flags: Flags): void {
  const rows = points(asked, xs).map(({ method, ...point }) => ({ method, ...plain(point) }));
  if (print(asked, rows, flags)) return;
  const header = ['method', 'x', 'BF16', 'y', 'BF16', 'exact', 'rel. error', 'region'];
  const cells = rows.map((row) => [
    row.method,
    String(row.x),
    hex(row.x_bf16_bits),
    String(row.y),
    hex(row.y_bf16_bits),
    readableOrWord(row.exact),
    shown(row.rel_error),
    row.region,
  ]);
  process.stdout.write(`${textTable(header, cells)}\n\n${legend(asked, flags)}`);
}

/** JSON has no NaN and no infinities, so those are words. */
function plain(point: ApproximationPoint) {
  const word = (value: number): number | string => (Number.isFinite(value) ? value : String(value));
  return {
    x: word(point.x),
    x_bf16_bits: point.x_bf16_bits,
    y: word(point.y),
    y_bf16_bits: point.y_bf16_bits,
    exact: word(point.exact),
    rel_error: word(point.rel_error),
    region: point.region,
  };
}

async function printRanges(asked: Asked, flags: Flags): Promise<void> {
  const rows: ErrorRow[] = rangeErrors(asked);
  if (flags.plot !== undefined) {
    await writePlot(flags.plot, errorPlot(asked.name, curves(asked)));
    process.stderr.write(`wrote ${flags.plot}\n`);
  }
  if (print(asked, rows, flags)) return;
  const header = ['method', 'inputs', 'error from', 'to', 'mean', 'largest |y − f|', 'worst at'];
  const cells = rows.map((row) => [
    row.method,
    `${row.negative ? '−' : '+'}[${row.near}, ${row.far})`,
    shown(row.min_rel_error),
    shown(row.max_rel_error),
    shown(row.mean_abs_rel_error),
    readable(row.max_abs_error),
    String(row.worst_x),
  ]);
  process.stdout.write(
    `${asked.name}: relative error y/f(x) − 1 over all BF16 inputs of a sign with |x| in a range, each a group of its own\n\n${textTable(header, cells)}\n\n${worst(rows)}\n${legend(asked, flags)}`,
  );
}

/** The worst input of each method by absolute error. */
function worst(rows: readonly ErrorRow[]): string {
  const methods = [...new Set(rows.map(({ method }) => method))];
  const lines = methods.map((method) => {
    const own = rows.filter((row) => row.method === method);
    const top = own.reduce((a, b) => (b.max_abs_error > a.max_abs_error ? b : a));
    return `  ${method}: ${readable(top.max_abs_error)} for |x| in ${top.negative ? '−' : '+'}[${top.near}, ${top.far})`;
  });
  return `Largest absolute error:\n${lines.join('\n')}\n`;
}

async function printSoftmax(asked: Asked, flags: Flags): Promise<void> {
  const rows: SoftmaxRow[] = softmaxErrors(asked, flags.keys ?? 1024, flags.seed ?? 1);
  if (flags.plot !== undefined) {
    await writePlot(flags.plot, softmaxErrorPlot(rows));
    process.stderr.write(`wrote ${flags.plot}\n`);
  }
  if (print(asked, rows, flags)) return;
  const header = [
    'method',
    'σ',
    'mean KL',
    'largest KL',
    'total variation',
    'largest',
    'certified',
    'flushed',
  ];
  const cells = rows.map((row) => [
    row.method,
    row.sigma,
    row.kl.toExponential(2),
    row.max_kl.toExponential(2),
    row.total_variation.toExponential(2),
    row.max_total_variation.toExponential(2),
    row.certified_total_variation?.toExponential(2) ?? '',
    row.flushed_mass.toExponential(2),
  ]);
  process.stdout.write(
    `softmax of ${rows[0].rows} rows of ${flags.keys ?? 1024} normal scores of deviation σ, seed ${flags.seed ?? 1}, against the exact softmax (nats)\n\n${textTable(header, cells)}\n\n${legend(asked, flags)}`,
  );
}

function print(asked: Asked, rows: readonly object[], flags: Flags): boolean {
  if (flags.json === true) {
    const head = {
      mugi: version,
      function: asked.name,
      methods: labels(asked),
      hardware: hardware(asked, flags),
    };
    process.stdout.write(`${JSON.stringify({ ...head, rows }, null, 2)}\n`);
  } else if (flags.csv === true) process.stdout.write(toCsv(rows.map((row) => ({ ...row }))));
  return flags.json === true || flags.csv === true;
}

function legend(asked: Asked, flags: Flags): string {
  const lines = Object.entries(labels(asked)).map(([method, label]) => `${method}: ${label}\n`);
  const costs = hardware(asked, flags);
  if (costs === undefined) return lines.join('');
  if (costs.length === 0)
    return `${lines.join('')}\nHardware: no compared design computes these methods (docs/vlp.md)\n`;
  const header = ['method', 'design', 'elements/ns', 'pJ/element', 'own mm²', 'elements/ns/mm²'];
  const cells = costs.map(({ method, design, elements_per_ns, energy_pJ, own_area_mm2 }) => [
    method,
    design,
    ...[elements_per_ns, energy_pJ, own_area_mm2, elements_per_ns / own_area_mm2].map(readable),
  ]);
  return `${lines.join('')}\nHardware (docs/vlp.md): ${asked.costs} of Llama 2 7B, batch 8, context 4096, corrected model\n${textTable(header, cells)}\n`;
}

/** Cost of each method that a compared design has, when it is asked for. */
function hardware(asked: Asked, { cost }: Flags): ({ method: string } & NonlinearCost)[] | undefined {
  const { costs } = asked;
  if (cost !== true || costs === undefined) return undefined;
  return asked.methods.flatMap((method) => {
    const design = DESIGN_OF_METHOD[method];
    return design === undefined ? [] : [{ method, ...nonlinearCost(design, costs) }];
  });
}

const shown = (share: number | string): string =>
  typeof share === 'string' ? share : Number.isNaN(share) ? '' : percentage(share);

function percentage(share: number): string {
  const percent = share * 100;
  if (Math.abs(percent) >= 1000) return `${percent.toExponential(1)} %`;
  return `${percent.toFixed(2)} %`;
}

const readableOrWord = (value: number | string): string =>
  typeof value === 'number' ? value.toPrecision(6) : value;

function numbers(text: string): number[] {
  const words = list('--x')(text);
  return words.map((word) => {
    const named = { nan: Number.NaN, inf: Infinity, '+inf': Infinity, '-inf': -Infinity }[word.toLowerCase()];
    const value = named ?? Number(word);
    if (named !== undefined || !Number.isNaN(value)) return value;
    throw new MugiError({
      code: 'invalid-value',
      message: '--x takes numbers, NaN, inf and -inf',
      path: '--x',
      expected: 'for example -0.7,-3.2',
      received: word,
    });
  });
}
