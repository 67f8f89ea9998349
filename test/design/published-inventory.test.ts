import { describe, expect, it } from 'vitest';
import { designNames } from '../../src/design/index.ts';
import { pricedDesign } from '../../src/question/point.ts';
import { preset } from '../../src/published/preset.ts';
import { PUBLISHED_45 } from '../../src/technology/published-45.ts';
import { goldenRows } from '../golden.ts';

type Row = Record<string, string>;
function groupBy(rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}

const inventory = groupBy(goldenRows('archx/component-inventory.csv'), ({ design }) => design!);
const totals = goldenRows('archx/onchip-totals.csv');
const close = (value: number, expected: string | undefined, what: string): void => {
  const golden = Number(expected);
  expect(Math.abs(value - golden), `${what}: ${value} for ${golden}`).toBeLessThanOrEqual(
    1e-9 * Math.abs(golden),
  );
};
const published = (name: string) => pricedDesign(name, preset('as-published'), PUBLISHED_45);
/** Our names of the artifact's memories and routers; three routers are one line of ours. */
const OURS: Record<string, string> = {
  isram: 'input_sram',
  wsram: 'weight_sram',
  osram: 'output_sram',
  irouter: 'router',
  wrouter: 'router',
  orouter: 'router',
};

it('the inventory holds the 70 designs of the artifact, and each is built in', () => {
  expect(inventory.size).toBe(70);
  expect(totals).toHaveLength(70);
  const builtIn = designNames();
  for (const name of inventory.keys()) expect(builtIn).toContain(name.split('@')[0]);
});

describe.each([...inventory])('%s', (name, rows) => {
  const { components, srams } = published(name);

  it('counts, energies, leakage and area of every component, to 1e-9', () => {
    const golden = groupBy(
      rows.filter(({ count_total }) => Number(count_total) > 0),
      ({ module }) => OURS[module!] ?? module!,
    );
    expect(components.map((part) => part.name).toSorted()).toEqual([...golden.keys()].toSorted());
    for (const part of components) {
      const group = golden.get(part.name)!;
      const sum = (key: string): string => String(group.reduce((s, row) => s + Number(row[key]), 0));
      expect(part.class, part.name).toBe(group[0].class);
      close(part.count, sum('count_total'), `${part.name} count`);
      close(part.energy, group[0].energy_nJ, `${part.name} energy`);
      close(part.leakage, sum('leakage_mW_total'), `${part.name} leakage`);
      close(part.area, sum('area_mm2_total'), `${part.name} area`);
    }
    for (const memory of ['input', 'weight', 'output'] as const)
      close(srams[memory].write_nJ, golden.get(`${memory}_sram`)![0].energy_write_nJ, `${memory} write`);
  });

  it('on-chip area and leakage, and the split into array, SRAM and routers', () => {
    const golden = totals.find(({ design }) => design === name)!;
    const { area, leakage } = published(name);
    const areaOf = (test: (group: string) => boolean): number =>
      components.reduce((sum, part) => sum + (test(part.group) ? part.area : 0), 0);
    close(area, golden.area_mm2, 'area');
    close(leakage * 1e-3, golden.leakage_W, 'leakage');
    close(
      areaOf((group) => group !== 'sram' && group !== 'router'),
      golden.array_area_mm2,
      'array area',
    );
    close(
      areaOf((group) => group === 'sram'),
      golden.sram_area_mm2,
      'SRAM area',
    );
    close(
      areaOf((group) => group === 'router'),
      golden.router_area_mm2,
      'router area',
    );
  });
});
