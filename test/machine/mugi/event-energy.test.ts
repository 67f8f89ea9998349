import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { EVENTS_PAGE, eventEnergies, withEventTables } from '../../../scripts/event-tables.ts';

it('energy of units by events equals that on the gates of whole nodes, and wiring is the rest', async () => {
  const measured = await eventEnergies();
  for (const { rows, units, wiring } of measured.beside) {
    const sum = (key: 'events' | 'gates'): number => units.reduce((total, unit) => total + unit[key], 0);
    expect(Math.abs(sum('events') / sum('gates') - 1), `${rows} rows`).toBeLessThan(0.05);
    const short = 1 - sum('events') / (sum('gates') + wiring);
    expect(short, `${rows} rows`).toBeGreaterThan(0);
    expect(short, `${rows} rows`).toBeLessThan(0.08);
  }
  const page = readFileSync(EVENTS_PAGE, 'utf8');
  expect(withEventTables(page, measured)).toBe(page);
}, 300_000);
