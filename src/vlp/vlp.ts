import { MugiError, unknownName } from '../errors.ts';
import { applyElementwise, type ElementwiseCall } from './elementwise.ts';
import { FUNCTIONS, functionNamed, type NonlinearFunction } from './function.ts';
import { createArtifactSoftmax } from './artifact-softmax.ts';
import { configure, label, type VlpConfig, type VlpOptions } from './mode.ts';
import { createSoftmax } from './softmax.ts';
import type { SoftmaxCall } from './softmax-call.ts';
import { type Tables, tablesOf } from './tables.ts';

/** A function evaluated by VLP: its tables, and its application to tensors. */
export interface VlpFunction {
  readonly fn: NonlinearFunction;
  readonly config: VlpConfig;
  readonly tables: Tables;
  /** y = f(x) over [rows, cols]; see `applyElementwise`. */
  apply(
    x: Float32Array,
    out: Float32Array,
    rows: number,
    cols: number,
    options?: Pick<ElementwiseCall, 'statistics' | 'regions'>,
  ): void;
}

/** What a user must say about a function of their own; everything has a default. */
export interface FunctionDescription {
  name?: string;
  domain?: NonlinearFunction['domain'];
  above?: Partial<NonlinearFunction['above']>;
  zero?: number;
  slope?: number;
}

/** VLP evaluation of a named function. */
function named(name: string, options: VlpOptions = {}): VlpFunction {
  return create(functionNamed(name), configure(options));
}

/**
 * VLP evaluation of any real function: `vlp.of(Math.atan)`. Without a description both signs are stored, zero
 * answers f(0), and beyond the window the outermost LUT entry is repeated.
 */
function of(
  f: (x: number) => number,
  description: FunctionDescription = {},
  options: VlpOptions = {},
): VlpFunction {
  const zero = description.zero ?? f(0);
  if (Number.isNaN(zero)) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'the function has no value at 0, and every VLP unit must answer an input of 0',
      path: 'zero',
      expected: 'f(0) a number, or the option zero',
      received: 'NaN',
    });
  }
  checkDescription(description);
  const name = description.name ?? (f.name === '' ? 'function' : f.name);
  const fn: NonlinearFunction = {
    name,
    title: name,
    exact: f,
    domain: description.domain ?? 'both',
    above: { positive: 'saturate', negative: 'saturate', ...description.above },
    zero,
    slope: description.slope,
    monotone: false,
  };
  return create(fn, configure(options));
}

/** Refuses what no post-processing could do. */
function checkDescription({ domain, above = {}, slope }: FunctionDescription): void {
  const domains = ['negative', 'positive', 'both'];
  if (domain !== undefined && !domains.includes(domain))
    throw unknownName('domain', domain, domains, 'domain');
  for (const [sign, rule] of Object.entries(above)) {
    if (typeof rule === 'number' || rule === 'pass' || rule === 'saturate') continue;
    throw unknownName(
      'rule above the window',
      String(rule),
      ['pass', 'saturate', 'a number'],
      `above.${sign}`,
    );
  }
  if (slope === undefined || Number.isInteger(Math.log2(Math.abs(slope)))) return;
  throw new MugiError({
    code: 'invalid-value',
    message: 'the linear limit is an exponent change: its slope must be a power of two',
    path: 'slope',
    received: String(slope),
    nearest: String(2 ** Math.round(Math.log2(Math.abs(slope)))),
  });
}

function create(fn: NonlinearFunction, config: VlpConfig): VlpFunction {
  const tables = tablesOf(fn, config);
  return {
    fn,
    config,
    tables,
    apply: (x, out, rows, cols, options = {}) =>
      applyElementwise(tables, config, { x, out, rows, cols, ...options }),
  };
}

/** Softmax by VLP along the rows of [rows, cols]. */
function softmax(options: VlpOptions = {}): {
  config: VlpConfig;
  tables: Tables;
  apply: (call: SoftmaxCall) => void;
} {
  const config = configure(options.below === 'linear' ? { ...options, below: 'zero' } : options);
  const tables = tablesOf(FUNCTIONS.exp, config);
  const make = config.mode === 'artifact' ? createArtifactSoftmax : createSoftmax;
  return { config, tables, apply: make(tables, config) };
}

/** Value-level parallelism as arithmetic: the entry to this folder. */
export const vlp = { named, of, create, softmax, configure, label };
