import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inventory } from '../../src/hardware/inventory.ts';
import { STIMULI } from '../../src/machine/whole/mac-energy.ts';
import { subjectNamed } from '../../src/machine/whole/measure.ts';
import { MEASURED_MACHINES } from '../../src/machine/whole/measured-machines.ts';
import { GATES_TABLE } from '../../src/technology/gates.ts';
import { type MachineRow, WHOLE_BATCH } from '../../src/technology/whole-machine.ts';
import { totalsOf } from './totals.ts';

/* scripts/library-gates.json, which docs/verdict.md sets beside the technology `gates`: `npm run library:gates` makes it. */
const { library_sha256, machines } = JSON.parse(
  readFileSync(new URL('../../scripts/library-gates.json', import.meta.url), 'utf8'),
) as { library_sha256: string; machines: MachineRow[] };

it('is of another library than open-45, and of machines that are measured on that, too, in their order', () => {
  expect(library_sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(library_sha256).not.toBe(GATES_TABLE.library_sha256);
  const names = machines.map(({ machine }) => machine);
  expect(names).toEqual(MEASURED_MACHINES.filter((name) => names.includes(name)));
});

it.each(machines.map((row) => [row.machine, row] as const))(
  '%s is the machine that the code has, and the same as on open-45 in all that no library changes',
  (name, row) => {
    const {
      kind: _kind,
      columns: _columns,
      rows: _rows,
      units: _units,
      ...ours
    } = GATES_TABLE.machines.find(({ machine }) => machine === name)!;
    expect(Object.keys(row)).toEqual(Object.keys(ours));
    expect(row.per_mac.map((one) => Object.keys(one))).toEqual([Object.keys(ours.per_mac[0]!)]);
    expect(row.per_mac[0]!.batch).toBe(WHOLE_BATCH);

    const { macs, module } = subjectNamed(name);
    expect([row.macs, row.stimuli]).toEqual([macs, STIMULI]);
    expect(row.flops).toBe(ours.flops);
    // Before synthesis, which leaves out what never changes.
    const bits = inventory(module).reduce((sum, one) => sum + one.instances * one.register_bits, 0);
    expect(row.flops / bits).toBeGreaterThan(0.955);
    expect(row.flops / bits).toBeLessThan(1.01);
  },
);

it.each(machines.map((row) => [row.machine, row] as const))(
  '%s has totals of its parts',
  (_, { per_mac }) => {
    for (const row of per_mac) {
      for (const [parts, stated] of totalsOf(row)) {
        expect(Math.min(...parts)).toBeGreaterThan(0);
        // Each has six digits.
        expect(parts.reduce((sum, part) => sum + part, 0) / stated).toBeCloseTo(1, 5);
      }
    }
  },
);
