import { describe, expect, it } from 'vitest';
import { mugiInventory } from '../../../src/artifact/mugi.ts';
import { designNamed } from '../../../src/design/index.ts';
import { inventory } from '../../../src/hardware/inventory.ts';
import { nodeModule } from '../../../src/machine/mugi/node-module.ts';
import { inventoryRows } from '../../../src/machine/mugi/synthesis/beside-inventory.ts';
import { LUT_EXPONENTS } from '../../../src/vlp/array.ts';

describe('the published inventory beside what the node is composed of', () => {
  it.each([8, 64, 256])('counts every unit of %i rows in one group', (rows) => {
    const groups = inventoryRows(rows);
    const sum = (key: 'bits' | 'adders' | 'multipliers'): number =>
      groups.reduce((total, row) => total + row[key], 0);
    const counted = inventory(nodeModule(rows));
    expect(sum('bits')).toBe(
      counted.reduce((total, { instances, register_bits }) => total + instances * register_bits, 0),
    );
    // A row adds its sums, a lane adds groups and multiplies by scales.
    expect([sum('adders'), sum('multipliers')]).toEqual([rows + rows / 8, rows / 8]);
  });

  it('is what the design prices', () => {
    const { components, events } = designNamed('mugi-256');
    const published = mugiInventory({
      height: 256,
      lut: false,
      exponents: LUT_EXPONENTS,
      cascade: true,
      vector: 32,
    });
    expect({ components, events }).toEqual(published);
    const queues = components.filter(({ class: name }) => name === 'fifo');
    const row = inventoryRows(256).find(({ group }) => group === 'fifo')!;
    // Queues of Fig. 9: eight words of activations a column; weights, results and signs of two words and sums of eight a row.
    expect(row.published_bits).toBe(8 * 8 * 16 + 256 * (2 * (4 + 16 + 1) + 8 * 16));
    expect(queues.every(({ group }) => group === 'fifo')).toBe(true);
    expect(row.bits).toBeLessThan(row.published_bits / 4);
  });
});
