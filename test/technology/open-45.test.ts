import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../src/machine/catalogue/catalogue.ts';
import { characterise } from '../../src/machine/catalogue/characterise.ts';
import { COMPOSITES } from '../../src/machine/catalogue/composites.ts';
import { designNamed, designNames } from '../../src/design/index.ts';
import { evaluatePoint } from '../../src/question/point.ts';
import { metrics } from '../../src/evaluate/metrics.ts';
import { open45Liberty } from '../../src/hardware/liberty/open-45.ts';
import { readLiberty } from '../../src/hardware/liberty/read.ts';
import { technologyNamed } from '../../src/technology/index.ts';
import { OPEN_45, OPEN_45_TABLE } from '../../src/technology/open-45.ts';
import { PUBLISHED_45 } from '../../src/technology/published-45.ts';
import { logicCost } from '../../src/technology/technology.ts';

const text = open45Liberty();
const cells = { text, library: readLiberty(text, 'open-45') };

describe('the stored costs are what synthesis gives', () => {
  // Buffers that synthesis may add to strong nets hardly touch these: all are small.
  it.each(['int_to_bf16', 'vlp_round', 'exp_select'])('%s', async (name) => {
    const entry = CATALOGUE.find((candidate) => candidate.class === name)!;
    const stored = OPEN_45_TABLE.logic.find((part) => part.class === name && part.reference)!;
    const again = await characterise(entry.make(entry.reference), entry.drives, cells);
    for (const key of ['area_mm2', 'leakage_mW', 'energy_nJ', 'period_ns'] as const) {
      expect(Math.abs(again[key] / stored[key] - 1), key).toBeLessThan(0.05);
    }
    expect(again.flops).toBe(stored.flops);
  });
});

it('every class of the published table has a price, with its source', () => {
  for (const [name, row] of Object.entries(PUBLISHED_45.logic)) {
    const own = OPEN_45.logic[name];
    expect(own?.reference, name).toEqual(row.reference);
    expect(own?.source).toMatch(/^own synthesis: \w+, \d+ cells of mugi_open_45, /);
    expect(Math.min(own!.energy_nJ, own!.leakage_mW, own!.area_mm2), name).toBeGreaterThan(0);
  }
  expect(OPEN_45.srams).toBe(PUBLISHED_45.srams);
});

it('the table holds what the catalogue and the composites list, no more', () => {
  const listed = CATALOGUE.flatMap(({ class: name, reference, sizes = [] }) =>
    [reference, ...sizes].map((at) => `${name} ${JSON.stringify(at)}`),
  );
  expect(OPEN_45_TABLE.logic.map((part) => `${part.class} ${JSON.stringify(part.at)}`)).toEqual(listed);
  expect(OPEN_45_TABLE.composites.map(({ name }) => name)).toEqual(COMPOSITES.map(({ name }) => name));
});

it('queues, adders, comparators and counters of built-in designs are priced at their own size', () => {
  const measured = new Set(OPEN_45_TABLE.logic.map((part) => `${part.class} ${JSON.stringify(part.at)}`));
  for (const name of designNames()) {
    for (const { class: kind, attributes } of designNamed(name).components) {
      if (!['fifo', 'adder', 'comparator', 'counter'].includes(kind)) continue;
      expect(measured, name).toContain(`${kind} ${JSON.stringify(attributes)}`);
    }
  }
});

it('a size of its own wins over scaling, and other sizes scale', () => {
  const eight = OPEN_45_TABLE.logic.find((part) => part.class === 'adder' && part.at.width === 8)!;
  expect(logicCost(OPEN_45, 'adder', { width: 8 }).area).toBe(eight.area_mm2);
  const whole = logicCost(OPEN_45, 'adder', { width: 32 });
  expect(logicCost(OPEN_45, 'adder', { width: 64 }).area).toBeCloseTo(2 * whole.area, 12);
});

it('names of technologies', () => {
  expect(technologyNamed('open-45')).toBe(OPEN_45);
  expect(technologyNamed('published-45')).toBe(PUBLISHED_45);
  expect(technologyNamed('published')).toBe(PUBLISHED_45);
  expect(() => technologyNamed('open-54')).toThrow(/open-54/);
});

it('every built-in design has a price in it, and time does not depend on the technology', () => {
  for (const design of designNames()) {
    const [own, published] = [OPEN_45, PUBLISHED_45].map((technology) =>
      metrics(evaluatePoint({ design, model: 'llama-2-7b', technology, preset: 'as-published' })),
    );
    expect(own!.time_s, design).toBe(published!.time_s);
    expect(own!.area_mm2 / published!.area_mm2, design).toBeGreaterThan(0.5);
    expect(own!.area_mm2 / published!.area_mm2, design).toBeLessThan(2);
  }
});

it('integer FIGNA cells are smaller than BF16 ones, and stay away where they have no price', () => {
  const area = (design: string, technology: typeof OPEN_45): number =>
    metrics(evaluatePoint({ design, model: 'llama-2-7b', technology })).area_mm2;
  expect(area('sa-f-16', OPEN_45)).toBeLessThan(area('sa-16', OPEN_45));
  expect(area('sa-f-16', PUBLISHED_45)).toBeGreaterThan(area('sa-16', PUBLISHED_45));
});
