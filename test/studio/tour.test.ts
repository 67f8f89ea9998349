import { describe, expect, it } from 'vitest';
import { kindOf } from '../../src/machine/mugi/view/film.ts';
import { momentsAt } from '../../src/machine/mugi/view/moment.ts';
import { filmed } from '../../src/simulate/filmed.ts';
import { shownOf } from '../../web/view/node/asked.ts';
import { TOUR } from '../../web/view/node/tour.ts';

/** What is to be seen in the cell of each step: moments, and the frame in the out stage where it matters. */
const SEEN: readonly { kinds: string[]; out?: string }[] = [
  { kinds: ['pick'] },
  { kinds: ['pick'] },
  { kinds: ['pick'] },
  { kinds: ['pick'] },
  { kinds: ['pick', 'pick', 'sum'] },
  { kinds: ['sum'] },
  { kinds: [], out: 'drain' },
  { kinds: ['pick'] },
  { kinds: ['result'] },
  { kinds: ['pick'] },
];

describe('the tour of the node', () => {
  it('has a cell for each step', () => {
    expect(TOUR.length).toBe(SEEN.length);
  });

  it.each(TOUR.map((step, i) => ({ ...step, ...SEEN[i] })))('shows what it tells: $title', (step) => {
    const { film } = filmed(shownOf(step.words).asked);
    const [cycle, row] = [Number(step.words.cycle), Number(step.words.row)];
    expect(momentsAt(film, cycle, row).map(({ kind }) => kind)).toEqual(step.kinds);
    if (step.out !== undefined) expect(kindOf(film.words[(cycle >>> 3) - 3])).toBe(step.out);
  });

  it('explains times, products and columns that are so', () => {
    const [, time, , right, two] = TOUR.map(({ words }) =>
      momentsAt(filmed(shownOf(words).asked).film, Number(words.cycle), Number(words.row)),
    );
    expect(time[0]).toMatchObject({ kind: 'pick', column: 0, magnitude: 2, cycle: 18 });
    expect(right[0]).toMatchObject({ column: 3, spiked: 19 });
    expect(two[0].frame).not.toBe(two[1].frame);
  });
});
