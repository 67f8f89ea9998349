import { unknownName } from '../errors.ts';
import { given, type Quantity, quotient } from '../evaluate/quantity.ts';
import type { PresetName } from '../published/preset.ts';

/** The cells that name a row, as text. */
export type Cells = Readonly<Record<string, string>>;

/** Numbers of an item that can be taken apart. */
export interface Explained {
  /** Columns that name a row. */
  by: readonly string[];
  /** Columns whose numbers have parts. */
  columns: readonly string[];
  /** @throws MugiError for a row or a column that is not there */
  quantity(row: Cells, column: string): Quantity;
}

const PRESETS: Readonly<Record<string, PresetName>> = {
  as_published: 'as-published',
  corrected: 'corrected',
};

interface ByPreset {
  by: readonly string[];
  /** What stands behind the name of a preset in a column: `_s`, `_gCO2e`. */
  endings?: readonly string[];
  of(row: Cells, preset: PresetName, ending: string): Quantity;
  /** The number that the paper prints, and where. */
  printed?: { of(row: Cells): number | undefined; where: string };
}

/** Columns of both presets, and what the paper prints with its deviation where it does. */
export function byPreset({ by, endings = [''], of, printed }: ByPreset): Explained {
  const columns = new Map(
    endings.flatMap((ending) =>
      Object.entries(PRESETS).map(([name, preset]) => [name + ending, { preset, ending }] as const),
    ),
  );
  const paper = (row: Cells): Quantity =>
    given('paper', printed!.of(row) ?? Number.NaN, '', `printed in ${printed!.where}`);
  const others: Readonly<Record<string, (row: Cells) => Quantity>> =
    printed === undefined
      ? {}
      : {
          paper,
          deviation(row) {
            const over = quotient('as published / paper', '', 'as published / paper', [
              of(row, 'as-published', ''),
              paper(row),
            ]);
            return {
              name: 'deviation',
              value: over.value - 1,
              unit: '',
              formula: 'as published / paper − 1',
              combine: 'sum',
              parts: () => [over, given('one', -1, '', 'a ratio of one is no deviation')],
            };
          },
        };
  const all = [...columns.keys(), ...Object.keys(others)];
  return {
    by,
    columns: all,
    quantity(row, column) {
      const known = columns.get(column);
      if (known !== undefined) return of(row, known.preset, known.ending);
      if (Object.hasOwn(others, column)) return others[column](row);
      throw unknownName('column', column, all);
    },
  };
}

/** A number over that of a baseline, as figures have it. */
export const overBaseline = (formula: string, own: Quantity, base: Quantity): Quantity =>
  quotient('ratio', '×', formula, [own, { ...base, name: `baseline: ${base.name}` }]);
