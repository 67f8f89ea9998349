import { unknownName } from '../errors.ts';
import { given, type Quantity } from '../evaluate/quantity.ts';
import { WHOLE_BATCH } from '../technology/whole-machine.ts';
import table from './ablation.json' with { type: 'json' };
import type { Cells, Explained } from './explained.ts';

type Measured = (typeof table.rows)[number];
type Energies = Measured['per_mac'][number];

const BY = ['sums', 'flow', 'pick'] as const;

/** Energies of a multiply-accumulate at the batch that all rows were measured at. */
export const energiesOf = ({ per_mac }: Measured): Energies =>
  per_mac.find(({ batch }) => batch === WHOLE_BATCH)!;

/** What is said of an energy that was measured on gates, by its name in the table. */
const MEASURED: Readonly<Partial<Record<keyof Energies, string>>> = {
  data: 'toggles of logic and registers at zero delay',
  wires: 'wires by fan-out',
  data_pins: 'data pins of stopped registers',
  clock: 'clock pins of registers',
  clock_gates: 'clock gates',
  glitches: 'toggles with gate delays that come beside those at zero delay',
  clock_tree: 'estimated clock tree',
  tile_wires: 'estimated wires by the height of the tile',
};

/** A sum whose parts are kept to six digits, as it is itself. */
function summed(name: string, value: number, formula: string, parts: readonly Quantity[]): Quantity {
  const rest = value - parts.reduce((sum, part) => sum + part.value, 0);
  return {
    name,
    value,
    unit: 'pJ',
    formula,
    combine: 'sum',
    parts: () => [...parts, given('rounding', rest, 'pJ', 'the table keeps six digits of every number')],
  };
}

const given_pJ = (row: Measured, name: keyof Energies): Quantity =>
  given(name, energiesOf(row)[name], 'pJ', `${MEASURED[name]}; ${row.machine} on ${table.library}`);

const zeroDelay = (row: Measured): Quantity =>
  summed(
    'zero delay',
    energiesOf(row).total,
    'a multiply-accumulate at zero delay',
    (['data', 'wires', 'data_pins', 'clock', 'clock_gates'] as const).map((name) => given_pJ(row, name)),
  );

const timed = (row: Measured): Quantity =>
  summed('timed', energiesOf(row).timed_total, 'a multiply-accumulate with glitches', [
    zeroDelay(row),
    given_pJ(row, 'glitches'),
  ]);

const COLUMNS: Readonly<Record<string, (row: Measured) => Quantity>> = {
  zero_delay_pJ: zeroDelay,
  timed_pJ: timed,
  with_estimates_pJ: (row) =>
    summed('with estimates', energiesOf(row).estimated_total, 'with what a layout would add', [
      timed(row),
      given_pJ(row, 'clock_tree'),
      given_pJ(row, 'tile_wires'),
    ]),
  area_mm2: (row) => area(row),
  area_per_mac_um2: (row) => ({
    name: 'area per MAC',
    value: (row.area_mm2 * 1e6) / row.macs,
    unit: 'µm²',
    formula: 'area / (multiply-accumulates a cycle × mm² of a µm²)',
    combine: 'quotient',
    parts: () => [
      area(row),
      given('multiply-accumulates a cycle', row.macs, '', row.machine),
      given('mm² of a µm²', 1e-6, '', 'a unit'),
    ],
  }),
  MHz: (row) => given('frequency', row.frequency_MHz, 'MHz', `longest path of ${row.machine}`),
};

const area = (row: Measured): Quantity =>
  given('area', row.area_mm2, 'mm²', `${row.cells} cells of ${table.library}`);

/** Columns of losses, by model. */
const LOSSES = [...new Set(table.losses.map(({ model }) => model))].flatMap((model) => {
  const column = `loss_${model.replaceAll('-', '_')}` as const;
  return [
    { model, column, figure: 'increase' },
    { model, column: `${column}_ci95`, figure: 'half_width' },
  ] as const;
});

/** What rows of these sums lose, by column: above the stored model, and half the width of the 95 % interval. */
export const lossesOf = (row: { sums: string; flow: string }): Record<`loss_${string}`, number> =>
  Object.fromEntries(
    LOSSES.flatMap(({ model, column, figure }) => {
      const found = table.losses.find(
        (one) => one.model === model && one.sums === row.sums && one.flows.includes(row.flow),
      );
      return found === undefined ? [] : [[column, found[figure]]];
    }),
  );

function lossOf(row: Measured, column: string): Quantity | undefined {
  const asked = LOSSES.find((one) => one.column === column);
  if (asked === undefined) return undefined;
  const source = `measured on ${asked.model}, ${table.loss_targets} targets, above the stored model`;
  return given(column, lossesOf(row)[asked.column], 'nats per target', source);
}

/** Numbers of the ablation, down to what was measured on gates. */
export const ablationExplained: Explained = {
  by: BY,
  columns: [...Object.keys(COLUMNS), ...LOSSES.map(({ column }) => column)],
  quantity(cells: Cells, column) {
    const row = table.rows.find((one) => BY.every((key) => one[key] === cells[key]));
    if (row === undefined) {
      const nameOf = (of: Cells | Measured): string => BY.map((key) => of[key] ?? '').join(' ');
      throw unknownName('kind of row', nameOf(cells), table.rows.map(nameOf), 'of');
    }
    const found = Object.hasOwn(COLUMNS, column) ? COLUMNS[column](row) : lossOf(row, column);
    if (found === undefined) throw unknownName('column', column, ablationExplained.columns);
    return found;
  },
};
