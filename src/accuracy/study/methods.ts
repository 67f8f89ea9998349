import type { Approximation } from '../../approximation/approximation.ts';
import { approximationNamed } from '../../approximation/index.ts';
import { precise } from '../../approximation/precise.ts';
import { MugiError, unknownName } from '../../errors.ts';
import { sharedKernels } from '../../model/weight/kernel-memory.ts';
import type { ActivationName, ModelConfig } from '../../model/config/config.ts';
import { placesOf } from '../../model/config/places.ts';
import { exactNonlinear, type NonlinearEvaluator, unitOf } from '../../model/layer/nonlinear.ts';
import { newStatistics, type Statistics } from '../../vlp/statistics.ts';
import type { RangeCount } from '../score/score-runs.ts';
import { windowFor } from '../windows/window-file.ts';
import { WINDOW_EXPONENTS } from '../../vlp/array.ts';
import { plannedUnit } from '../plan/planned-functions.ts';
import { PLAIN_SWITCHES, showSwitches } from '../../vlp/switches.ts';
import { type Method, METHODS } from './methods-list.ts';
import { activationOptions, otherFunctions, softmaxOptions } from './other-functions.ts';
import type { MethodUnit, NonlinearSettings } from './method-settings.ts';

export { type Method, METHODS };
export type { MethodUnit, NonlinearSettings };

export const DEFAULT_SETTINGS: NonlinearSettings = {
  mode: 'hardware',
  mantissaBits: 3,
  lutSize: WINDOW_EXPONENTS,
  groupRows: 128,
  rowSum: 'fp32',
  functions: PLAIN_SWITCHES,
  windows: [],
};

/** A method by name; an unknown one is refused with the nearest. */
export function methodNamed(name: string): Method {
  const found = METHODS.find((method) => method === name);
  if (found === undefined) throw unknownName('method', name, METHODS, 'method');
  return found;
}

/** All methods that are defined for the model's functions: `pa` replaces SiLU only (MobileNetV3's h-swish). */
export const defaultMethods = (config: ModelConfig): Method[] =>
  METHODS.filter((method) => method !== 'pa' || config.activation === 'silu');

/** Refuses methods that are not defined for the model's functions, before anything is computed. */
export function checkMethods(methods: readonly Method[], config: ModelConfig): void {
  if (!methods.includes('pa') || config.activation === 'silu') return;
  throw new MugiError({
    code: 'unsupported',
    message: `pa replaces SiLU only; the model's activation is ${config.activation}`,
    path: 'method',
    expected: `one of ${defaultMethods(config).join(', ')}`,
    received: 'pa',
  });
}

/** The nonlinear functions of a model by one method. */
export function methodUnit(method: Method, config: ModelConfig, settings: NonlinearSettings): MethodUnit {
  checkMethods([method], config);
  const { plan, ...common } = settings;
  if (method === 'vlp' && plan !== undefined) {
    const planned = plannedUnit(plan, config, common, (name, own) => methodUnit(name, config, own));
    return { ...planned, unit: { ...planned.unit, ...otherFunctions(config, settings) } };
  }
  if (method === 'exact') return { unit: exactNonlinear, ranges: noRanges, label: 'exact' };
  const statistics = newStatistics();
  const ranges = () => drain(statistics);
  if (method === 'vlp')
    return { unit: vlpUnit(config, settings, statistics), ranges, label: vlpLabel(config, settings) };
  const { softmax, activation, label, outside } = baseline(method, config);
  const count: RangeCount = { inputs: 0, clamped: 0 };
  const counted = (): RangeCount => {
    const result = { ...count };
    Object.assign(count, { inputs: 0, clamped: 0 });
    return result;
  };
  const unit = combined(unitOf(softmax), unitOf(activation));
  return { unit: counting(unit, outside, count), ranges: counted, label };
}

/** Counts the inputs that lie outside a baseline's range, softmax inputs after subtraction of the row maximum. */
function counting(unit: NonlinearEvaluator, outside: Outside, count: RangeCount): NonlinearEvaluator {
  return {
    softmax(call) {
      for (let r = 0; r < call.rows; r++) {
        const row = call.scores.subarray(r * call.columns, r * call.columns + call.lengths[r]);
        let max = -Infinity;
        for (let i = 0; i < row.length; i++) if (row[i] > max) max = row[i];
        for (let i = 0; i < row.length; i++) if (row[i] - max < outside.softmaxBelow) count.clamped += 1;
        count.inputs += row.length;
      }
      unit.softmax(call);
    },
    activation(call) {
      const { values } = call;
      for (let i = 0; i < values.length; i++)
        if (Math.abs(values[i]) > outside.activationBeyond) count.clamped += 1;
      count.inputs += values.length;
      unit.activation(call);
    },
  };
}

/** Where a baseline stops to approximate and flushes or passes its inputs. */
interface Outside {
  softmaxBelow: number;
  activationBeyond: number;
}

/** Ranges of what has none. */
export const noRanges = (): RangeCount => ({ inputs: 0, clamped: 0 });

