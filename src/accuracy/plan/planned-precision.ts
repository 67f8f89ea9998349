import { MugiError, nearest, unknownName } from '../../errors.ts';
import type { WeightUse } from '../../model/arithmetic.ts';
import type { ModelConfig } from '../../model/config/config.ts';
import { placesOf } from '../../model/config/places.ts';
import type { OpenedModel } from '../../model/load.ts';
import type { LoadedModel } from '../../model/model.ts';
import { defaultMethods } from '../study/methods.ts';
import type { Precision } from '../score/precision.ts';
import { checkWindows } from '../windows/window-choice.ts';
import type { Plan, PlannedMatrix } from './plan-file.ts';

/** The place of the layer that a matrix belongs to, by its tensor's name; undefined where there is none. */
export function layerOfMatrix(name: string, config: ModelConfig): number | undefined {
  if (config.family === 'swinv2') {
    const found = /layers\.(\d+)\.blocks\.(\d+)\./.exec(name);
    if (found === null) return undefined;
    const before = config.stages.slice(0, Number(found[1])).reduce((sum, { depth }) => sum + depth, 0);
    return before + Number(found[2]);
  }
  const found = /(?:^|\.)(?:layers?|h|blk)\.(\d+)\./.exec(name);
  if (found === null) return undefined;
  const behind = config.family === 'whisper' && /(^|\.)decoder\./.test(name) ? config.encoder.layers : 0;
  return behind + Number(found[1]);
}

/** Refuses a plan that was made for another model: functions, layers, heads or methods that this one lacks. */
export function checkPlan({ functions, matrices, kv }: Plan, config: ModelConfig, path: string): void {
  const known = defaultMethods(config);
  for (const [i, entry] of functions.entries()) {
    const { function: name, layer, heads, method } = entry;
    checkWindows([{ function: name, layer, heads, lo: 0, hi: 0, anchor: 'max' }], config, path, {
      list: 'functions',
      from: i,
    });
    if (method !== undefined && !known.includes(method))
      throw unknownName('method', method, known, `${path}: functions[${i}].method`);
  }
  const places = placesOf(config);
  for (const [list, entries, count] of [
    ['matrices', matrices, config.layers],
    ['kv', kv, places.softmax.length],
  ] as const) {
    for (const [i, { layer }] of entries.entries()) {
      if (layer === undefined || layer < count) continue;
      throw new MugiError({
        code: 'invalid-value',
        message: `the model has ${count} layers, counted from 0`,
        path: `${path}: ${list}[${i}].layer`,
        expected: `at most ${count - 1}`,
        received: String(layer),
        nearest: String(count - 1),
      });
    }
  }
}

/** Refuses, before weights are read, a plan with a matrix that the model's layers do not have. */
export const checkMatrices = (
  { matrices }: Plan,
  { config, matrices: namesOf }: Pick<OpenedModel, 'config' | 'matrices'>,
  path: string,
): void => {
  if (matrices.length > 0) refuseUnknown(matrices, namesOf(), config, path);
};

function refuseUnknown(
  matrices: readonly PlannedMatrix[],
  names: readonly string[],
  config: ModelConfig,
  path: string,
): void {
  for (const [i, entry] of matrices.entries()) {
    if (names.some((name) => isMeant(entry, name, config))) continue;
    const { layer, matrix = '' } = entry;
    const own = names.filter((name) => layer === undefined || layer === layerOfMatrix(name, config));
    // What stands behind the layer's number is what plans call a matrix.
    const called = new Set(own.map((name) => name.replace(/^.*\.\d+\./, '')));
    const what = layer === undefined ? 'matrix' : `matrix of layer ${layer}`;
    const { details } = unknownName(what, matrix, called, `${path}: matrices[${i}].matrix`);
    const expected = `a matrix of the layers: ${details.expected}`;
    throw new MugiError({ ...details, expected, nearest: nearestMatrix(matrix, own) });
  }
}

/** The first number between the dots of a name: its layer's, or its stage's. */
const NUMBER = /(?<=^|\.)\d+(?=\.|$)/;

/** The nearest words of a matrix' name: those that end it, or else as many others, each near the one in its place. */
function nearestMatrix(asked: string, names: readonly string[]): string | undefined {
  const layers = names.map((name) => Number(NUMBER.exec(name)?.[0] ?? 0));
  const last = layers.reduce((a, b) => Math.max(a, b), 0);
  const bare = asked
    .replace(/\.(weight|bias)$/, '')
    .replace(NUMBER, (layer) => String(Math.min(Number(layer), last)));
  const written = bare.split('.');
  const ends = new Set<string>();
  const runs = new Set<string>();
  for (const words of names.map((name) => name.split('.'))) {
    for (const from of words.keys()) {
      ends.add(words.slice(from).join('.'));
      const run = words.slice(from, from + written.length);
      const like = written.every((word, i) => i < run.length && nearest(word, [run[i]]) !== undefined);
      if (like) runs.add(run.join('.'));
    }
  }
  const words = (all: ReadonlySet<string>) => [...all].filter((one) => !/^[\d.]+$/.test(one));
  return nearest(bare, words(ends)) ?? nearest(bare, words(runs));
}

/** How a plan says that each matrix of the layers is used, by its name. */
export function plannedUse(
  precision: Pick<Precision, 'weights' | 'group'>,
  matrices: readonly PlannedMatrix[],
  config: ModelConfig,
): (name: string) => WeightUse {
  const usual = precision.weights === 'int4' ? ('int4' as const) : ('stored' as const);
  return (name) => {
    const found = matrices.filter((entry) => isMeant(entry, name, config));
    const type = found.length === 0 ? usual : found.at(-1)!.bits === 4 ? 'int4' : 'stored';
    const group = found.findLast((entry) => entry.group !== undefined)?.group ?? precision.group;
    return type === 'int4' ? { type, group } : { type };
  };
}

/** A precision with what a plan says of matrices, keys and values. */
export function plannedPrecision(
  precision: Precision,
  { matrices, kv }: Plan,
  { config, linears }: Pick<LoadedModel, 'config' | 'linears'>,
  path: string,
): Precision {
  const names = [...linears.keys()];
  refuseUnknown(matrices, names, config, path);
  const use = plannedUse(precision, matrices, config);
  const weights = Object.fromEntries(names.map((name) => [name, use(name)]));
  const held = placesOf(config).softmax.map((_, layer) => {
    const entry = kv.findLast((one) => one.layer === undefined || one.layer === layer);
    if (entry === undefined) return precision.kv === 'int4' ? ('int4' as const) : ('fp32' as const);
    return entry.bits === 4 ? ('int4' as const) : ('fp32' as const);
  });
  return {
    ...precision,
    ...(matrices.length > 0 ? { weights: 'planned' as const } : {}),
    ...(kv.length > 0 ? { kv: 'planned' as const } : {}),
    plan: { weights, kv: held },
  };
}

const isMeant = ({ layer, matrix }: PlannedMatrix, name: string, config: ModelConfig): boolean =>
  (layer === undefined || layer === layerOfMatrix(name, config)) &&
  (matrix === undefined || `.${name}.`.includes(`.${matrix}.`));
