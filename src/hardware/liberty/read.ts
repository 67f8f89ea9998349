import { MugiError } from '../../errors.ts';
import { readCell } from './cell.ts';
import type { Cell, Library } from './library.ts';
import { type Group, parseLiberty } from './parse.ts';
import { readUnits } from './units.ts';
import { positiveOf } from './value.ts';

/**
 * Reads the part of a Liberty library that area, timing and power need: NLDM delays, capacitances, leakage and
 * internal power. Units of the file are converted to ns, fF, fJ, nW and µm².
 */
export function readLiberty(text: string, file: string): Library {
  const root = parseLiberty(text, file);
  const place = { file };
  const units = readUnits(root, place);
  const groups = new Map<string, Group>();
  for (const group of root.groups) {
    if (group.name === 'lu_table_template' || group.name === 'power_lut_template')
      groups.set(group.args[0], group);
  }
  const templates = { groups, indices: new Map<string, readonly number[]>() };
  const inherited = {
    capacitance: positiveOf(root, 'default_input_pin_cap', place, units.capacitance) ?? 0,
    leakage: positiveOf(root, 'default_cell_leakage_power', place, units.leakage) ?? 0,
  };
  const cells = new Map<string, Cell>();
  for (const group of root.groups) {
    if (group.name !== 'cell') continue;
    const cell = readCell(group, { units, templates, inherited, file });
    if (cells.has(cell.name)) throw repeated(cell.name, `${file}: line ${group.line}`);
    cells.set(cell.name, cell);
  }
  if (cells.size === 0) {
    throw new MugiError({ code: 'invalid-file', message: 'the library has no cells', path: file });
  }
  return { name: root.args[0] ?? 'library', voltage: units.voltage, cells };
}

/** Several libraries as one. They must be of one voltage, and no cell may stand in two of them. */
export function joinLibraries(libraries: readonly Library[], files: readonly string[]): Library {
  const [{ voltage }] = libraries;
  const cells = new Map<string, Cell>();
  libraries.forEach((library, i) => {
    if (library.voltage !== voltage) {
      throw new MugiError({
        code: 'invalid-file',
        message: 'libraries that are used together must be of one voltage',
        path: files[i],
        expected: `nom_voltage : ${voltage}`,
        received: `nom_voltage : ${library.voltage}`,
      });
    }
    for (const cell of library.cells.values()) {
      if (cells.has(cell.name)) throw repeated(cell.name, files[i]);
      cells.set(cell.name, cell);
    }
  });
  return { name: libraries.map(({ name }) => name).join(' + '), voltage, cells };
}

const repeated = (cell: string, path: string) =>
  new MugiError({ code: 'invalid-file', message: `cell ${cell} stands there a second time`, path });
