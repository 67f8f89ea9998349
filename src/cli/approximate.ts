import { Argument, type Command } from 'commander';
import { APPROXIMATIONS } from '../approximation/index.ts';
import type { Point } from '../approximation/points.ts';
import { MugiError, unknownName, wholeNumber } from '../errors.ts';
import { hex } from '../number/bf16.ts';
import { type ErrorRow, errorPlot, softmaxErrorPlot, type SoftmaxRow } from '../report/approximation-plot.ts';
import { toCsv } from '../report/csv.ts';
import { writePlot } from '../report/plot.ts';
import { readable, textTable } from '../report/table.ts';
import { FUNCTION_NAMES, functionNamed } from '../vlp/function.ts';
import { WINDOWLESS } from '../vlp/windowless.ts';
import {
  type Asked,
  curves,
  labels,
  points,
  rangeErrors,
  softmaxErrors,
  unavailable,
} from './approximate-job.ts';
import { list, number } from './command.ts';
import { version } from './version.ts';
import { addModeOptions, addWindowOptions, type ModeFlags, vlpOptionsOf } from './vlp-options.ts';

interface Flags extends ModeFlags {
  method: string[];
  x?: number[];
  segments?: number;
  start?: number;
  interval?: number;
  centre?: number;
  degree?: number;
  keys: number;
  seed: number;
  plot?: string;
  json?: boolean;
  csv?: boolean;
}

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
    .option('--keys <n>', 'softmax: scores in a row', whole('--keys', 1, 1 << 20), 1024)
    .option('--seed <n>', 'softmax: seed of the scores', whole('--seed', 0, 2 ** 32 - 1), 1)
    .option('--plot <file>', 'draw the relative error, as .svg, .png or .json')
    .option('--json', 'print one JSON object')
    .option('--csv', 'print CSV rows')
    .addHelpText(
      'after',
      `
Examples:
  mugi approximate exp
  mugi approximate exp --x -0.7,-3.2 --json
  mugi approximate silu --method all --plot silu.svg
  mugi approximate softmax --method vlp,pwl,taylor
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

/** Refuses flags that would have no effect, rather than let a result be taken for what it is not. */
function refuseIdle({ name, methods }: Asked, flags: Flags): void {
  const has = (...wanted: string[]): boolean => wanted.some((method) => methods.includes(method));
  const softmax = name === 'softmax';
  const windowed = has('vlp') && !Object.hasOwn(WINDOWLESS, name);
  const linear = windowed && !softmax && functionNamed(name).slope !== undefined;
  const idle: [keyof Flags, boolean, string][] = [
    ['plot', flags.x === undefined, 'draws ranges, and has nothing to draw with --x'],
    ['window', windowed, 'is for functions that VLP evaluates in a window'],
    ['windows', windowed, 'is for functions that VLP evaluates in a window'],
    ['layer', flags.windows !== undefined, 'needs --windows'],
    ['anchor', windowed, 'is for functions that VLP evaluates in a window'],
    [
      'below',
      windowed && (linear || flags.below === 'zero'),
      `has no linear limit for ${name}: f(0) is not 0`,
    ],
    ['range', windowed && (softmax || name === 'exp'), 'is for exp and softmax under VLP'],
    ['normalise', softmax && has('vlp'), 'is for softmax under VLP'],
    ['segments', has('pwl', 'pwl-fair'), 'is for pwl and pwl-fair'],
    [
      'start',
      has('pwl', 'pwl-fair') && (softmax || name === 'exp'),
      'is for exp and softmax by pwl and pwl-fair',
    ],
    [
      'interval',
      has('pwl', 'pwl-fair') && !softmax && name !== 'exp',
      'is for activations by pwl and pwl-fair',
    ],
    ['centre', has('taylor'), 'is for taylor'],
    ['degree', has('taylor', 'taylor-fair'), 'is for taylor and taylor-fair'],
  ];
  for (const [key, used, why] of idle) {
    if (used || flags[key] === undefined) continue;
    throw new MugiError({ code: 'invalid-value', message: `--${key} ${why}`, path: `--${key}` });
  }
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
  process.stdout.write(`${textTable(header, cells)}\n\n${legend(asked)}`);
}

/** JSON has no NaN and no infinities, so those are words. */
function plain(point: Point) {
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
    `${asked.name}: relative error y/f(x) − 1 over all BF16 inputs of a sign with |x| in a range\n\n${textTable(header, cells)}\n\n${worst(rows)}\n${legend(asked)}`,
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
  const rows: SoftmaxRow[] = softmaxErrors(asked, flags.keys, flags.seed);
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
    `softmax of ${rows[0]!.rows} rows of ${flags.keys} normal scores of deviation σ, seed ${flags.seed}, against the exact softmax (nats)\n\n${textTable(header, cells)}\n\n${legend(asked)}`,
  );
}

function print(asked: Asked, rows: readonly object[], flags: Flags): boolean {
  if (flags.json === true) {
    const head = { mugi: version, function: asked.name, methods: labels(asked) };
    process.stdout.write(`${JSON.stringify({ ...head, rows }, null, 2)}\n`);
  } else if (flags.csv === true) process.stdout.write(toCsv(rows.map((row) => ({ ...row }))));
  return flags.json === true || flags.csv === true;
}

function legend(asked: Asked): string {
  return Object.entries(labels(asked))
    .map(([method, label]) => `${method}: ${label}\n`)
    .join('');
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
