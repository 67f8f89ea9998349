import { describe, expect, it } from 'vitest';
import { taylorCutoff } from '../../src/approximation/taylor.ts';
import { goldenRows as golden } from '../golden.ts';

describe('baselines as published', () => {
  it('finds all 72 cut-offs of the Taylor walk, with and without its defect', () => {
    const rows = golden('vlp/taylor-cutoffs.csv');
    expect(rows.length).toBe(72);
    for (const row of rows) {
      const [centre, degree] = [Number(row.centre), Number(row.degree)];
      expect({ centre, degree, cutoff: taylorCutoff(centre, degree) }).toEqual({
        centre,
        degree,
        cutoff: Number(row.cutoff_as_implemented),
      });
      expect(taylorCutoff(centre, degree, true)).toBe(Number(row.cutoff_if_state_were_reset));
    }
  });
});
