import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GATES_PAGES, leftOut, withGatesTables } from '../../scripts/gates-tables.ts';
import { designNamed, designNames, FAMILIES } from '../../src/design/index.ts';
import { metrics } from '../../src/evaluate/metrics.ts';
import { sourceRatios, sourcesNote } from '../../src/evaluate/source-ratios.ts';
import { modelEnergyPerMac, priceDesign } from '../../src/evaluate/whole-machines.ts';
import { CLOCK, POLICY } from '../../src/hardware/synthesis/policy.ts';
import { open45Liberty } from '../../src/hardware/liberty/open-45.ts';
import { machineNamed } from '../../src/machine/whole/machines.ts';
import { MEASURED_BATCHES, MEASURED_MACHINES } from '../../src/machine/whole/measured-machines.ts';
import { evaluatePoint } from '../../src/question/point.ts';
import { GATES, GATES_TABLE } from '../../src/technology/gates.ts';
import { technologyNamed } from '../../src/technology/index.ts';
import { OPEN_45 } from '../../src/technology/open-45.ts';
import { WHOLE_BATCH } from '../../src/technology/whole-machine.ts';
import { createHash } from 'node:crypto';
import { totalsOf } from './totals.ts';

const ALONE = { rows: 1, columns: 1 };

const logicOf = (name: string) => {
  const priced = priceDesign(designNamed(name), GATES);
  const logic = priced.components.filter(({ group }) => group !== 'sram');
  return { priced, area: logic.reduce((sum, { area }) => sum + area, 0) };
};

describe('the table', () => {
  it('was made with the present library and the policy that all designs share', () => {
    expect(GATES_TABLE.library_sha256).toBe(createHash('sha256').update(open45Liberty()).digest('hex'));
    expect(GATES_TABLE.policy).toEqual(POLICY);
  });

  it('holds the machines that its command measures, and every kind that a built-in design has', () => {
    expect(GATES_TABLE.machines.map(({ machine }) => machine)).toEqual(MEASURED_MACHINES);
    for (const { machine, macs, per_mac, frequency_MHz } of GATES_TABLE.machines) {
      if (!machine.startsWith('mugi-')) expect(machineNamed(machine).macs, machine).toBe(macs);
      expect(frequency_MHz, machine).toBeGreaterThan(CLOCK.MHz);
      for (const { total, timed_total, estimated_total } of per_mac) {
        expect(total, machine).toBeGreaterThan(0.3);
        expect(timed_total / total, machine).toBeGreaterThan(1.1);
        expect(estimated_total, machine).toBeGreaterThan(timed_total);
      }
    }
    for (const name of designNames()) expect(priceDesign(designNamed(name), GATES).whole, name).toBeDefined();
  });
});

describe('a row', () => {
  /** Half of the last place of a number of six digits: as far as it may be from what was rounded. */
  const half = (value: number): number => 10 ** (Math.floor(Math.log10(value)) - 5) / 2;
  const relative = (value: number): number => half(value) / value;
  const rows = new Map(GATES_TABLE.machines.map((row) => [row.machine, row]));

  it.each(MEASURED_MACHINES)(
    '%s: totals are the sums of their parts, and glitches the share of batch 8',
    (name) => {
      const { per_mac } = rows.get(name)!;
      expect(per_mac.map(({ batch }) => batch)).toEqual(MEASURED_BATCHES);
      const full = per_mac.find(({ batch }) => batch === WHOLE_BATCH)!;
      for (const row of per_mac) {
        const { total, glitches } = row;
        for (const [parts, stated] of totalsOf(row)) {
          const sum = parts.reduce((all, part) => all + part, 0);
          const rounding = parts.reduce((all, part) => all + half(part), half(stated));
          expect(Math.abs(sum - stated)).toBeLessThan(rounding + 1e-12);
        }
        const share = (total * full.glitches) / full.total;
        const rounding = [total, full.glitches, full.total, glitches].reduce(
          (all, x) => all + relative(x),
          0,
        );
        expect(Math.abs(share / glitches - 1)).toBeLessThan(rounding + 1e-9);
      }
    },
  );
});