/** Reads and clears the counts: everything that is neither inside the range nor zero, masked or special. */
function drain(statistics: Statistics): RangeCount {
  const inputs = statistics.total - statistics.masked;
  const clamped = statistics.below + statistics.above + statistics.clamped;
  Object.assign(statistics, newStatistics());
  return { inputs, clamped };
}

const combined = (softmax: NonlinearEvaluator, activation: NonlinearEvaluator): NonlinearEvaluator => ({
  softmax: (call) => softmax.softmax(call),
  activation: (call) => activation.activation(call),
});

/** VLP with a window for every layer, and for every head where the windows say so. */
function vlpUnit(
  config: ModelConfig,
  settings: NonlinearSettings,
  statistics: Statistics,
): NonlinearEvaluator {
  const options = (name: string, layer: number, head?: number) => {
    const entry = windowFor(settings.windows, name, layer, head);
    return {
      mode: settings.mode,
      mantissaBits: settings.mantissaBits,
      group: settings.groupRows,
      accumulate: settings.mode === 'artifact' ? undefined : settings.rowSum,
      ...(name === 'softmax' ? softmaxOptions(settings.functions) : activationOptions(settings.functions)),
      ...(entry ? { window: { lo: entry.lo, hi: entry.hi }, anchor: entry.anchor } : {}),
    };
  };
  // Operators with the same window are one operator: their tables are built once.
  const operators = new Map<string, unknown>();
  const once = <T>(key: string, make: () => T): T => {
    if (!operators.has(key)) operators.set(key, make());
    return operators.get(key) as T;
  };
  const places = placesOf(config);
  const softmax = places.softmax.map((heads, layer) =>
    Array.from({ length: heads }, (_, head) => {
      const chosen = options('softmax', layer, head);
      return once(`softmax ${JSON.stringify(chosen)}`, () => sharedKernels().softmax(chosen));
    }),
  );
  const activation = Array.from({ length: places.activation }, (_, layer) => {
    const chosen = options(config.activation, layer);
    const name: ActivationName = config.activation;
    return name === 'relu'
      ? undefined
      : once(`${name} ${JSON.stringify(chosen)}`, () => sharedKernels().elementwise(name, chosen));
  });
  return {
    ...otherFunctions(config, settings),
    softmax({ layer, firstHead, heads, scores, rows, columns, lengths }) {
      const perHead = rows / heads;
      // Neighbouring heads with one window go together: their rows share sliding windows.
      for (let h = 0; h < heads; ) {
        const operator = softmax[layer][firstHead + h];
        let end = h + 1;
        while (end < heads && softmax[layer][firstHead + end] === operator) end += 1;
        const part = scores.subarray(h * perHead * columns, end * perHead * columns);
        operator({
          scores: part,
          out: part,
          rows: (end - h) * perHead,
          cols: columns,
          lengths: lengths.subarray(h * perHead, end * perHead),
          statistics,
        });
        h = end;
      }
    },
    activation(call) {
      const operator = activation[call.layer];
      if (operator) operator(call.values, call.values, call.rows, call.width, { statistics });
      else exactNonlinear.activation(call);
    },
  };
}

function vlpLabel(config: ModelConfig, settings: NonlinearSettings): string {
  const { softmax, activation } = placesOf(config);
  const range = (name: string, places: number): string => {
    const tops = Array.from({ length: places }, (_, layer) => {
      const entry = windowFor(settings.windows, name, layer, 0);
      return `${entry?.lo ?? -4}..${entry?.hi ?? 3}`;
    });
    return new Set(tops).size === 1 ? tops[0] : tops.join(' ');
  };
  const parts = [
    `softmax [${range('softmax', softmax.length)}]`,
    `${config.activation} [${range(config.activation, activation)}]`,
  ];
  if (settings.mode !== 'hardware') parts.push(settings.mode);
  const switched = showSwitches(settings.functions);
  if (switched !== '') parts.push(switched);
  return `${parts.join(', ')}, ${settings.mantissaBits}-bit mantissa`;
}

/** What VLP is compared with, at its default settings, those of the paper's hardware (Mugi §5.2.2). */
function baseline(
  method: Exclude<Method, 'vlp' | 'exact'>,
  config: ModelConfig,
): { softmax: Approximation; activation: Approximation; label: string; outside: Outside } {
  const approximation = approximationNamed(method);
  const gate = approximation.supports(config.activation);
  // Partial approximation replaces SiLU only; Taylor as published, exp only.
  const softmax = method !== 'pa';
  const exact = precise();
  const left = [softmax ? '' : 'softmax exact', gate ? '' : `${config.activation} exact`].filter(Boolean);
  return {
    softmax: softmax ? approximation : exact,
    activation: gate ? approximation : exact,
    label: [approximation.label, ...left].join(', '),
    outside: {
      softmaxBelow: softmax ? approximation.interval('softmax').from : -Infinity,
      activationBeyond: gate ? approximation.interval(config.activation).to : Infinity,
    },
  };
}
