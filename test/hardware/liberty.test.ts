import { describe, expect, it } from 'vitest';
import {
  functionSource,
  parseFunction,
  pinsOf,
  senseOf,
  valueOf,
} from '../../src/hardware/liberty/function.ts';
import type { Library } from '../../src/hardware/liberty/library.ts';
import { open45Liberty } from '../../src/hardware/liberty/open-45.ts';
import { readLiberty } from '../../src/hardware/liberty/read.ts';
import { flattenNetlist, type YosysJson } from '../../src/hardware/synthesis/netlist.ts';
import { analyseTiming } from '../../src/hardware/synthesis/timing/timing.ts';
import { refusal } from '../refusal.ts';

const liberty = open45Liberty();

const mistake = (text: string) => refusal(() => readLiberty(text, 'x.lib'));

const head = liberty.slice(0, liberty.indexOf('  cell ('));
const inverter = liberty.slice(head.length, liberty.indexOf('  cell (INV_X2)'));
const small = `${head}${inverter}}`;

describe('a library is refused with file, cell and line', () => {
  it.each([
    ['area : 0.532', 'area : -1', 'area of cell INV_X1 must not be negative'],
    ['area : 0.532', 'area : ""', 'area of cell INV_X1 must be a number'],
    ['area : 0.532', 'area : inf', 'area of cell INV_X1 must be a number'],
    ['capacitance : 1.6', 'capacitance : -1.6', 'capacitance of pin of cell INV_X1 must not be negative'],
    ['cell_leakage_power : 7.3', 'cell_leakage_power : a', 'cell_leakage_power of cell INV_X1 must be a'],
    ['"0.00610353, 0.0782567"', '"0.00610353, oops"', 'values of cell_rise of cell INV_X1 must be numbers'],
    ['"0.00610353, 0.0782567"', '"0.00610353"', 'values of cell_rise of cell INV_X1 do not fit the indices'],
    ['values ("0.968")', 'values ("0.968, 1")', 'values of rise_power of cell INV_X1 do not fit the indices'],
    [
      '0.2");\n          index_2 ("1, 50',
      '0.2");\n          index_2 ("1, a',
      'index_2 of cell_rise of cell INV_X1',
    ],
    [
      '0.2");\n          index_2 ("1, 50',
      '0.2");\n          index_2 ("1, 1',
      'index_2 of cell_rise of cell INV_X1',
    ],
    ['variable_2', 'index_3 ("1, NaN");\n    variable_2', 'index_3 of lu_table_template of the library must'],
    ['time_unit : "1ns"', 'time_unit : "1bananas"', 'time_unit of the library is no unit'],
    ['time_unit : "1ns"', 'time_unit : "0ns"', 'time_unit of the library is no unit'],
    ['(1,ff)', '(1,ns)', 'capacitive_load_unit of the library is no unit'],
    ['nom_voltage : 1.1', 'nom_voltage : 0', 'nom_voltage of the library must be above 0'],
    ['nom_voltage : 1.1', 'nom_voltage : high', 'nom_voltage of the library must be a number'],
    ['function : "!A"', 'function : "!A ?"', 'function of pin of cell INV_X1 is no Boolean function'],
    ['function : "!A"', 'function : "!Q"', 'function of pin of cell INV_X1 names "Q", which the cell lacks'],
    ['function : "!A"', 'function : "(A"', 'function of pin of cell INV_X1 is no Boolean function'],
  ])('%s -> %s', (before, after, message) => {
    const text = small.replace(before, () => after);
    expect(text).not.toBe(small);
    const at = text.indexOf(after);
    const key = message.split(' ')[0];
    // The line of the attribute, wherever in its value the mistake is.
    const line = text.slice(0, Math.max(at + after.indexOf(key), text.lastIndexOf(key, at + after.length)));
    const { message: said, path } = mistake(text);
    expect(said).toContain(message);
    expect(path).toBe(`x.lib: line ${line.split('\n').length}`);
  });

  const cell = (body: string, name = 'C') => `${head}cell (${name}) { area : 1; ${body} } }`;
  it.each([
    ['no name', cell('', ''), /a cell must have a name/],
    ['a name that is no word', cell('', '"two words"'), /a cell must have a name/],
    ['a pin without a name', cell('pin () { direction : input; }'), /a pin of cell C must have a name/],
    [
      'a pin twice',
      cell('pin (A) { direction : input; } pin (A) { direction : input; }'),
      /pin A .*stands there twice/,
    ],
    ['a cell twice', `${head}${inverter}${inverter}}`, /cell INV_X1 stands there a second time/],
    [
      'endless leakage',
      small.replace('cell_leakage_power : 7.3', 'cell_leakage_power : 1e300'),
      /out of range/,
    ],
    [
      'endless energy',
      small.replace('values ("0.968")', 'values ("1e300")'),
      /values of rise_power .*out of range/,
    ],
    [
      'an index too fine for a slope',
      small.replaceAll('0.005, 0.2"', '0.005, 0.00500000000000001"'),
      /must rise/,
    ],
    ['text behind its end', `${small} library (y) { }`, /stands behind the end/],
    ['a group that is never closed', small.slice(0, -2), /group "library" of line 1 is never closed/],
    ['a string that is never closed', `${head}cell (C) { area : "1; } }`, /quoted string is never closed/],
    ['a comment that is never closed', `${head} /* cell`, /comment is never closed/],
    ['groups without end', `${head}${'a () {'.repeat(100_000)}`, /nested deeper than 100/],
    [
      'a long string',
      `${head}cell (C) { area : "${'\\\n'.repeat(10_000_000)}x"; } }`,
      /area of cell C must be/,
    ],
  ])('with %s', (_, text, message) => {
    expect(text).not.toBe(small);
    expect(mistake(text).message).toMatch(message);
  });

  it('when a cell has no area', () => {
    const text = small.replace('area : 0.532;', '');
    expect(mistake(text)).toMatchObject({
      message: 'area of cell INV_X1 is missing',
      path: `x.lib: line ${head.split('\n').length}`,
    });
  });
});