it('a machine is the sum of its units', () => {
  for (const { machine, area_mm2, leakage_mW, per_mac, units } of GATES_TABLE.machines) {
    const sum = (value: (unit: (typeof units)[number]) => number): number =>
      units.reduce((total, unit) => total + value(unit), 0);
    expect(sum(({ area_um2 }) => area_um2) / 1e6 / area_mm2, machine).toBeCloseTo(1, 4);
    expect(sum(({ leakage_uW }) => leakage_uW) / 1e3 / leakage_mW, machine).toBeCloseTo(1, 4);
    for (const { batch, total } of per_mac)
      expect(sum(({ pJ_per_mac }) => pJ_per_mac[batch]!) / total, machine).toBeCloseTo(1, 4);
  }
});

describe('--technology gates', () => {
  it('gives a machine that was measured its own area and energy', () => {
    expect(technologyNamed('gates')).toBe(GATES);
    for (const { machine, area_mm2, per_mac } of GATES_TABLE.machines) {
      const { priced, area } = logicOf(machine);
      const { estimated_total } = per_mac.find(({ batch }) => batch === WHOLE_BATCH)!;
      expect(area / area_mm2, machine).toBeCloseTo(1, 9);
      expect(modelEnergyPerMac(priced, WHOLE_BATCH) / estimated_total, machine).toBeCloseTo(1, 9);
    }
  });

  it('predicts sizes that it leaves out, by the units that a machine is composed of', () => {
    const checked = leftOut();
    expect(checked.map(({ machine }) => machine)).toEqual(MEASURED_MACHINES);
    for (const { machine, area, leakage, energy } of checked) {
      expect(Math.abs(area - 1), machine).toBeLessThan(0.025);
      expect(Math.abs(leakage - 1), machine).toBeLessThan(0.035);
      for (const ratio of energy.values()) expect(Math.abs(ratio - 1), machine).toBeLessThan(0.22);
    }
    const far = checked.filter(({ energy }) => Math.abs(energy.get(WHOLE_BATCH)! - 1) > 0.105);
    expect(far.map(({ machine }) => machine)).toEqual(['sd-8', 'pick-8']);
  });

  it('composes any size of any kind', () => {
    for (const { pattern, sizes, rectangle, build } of FAMILIES) {
      for (const size of sizes) {
        const designs = [build(size, ALONE)];
        if (rectangle !== undefined)
          designs.push(
            rectangle({ columns: size, rows: 3 * size }, ALONE),
            rectangle({ columns: 8, rows: size + 5 }, ALONE),
          );
        for (const design of designs) {
          const { area, leakage, energy, cycle } = priceDesign(design, GATES).whole!;
          for (const factor of [area, leakage, energy]) {
            expect(factor, `${pattern} ${design.name}`).toBeGreaterThan(0.2);
            expect(factor, `${pattern} ${design.name}`).toBeLessThan(2);
          }
          expect(cycle).toBeGreaterThanOrEqual(0);
        }
      }
    }
  });

  it('changes no time, and says what stands for what', () => {
    for (const design of ['mugi-128', 'sa-16-os', 'sd-f-16', 'tensor']) {
      const [own, parts] = [GATES, OPEN_45].map((technology) =>
        evaluatePoint({ design, model: 'llama-2-7b', technology }),
      );
      expect(metrics(own!).time_s).toBe(metrics(parts!).time_s);
      expect(own!.priced.whole!.source).toMatch(/on gates/);
    }
    expect(logicOf('tensor').priced.whole!.source).toContain('stands for it');
  });

  it('stands beside the other sources in a comparison', () => {
    const evaluation = evaluatePoint({ design: 'mugi-256', model: 'llama-2-7b' });
    const [parts, gates] = sourceRatios(evaluation);
    expect([parts!.technology, gates!.technology]).toEqual(['open-45', 'gates']);
    const other = metrics(evaluatePoint({ design: 'mugi-256', model: 'llama-2-7b', technology: GATES }));
    expect(gates!.tokens_per_J).toBeCloseTo(other.tokens_per_J / metrics(evaluation).tokens_per_J, 12);
    expect(sourcesNote([evaluation])).toContain(`gates ${gates!.tokens_per_J.toFixed(2)}`);
  });
});

it.each(GATES_PAGES.map((page) => [page.pathname.split('/').pop(), page] as const))(
  '%s shows it',
  (_, page) => {
    const text = readFileSync(page, 'utf8');
    expect(withGatesTables(text)).toBe(text);
  },
);
