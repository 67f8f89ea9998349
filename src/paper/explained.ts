import { MugiError, unknownName } from '../errors.ts';
import type { Evaluation } from '../evaluate/evaluation.ts';
import { given, type Quantity, quotient, sum } from '../evaluate/quantity.ts';
import type { PresetName } from '../published/preset.ts';
import { ALL_LLAMAS, point } from './quantities.ts';

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

/** What the cells of each column that names a row may be. */
type Names = Readonly<Record<string, readonly string[]>>;
type RowOf<N extends Names> = { readonly [Column in keyof N]: N[Column][number] };

interface ByPreset<N extends Names> {
  by: N;
  /** What stands behind the name of a preset in a column: `_s`, `_gCO2e`. */
  endings?: readonly string[];
  of(row: RowOf<N>, preset: PresetName, ending: string): Quantity;
  /** The number that the paper prints, and where. */
  printed?: { of(row: RowOf<N>): number | undefined; where: string };
}

/** Columns of both presets, and what the paper prints with its deviation where it does. */
export function byPreset<const N extends Names>({ by, endings = [''], of, printed }: ByPreset<N>): Explained {
  const columns = new Map(
    endings.flatMap((ending) =>
      Object.entries(PRESETS).map(([name, preset]) => [name + ending, { preset, ending }] as const),
    ),
  );
  const rowOf = (cells: Cells): RowOf<N> => {
    for (const [key, known] of Object.entries(by)) {
      const name = cells[key] ?? '';
      if (!known.includes(name)) throw unknownName(key, name, known, key);
    }
    return cells as RowOf<N>;
  };
  const paper = (row: RowOf<N>): Quantity => {
    const value = printed!.of(row);
    if (value !== undefined) return given('paper', value, '', `printed in ${printed!.where}`);
    throw new MugiError({
      code: 'invalid-value',
      message: 'the paper prints no number for this row',
      path: 'paper',
    });
  };
  const others: Readonly<Record<string, (row: RowOf<N>) => Quantity>> =
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
    by: Object.keys(by),
    columns: all,
    quantity(cells, column) {
      const row = rowOf(cells);
      const known = columns.get(column);
      if (known !== undefined) return of(row, known.preset, known.ending);
      if (Object.hasOwn(others, column)) return others[column](row);
      throw unknownName('column', column, all);
    },
  };
}

/** A figure of stacks: each part by itself, and over the total of the baseline's on the same model. */
interface Stacked<D extends string, P extends string> {
  designs: readonly D[];
  parts: readonly P[];
  /** What stands behind the name of a preset in a column of parts by themselves: `_s`. */
  ending: string;
  baseline: string;
  unit: string;
  of(part: string, evaluation: Evaluation): Quantity;
}

export const stacked = <D extends string, P extends string>({
  designs,
  parts,
  ending,
  baseline,
  unit,
  of,
}: Stacked<D, P>): Explained =>
  byPreset({
    by: { model: ALL_LLAMAS, design: designs, part: parts },
    endings: ['', ending],
    of({ model, design, part }, preset, own) {
      const alone = of(part, point(design, model, preset));
      if (own !== '') return alone;
      const base = point(baseline, model, preset);
      const whole = parts.map((one) => of(one, base));
      return quotient(part, '×', `over the total of ${baseline} on the same model`, [
        alone,
        sum(`total of ${baseline}`, unit, 'Σ over the parts of the figure', whole),
      ]);
    },
  });

/** A number over that of a baseline, as figures have it. */
export const overBaseline = (formula: string, own: Quantity, base: Quantity): Quantity =>
  quotient('ratio', '×', formula, [own, { ...base, name: `baseline: ${base.name}` }]);
