import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { libertyText, synthLibrary } from '../../src/cli/source/library.ts';
import { synthesisScript } from '../../src/hardware/synthesis/synthesise.ts';
import { unusableByReason, unusableCells, withoutCells } from '../../src/hardware/synthesis/usable-cells.ts';
import { LIBRARIES } from '../hardware/support/libraries.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-library-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const [logic, flops] = LIBRARIES.asap7();

describe('the cells of --liberty', () => {
  it('are those of all files, packed or not', () => {
    const paths = [file('logic.lib.gz', gzipSync(logic)), file('flops.lib', flops)];
    const { library, texts } = synthLibrary(paths);
    expect(texts).toEqual([logic, flops]);
    expect([...library.cells.keys()]).toEqual(expect.arrayContaining(['NAND2', 'DFFHQN']));
    expect(library.name).toBe('like_asap7_logic + like_asap7_flops');
  });

  it('must not stand in two files, nor be of two voltages, and every part must be there', () => {
    const [one, two] = [file('one.lib', logic), file('two.lib', logic)];
    expect(() => synthLibrary([one, two])).toThrow(/cell INV stands there a second time/);
    const other = file('other.lib', flops.replace('nom_voltage : 0.9', 'nom_voltage : 0.7'));
    expect(() => synthLibrary([one, other])).toThrow(/must be of one voltage/);
    expect(() => synthLibrary([one])).toThrow(/the library has no flip-flop/);
    expect(() => synthLibrary([file('flops.lib', flops)])).toThrow(/no inverter, no gate of two inputs/);
    const without = LIBRARIES.nangate().replace('function : "!A"', 'function : "A"');
    expect(() => synthLibrary([file('no-inverter.lib', without)])).toThrow(/the library has no inverter/);
  });

  it('are refused where a file is none of gzip, or unpacks to too much', () => {
    const half = gzipSync(logic).subarray(0, 1000);
    expect(() => synthLibrary([file('half.lib.gz', half)])).toThrow(/cannot be unpacked/);
    const zeros = file('zeros.lib.gz', gzipSync(new Uint8Array(100_001)));
    const kind = { what: 'cell library', limit: 100_000 };
    expect(() => libertyText(zeros, kind)).toThrow(/unpacks to more than 100000 bytes/);
    expect(() => synthLibrary([folder])).toThrow(/this is a folder, not a cell library/);
  });

  it('leave out what is not for plain logic, and what --dont-use names', () => {
    const sky = [file('sky.lib', LIBRARIES.sky130())];
    expect(unusableByReason(synthLibrary(sky).library)).toEqual({ 'isolation cell': 1, dont_use: 1 });
    const { library } = synthLibrary(sky, ['?OR2', 'EDF*']);
    expect(unusableCells(library).sort()).toEqual(['EDFX', 'ISO', 'LEFT_OUT', 'NOR2', 'XOR2']);
    expect(() => synthLibrary(sky, ['*FF1'])).toThrow(/unknown cell "\*FF1"/);
    const nangate = synthLibrary([file('nangate.lib', LIBRARIES.nangate())]).library;
    expect(unusableByReason(nangate)).toEqual({ latch: 1, 'clock gate': 1 });
    // yosys and ABC are told, for they know dont_use alone.
    const script = synthesisScript(['a.v'], 'a', 2.1, { libraries: 2, dontUse: unusableCells(nangate) }).join(
      '\n',
    );
    const cells = '-liberty cells.lib -liberty cells_2.lib -dont_use DLH -dont_use CLKGATE';
    expect(script).toContain(`dfflibmap ${cells}\n`);
    expect(script).toContain(`abc ${cells} -D 2100\n`);
  });

  it.each([
    ['*', ['A', 'AB', 'BA_X1', 'BUF_X16']],
    ['A', ['A']],
    ['?', ['A']],
    ['*A*', ['A', 'AB', 'BA_X1']],
    ['B*_X1*', ['BA_X1', 'BUF_X16']],
    ['B*_X1', ['BA_X1']],
    ['*_X?', ['BA_X1']],
    ['A*B', ['AB']],
    [`${'*A'.repeat(50)}*`, []],
  ] as const)('and %s in a name stands for other characters', (pattern, names) => {
    const { library } = synthLibrary([file('sky.lib', LIBRARIES.sky130())]);
    const inverter = library.cells.get('INV')!;
    const named = {
      ...library,
      cells: new Map(['A', 'AB', 'BA_X1', 'BUF_X16'].map((name) => [name, { ...inverter, name }])),
    };
    const left = () => unusableCells(withoutCells(named, [pattern]));
    if (names.length === 0) expect(left).toThrow(/unknown cell/);
    else expect(left()).toEqual(names);
  });
});
