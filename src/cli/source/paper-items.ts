import { MugiError, unknownName } from '../../errors.ts';
import type { PaperEntry } from '../../paper/pure.ts';
import { ANALYTIC_ITEMS, PAPER_ITEMS } from '../../paper/index.ts';
import { technologyNamed } from '../../technology/index.ts';
import { PUBLISHED_45 } from '../../technology/published-45.ts';
import type { Technology } from '../../technology/technology.ts';

/** The items that a name stands for: one, or `all` that run no model. */
export function paperItems(wanted: string): PaperEntry[] {
  if (wanted === 'all') return [...ANALYTIC_ITEMS];
  const entry = PAPER_ITEMS.find(({ name }) => name === wanted.toLowerCase());
  if (entry !== undefined) return [entry];
  throw unknownName('item', wanted, [...PAPER_ITEMS.map(({ name }) => name), 'all']);
}

/** The paper's numbers rest on the published costs; only some items set others beside them. */
export function paperTechnology(name: string, entries: readonly PaperEntry[]): Technology {
  const technology = technologyNamed(name);
  const deaf = entries.find(({ technologies }) => technologies !== true);
  if (technology === PUBLISHED_45 || deaf === undefined) return technology;
  const able = PAPER_ITEMS.filter(({ technologies }) => technologies === true).map((entry) => entry.name);
  throw new MugiError({
    code: 'invalid-value',
    message: `${deaf.name} is about the published costs and takes no other technology`,
    path: 'technology',
    expected: `published, or the item ${able.join(', ')}; mugi compare and mugi evaluate take any`,
    received: name,
  });
}
