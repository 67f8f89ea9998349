import { MugiError, nearest, unknownName } from '../../errors.ts';
import type { ModelConfig } from '../../model/config/config.ts';
import { placesOf } from '../../model/config/places.ts';
import { type WindowEntry, windowFor } from './window-file.ts';

export interface Place {
  function: string;
  layer?: number;
  head?: number;
}

const range = ({ lo, hi, anchor }: WindowEntry): string => `[${lo}, ${hi}] ${anchor}`;

/**
 * The one window of a file for a function, in a layer and head where these are given. Layers or heads that are left
 * out must not make a difference; where they do, the error lists them.
 * @param path the file, for errors
 * @throws MugiError when the file holds no such window, or several that differ
 */
export function windowAt(windows: readonly WindowEntry[], place: Place, path: string): WindowEntry {
  const { function: name, layer, head } = place;
  const own = windows.filter((entry) => entry.function === name);
  const key = `${path}: windows`;
  if (own.length === 0) {
    const functions = [...new Set(windows.map((entry) => entry.function))];
    throw new MugiError({
      code: 'invalid-value',
      message: `the file holds no window for ${name}`,
      path: `${key}: function`,
      expected: `one of ${functions.join(', ')}`,
      received: name,
      nearest: nearest(name, functions),
    });
  }
  const layers = unique(own.map((entry) => entry.layer));
  const heads = unique(own.flatMap((entry) => entry.heads));
  // A layer that no entry names stands for those that only entries for all layers cover; so does a head.
  const outside = (numbers: readonly number[]): number => (numbers.at(-1) ?? -1) + 1;
  const found = (layer === undefined ? [...layers, outside(layers)] : [layer]).flatMap((l) =>
    (head === undefined ? [...heads, outside(heads)] : [head]).map((h) => windowFor(own, name, l, h)),
  );
  const choices = [...new Map(found.flatMap((entry) => (entry ? [[range(entry), entry]] : [])))];
  if (choices.length === 1) return choices[0][1] as WindowEntry;
  if (choices.length === 0) throw absent(name, layer, head, layers, heads, key);
  const by = layer === undefined && layers.length > 0 ? 'layer' : 'head';
  throw new MugiError({
    code: 'invalid-value',
    message: `the file has ${choices.length} different windows for ${name}: choose one with \`${by}\``,
    path: key,
    expected: `\`${by}\` ${(by === 'layer' ? layers : heads).join(', ')}`,
    received: choices.map(([text]) => text).join('; '),
    nearest: `\`${by}\` ${(by === 'layer' ? layers : heads)[0]}`,
  });
}

function absent(
  name: string,
  layer: number | undefined,
  head: number | undefined,
  layers: readonly number[],
  heads: readonly number[],
  key: string,
): MugiError {
  const missing = layer !== undefined && layers.length > 0 && !layers.includes(layer);
  const [what, value, known] = missing ? ['layer', layer, layers] : ['head', head, heads];
  return new MugiError({
    code: 'invalid-value',
    message: `the file holds no window for ${name} in ${what} ${value}`,
    path: `${key}: ${what}`,
    expected: `one of ${known.join(', ')}`,
    received: String(value),
    nearest: String(known.toSorted((a, b) => Math.abs(a - value!) - Math.abs(b - value!))[0]),
  });
}

const unique = (numbers: readonly (number | undefined)[]): number[] =>
  [...new Set(numbers.filter((n) => n !== undefined))].sort((a, b) => a - b);

/** Refuses windows that were made for another model: functions, layers or heads that this one lacks. */
export function checkWindows(
  windows: readonly WindowEntry[],
  config: ModelConfig,
  path: string,
  { list = 'windows', from = 0 }: { list?: string; from?: number } = {},
): void {
  const functions = ['softmax', config.activation];
  const places = placesOf(config);
  for (const [i, { function: name, layer, heads }] of windows.entries()) {
    const key = `${path}: ${list}[${from + i}]`;
    if (!functions.includes(name))
      throw unknownName('function of the model', name, functions, `${key}.function`);
    const limits = [
      ['layer', layer, name === 'softmax' ? places.softmax.length : places.activation],
      ...(heads ?? []).map(
        (head) => ['heads', head, places.softmax[layer ?? -1] ?? Math.max(...places.softmax)] as const,
      ),
    ] as const;
    for (const [what, value, count] of limits) {
      if (value === undefined || value < count) continue;
      throw new MugiError({
        code: 'invalid-value',
        message: `the model has ${count} ${what === 'layer' ? 'layers' : 'heads'}, counted from 0`,
        path: `${key}.${what}`,
        expected: `at most ${count - 1}`,
        received: String(value),
        nearest: String(count - 1),
      });
    }
  }
}
