import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMPOSITES } from '../../src/machine/catalogue/composites.ts';
import { metrics } from '../../src/evaluate/metrics.ts';
import { evaluatePoint } from '../../src/question/point.ts';
import type { PresetName } from '../../src/published/preset.ts';
import { OPEN_45, OPEN_45_TABLE } from '../../src/technology/open-45.ts';
import { PUBLISHED_45 } from '../../src/technology/published-45.ts';
import { logicCost, type Technology } from '../../src/technology/technology.ts';

const page = readFileSync(new URL('../../docs/technologies.md', import.meta.url), 'utf8');

/** Cells of the table rows that begin with a name in backquotes. */
const rows = new Map(
  [...page.matchAll(/^\| `(\w+)`[^|]*\|(.*)\|$/gm)].map(([, name = '', rest = '']) => [
    name,
    rest.split('|').map((cell) => cell.trim()),
  ]),
);

describe('docs/technologies.md', () => {
  it('prints each class as the two tables have it', () => {
    for (const [name, base] of Object.entries(PUBLISHED_45.logic)) {
      const own = OPEN_45.logic[name];
      expect(rows.get(name), name).toEqual([
        (own.area_mm2 * 1e6).toFixed(1),
        (own.area_mm2 / base.area_mm2).toFixed(2),
        base.leakage_mW > 0 ? (own.leakage_mW / base.leakage_mW).toFixed(2) : '–',
        (own.energy_nJ * 1e3).toPrecision(3),
        (own.energy_nJ / base.energy_nJ).toFixed(2),
      ]);
    }
  });

  it('prints each whole datapath over the sum of its parts', () => {
    for (const { name, parts } of COMPOSITES) {
      const whole = OPEN_45_TABLE.composites.find((composite) => composite.name === name)!;
      const sum = (technology: Technology, key: 'area' | 'energy'): number =>
        parts.reduce((all, [part, at, count]) => all + count * logicCost(technology, part, at)[key], 0);
      const over = (value: number, key: 'area' | 'energy'): string[] =>
        [OPEN_45, PUBLISHED_45].map((technology) =>
          parts.every(([part]) => Object.hasOwn(technology.logic, part))
            ? (value / sum(technology, key)).toFixed(2)
            : '–',
        );
      expect(rows.get(name), name).toEqual([
        (whole.area_mm2 * 1e6).toFixed(0),
        ...over(whole.area_mm2, 'area'),
        (whole.energy_nJ * 1e3).toFixed(2),
        ...over(whole.energy_nJ, 'energy'),
        whole.period_ns.toFixed(2),
      ]);
      // Parts and wholes are independent routes to one number.
      expect(whole.area_mm2 / sum(OPEN_45, 'area')).toBeGreaterThan(0.85);
      expect(whole.area_mm2 / sum(OPEN_45, 'area')).toBeLessThan(1.2);
    }
  });

  it('prints the headline ratios of both', () => {
    const of = (design: string, technology: Technology, preset: PresetName) =>
      metrics(evaluatePoint({ design, model: 'llama-2-70b', technology, preset }));
    for (const design of ['mugi-256', 'mugi-128', 'carat-256']) {
      const cells = [PUBLISHED_45, OPEN_45].map((technology) => {
        const [own, base] = [design, 'sa-16'].map((name) => of(name, technology, 'as-published'));
        return (['tokens_per_s', 'tokens_per_J', 'area_mm2'] as const)
          .map((metric) => (own![metric] / base![metric]).toFixed(2))
          .join(', ');
      });
      expect(page).toContain(`| ${design}: throughput, tokens per joule, area | ${cells.join(' | ')} |`);
    }
    for (const design of ['mugi-256', 'sa-16-os', 'sd-f-16']) {
      const cells = [PUBLISHED_45, OPEN_45].map((technology) =>
        of(design, technology, 'corrected').tokens_per_J.toFixed(2),
      );
      expect(page).toContain(`| corrected, tokens per joule: ${design} | ${cells.join(' | ')} |`);
    }
  });
});
