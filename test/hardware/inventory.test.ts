import { describe, expect, it } from 'vitest';
import { module } from '../../src/hardware/index.ts';
import { gateSize, inventory } from '../../src/hardware/inventory.ts';
import { elaborate } from '../../src/hardware/simulator/elaborate.ts';
import { MACHINE_NAMES } from '../../src/machine/whole/machines.ts';
import { NODE_KIND, subjectNamed } from '../../src/machine/whole/measure.ts';

const leaf = module({ name: 'leaf', inputs: { a: 4, b: 4 } }, (m, { a, b }) => ({
  sum: m.delay('sum', a.add(b).xor(a)),
}));
const middle = module({ name: 'middle', inputs: { a: 4 } }, (m, { a }) => {
  const { sum } = m.instance('one', leaf, { a, b: a });
  return { out: m.instance('two', leaf, { a: sum, b: a }).sum };
});
const top = module({ name: 'top', inputs: { a: 4 } }, (m, { a }) => {
  const file = m.memory('file', { width: 3, depth: 5 });
  file.write(a.bit(0), a.low(3), a.low(3));
  const { out } = m.instance('first', middle, { a });
  const { out: other } = m.instance('second', middle, { a: out });
  return { out: m.instance('last', leaf, { a: other, b: file.read(a.low(3)).extend(4) }).sum };
});

describe('the inventory', () => {
  it('counts instances from module to module, and what one of each holds itself', () => {
    const rows = new Map(inventory(top).map((row) => [row.module, row]));
    expect([...rows].map(([name, { instances }]) => [name, instances])).toEqual([
      ['top', 1],
      ['middle', 2],
      ['leaf', 5],
    ]);
    expect([...rows.values()].map(({ register_bits }) => register_bits)).toEqual([15, 0, 4]);
    // A sum of four bits at five gates each, an exclusive or of four at two; a register's bit is six.
    expect(rows.get('leaf')!.gates).toBe(28);
    expect(gateSize(rows.get('leaf')!)).toBe(52);
  });

  it.each([NODE_KIND, ...MACHINE_NAMES])('has the registers of %s flattened', (kind) => {
    const { module: machine } = subjectNamed(kind.replace('{size}', '8'));
    const flat = elaborate(machine);
    const bits =
      flat.registers.reduce((sum, { slot }) => sum + slot.width, 0) +
      flat.memories.reduce(
        (sum, { memory: { width, depth, contents } }) => sum + (contents === undefined ? width * depth : 0),
        0,
      );
    const rows = inventory(machine);
    expect(rows.reduce((sum, row) => sum + row.instances * row.register_bits, 0)).toBe(bits);
  });
});
