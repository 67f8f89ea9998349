import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { EVENTS_PAGE, eventEnergies, withEventTables } from '../../../scripts/event-tables.ts';

it('energy by events equals that on the gates of whole nodes', async () => {
  const measured = await eventEnergies();
  for (const { rows, units, wiring } of measured.beside) {
    const sum = (key: 'events' | 'gates'): number => units.reduce((total, unit) => total + unit[key], 0);
    const [events, gates] = [sum('events'), sum('gates')];
    expect(Math.abs(events / gates - 1), `${rows} rows`).toBeLessThan(0.03);
    expect(Math.abs((events + wiring.events) / (gates + wiring.gates) - 1), `${rows} rows`).toBeLessThan(
      0.03,
    );
  }
  const page = readFileSync(EVENTS_PAGE, 'utf8');
  expect(withEventTables(page, measured)).toBe(page);
}, 300_000);