describe('a cell function', () => {
  it.each(['', 'A ?', '(A', 'A)', 'A | ', '#A', '(A B'])('"%s" cannot be read', (text) => {
    expect(() => parseFunction(text)).toThrow(/cannot read the cell function/);
  });

  it('has a depth that a cell can have, and any number of terms', () => {
    const deep = `${'('.repeat(50)}A${')'.repeat(50)}`;
    expect(parseFunction(deep)).toEqual({ op: 'pin', name: 'A' });
    expect(() => parseFunction(`${'('.repeat(100_000)}A${')'.repeat(100_000)}`)).toThrow(/cannot read/);
    expect(parseFunction(`${'!'.repeat(100_001)}A`)).toEqual({ op: 'not', of: { op: 'pin', name: 'A' } });
    const terms = Array.from({ length: 20_000 }, (_, i) => `A${i} * !B`).join(' + ');
    const wide = parseFunction(terms);
    expect(pinsOf(wide).size).toBe(20_001);
    expect(senseOf(wide, 'A7')).toBe('positive');
    expect(senseOf(wide, 'B')).toBe('negative');
    const evaluate = new Function(
      'B',
      'A',
      `return ${functionSource(wide, (pin) => (pin === 'B' ? 'B' : 'A'))}`,
    );
    expect([evaluate(0, 0), evaluate(0, -1), evaluate(-1, -1)]).toEqual([0, -1, 0]);
    expect(valueOf(wide, (pin) => (pin === 'B' ? true : undefined))).toBe(false);
    expect(valueOf(wide, (pin) => (pin === 'B' ? false : undefined))).toBeUndefined();
  });

  it.each([
    ['A & !B', 'A', 'positive'],
    ["(A B)'", 'B', 'negative'],
    ['A ^ B', 'A', 'both'],
    ['(S & A) | (!S & B)', 'S', 'both'],
    ['!(!A + B)', 'A', 'positive'],
  ])('%s has a sense for %s', (text, pin, sense) => {
    expect(senseOf(parseFunction(text), pin)).toBe(sense);
  });

  it('reads its pins, each once', () => {
    expect([...pinsOf(parseFunction("!(A & B[1]) | A' ^ 1"))]).toEqual(['A', 'B[1]']);
  });
});

describe('timing with a library that lacks delays', () => {
  const json: YosysJson = {
    creator: 'test',
    modules: {
      top: {
        ports: {
          a: { direction: 'input', bits: [2] },
          clock: { direction: 'input', bits: [3] },
          y: { direction: 'output', bits: [5] },
        },
        cells: {
          inverter: { type: 'INV_X1', connections: { A: [2], Z: [4] } },
          state: { type: 'DFF_X1', connections: { D: [4], CK: [3], Q: [5] } },
        },
        netnames: {},
      },
    },
  };
  const netlist = flattenNetlist(json, 'top');
  const timed = (text: string) => analyseTiming(netlist, readLiberty(text, 'x.lib'));
  /** The library without the groups of that name. */
  const without = (group: string) =>
    liberty.replace(new RegExp(`^( *)${group} \\([^)]*\\) \\{\\n(?:.*\\n)*?\\1\\}\\n`, 'gm'), '');

  it('refuses it, by cell and pins, instead of an endless frequency', () => {
    expect(timed(liberty).frequency).toBeGreaterThan(1000);
    expect(() => timed(without('timing'))).toThrow(/cell "INV_X1" no delay from A to Z/);
    expect(() => timed(without('cell_fall'))).toThrow(/cell "INV_X1" no delay from A to Z/);
    expect(() => timed(without('rise_transition'))).toThrow(/cell "INV_X1" no delay from A to Z/);
    const flop = liberty.indexOf('cell (DFF_X1)');
    const half =
      liberty.slice(0, flop) +
      liberty.slice(flop).replaceAll('timing_type : rising_edge', 'timing_type : none');
    expect(half).not.toBe(liberty);
    expect(() => timed(half)).toThrow(/cell "DFF_X1" no delay from CK to Q/);
  });

  it('refuses delays of nothing, and those that are no numbers', () => {
    const library = readLiberty(liberty, 'x.lib');
    const setup = (value: number): Library => {
      const always = { rows: [0], columns: [0], values: [[value]] };
      const setups = [{ pin: 'D', rise: always, fall: always }];
      return {
        ...library,
        cells: new Map([...library.cells].map(([name, cell]) => [name, { ...cell, setups }])),
      };
    };
    expect(() => analyseTiming(netlist, setup(Number.NaN))).toThrow(/not a finite number of ns/);
    expect(() => analyseTiming(netlist, setup(Infinity))).toThrow(/not a finite number of ns/);
    const zero = liberty.replace(/values \(.*\);/g, (values) => values.replace(/[\d.]+/g, '0'));
    expect(() => timed(zero)).toThrow(/gives no path a delay, not even through the cell "INV_X1"/);
  });

  it('does not ask for delays of wires', () => {
    const ports = { a: { direction: 'input', bits: [2] }, y: { direction: 'output', bits: [2] } } as const;
    const wire = flattenNetlist(
      { creator: 'test', modules: { top: { ports, cells: {}, netnames: {} } } },
      'top',
    );
    expect(analyseTiming(wire, readLiberty(liberty, 'x.lib')).period).toBe(0);
  });
});
