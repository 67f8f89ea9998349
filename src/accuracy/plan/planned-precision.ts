import { MugiError, unknownName } from '../../errors.ts';
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

/**
 * Refuses, before weights are read, a plan with a matrix that no tensor's name speaks of: a misspelt one. Matrices that a
 * tensor holds many of have numbers of their own, and packed ones other ends, which are left out here; what is left over,
 * `plannedPrecision` refuses.
 */
export function checkMatrices(
  { matrices }: Plan,
  { config, checkpoint: { tensors, unread } }: Pick<OpenedModel, 'config' | 'checkpoint'>,
  path: string,
): void {
  const stored = [...tensors.values()].filter(({ shape }) => shape.length > 1).map(({ name }) => name);
  const words = (name: string): string =>
    `.${name
      .split('.')
      .filter((word) => !/^\d+$/.test(word))
      .map((word) => word.replace(/_(blocks|scales)$/, ''))
      .join('.')}.`;
  const named = [...stored, ...unread.keys()].map((name) => ({
    layer: layerOfMatrix(name, config),
    words: words(name),
    name,
  }));
  for (const [i, { matrix, layer }] of matrices.entries()) {
    if (matrix === undefined) continue;
    const asked = words(matrix);
    if (named.some((one) => one.words.includes(asked) && (layer === undefined || one.layer === layer)))
      continue;
    const known = named.filter((one) => one.layer !== undefined && one.name.endsWith('.weight'));
    throw unknownMatrix(
      matrix,
      known.map(({ name }) => name.replace(/\.weight$/, '')),
      `${path}: matrices[${i}].matrix`,
    );
  }
}

/** The end of a matrix' name, behind its layer's number, is what a plan calls it. */
const unknownMatrix = (asked: string, names: readonly string[], path: string): MugiError =>
  unknownName('matrix', asked, [...new Set(names.map((name) => name.replace(/^.*\.\d+\./, '')))], path);

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
  for (const [i, entry] of matrices.entries()) {
    if (names.some((name) => isMeant(entry, name, config))) continue;
    throw unknownMatrix(entry.matrix ?? `of layer ${entry.layer}`, names, `${path}: matrices[${i}].matrix`);
  }
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
